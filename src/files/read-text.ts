import { constants } from 'node:buffer';
import { invalid } from '../errors.js';
import { readNamed } from './read-named.js';

/**
 * Returns the text of a file given by the user; see `decodeText`.
 * @param thing name of the file's role, for the message: `study file`, `inputs`
 * @throws RangeError that names the thing and the path if the file cannot be read or is not text
 */
export async function readText(thing: string, path: string): Promise<string> {
  return decodeText(await readNamed(thing, path), path);
}

/**
 * Returns the UTF-8 or UTF-16 text in the bytes of a file, without its byte-order mark. Redirection with `>` in Windows
 * PowerShell writes UTF-16. UTF-16 without a mark is recognised by the zero byte of its first character.
 * @param name the file, for the message
 * @throws RangeError with the name for another encoding (with the offset of the first invalid byte) or for text that is
 * too long
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.length > constants.MAX_STRING_LENGTH)
    throw invalid('text', `${name}, ${bytes.length} bytes`, `at most ${constants.MAX_STRING_LENGTH} bytes`);
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-32') throw invalid('text encoding', `${name}: UTF-32`, 'UTF-8 or UTF-16');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    const offset = invalidOffset(bytes, encoding);
    const found =
      offset < bytes.length
        ? `byte 0x${bytes[offset]!.toString(16).padStart(2, '0')} at offset ${offset}`
        : `it ends within a character, after ${offset} bytes`;
    const allowed = `${encoding.toUpperCase()}${encoding === 'utf-8' ? ' or UTF-16' : ''}`;
    throw Object.assign(invalid('text encoding', `${name}: ${found}`, allowed), { cause });
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32';

function encodingOf([a, b, c, d]: Uint8Array): Encoding {
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32';
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b) return 'utf-16be';
  return a && b === 0 ? 'utf-16le' : 'utf-8';
}

/** Returns the offset of the first invalid byte, or the length if the text ends within a character. */
function invalidOffset(bytes: Uint8Array, encoding: string): number {
  const fails = (length: number) => {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return false;
    } catch {
      return true;
    }
  };
  let [valid, invalid] = [0, bytes.length + 1];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (fails(middle)) invalid = middle;
    else valid = middle;
  }
  return valid;
}
