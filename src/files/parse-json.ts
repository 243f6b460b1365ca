import { invalid, messageOf } from '../errors.js';
import { lastOf } from '../lookups.js';
import { duplicateKey } from './duplicate-key.js';
import { jsonMistake } from './json-mistake.js';
import { readText } from './read-text.js';

/**
 * Returns the JSON value in a file given by the user.
 * @throws RangeError as `readText` and `parseJson`
 */
export async function readJson(thing: string, path: string): Promise<unknown> {
  return parseJson(thing, path, await readText(thing, path));
}

/**
 * Returns the JSON value of a file's text.
 * @param thing name of the file's role, for the message: `study file`, `model`
 * @throws RangeError that names the thing, the path, line and column (from 1), and the JSON expected there; or the key
 * that an object has twice
 */
export function parseJson(thing: string, path: string, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const { offset, expected } = jsonMistake(text) ?? { offset: 0, expected: messageOf(cause) };
    const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
    const place = `line ${lines.length}, column ${lastOf(lines).length + 1}`;
    const allowed = `JSON; ${place}: expected ${expected}, found ${wordAt(text, offset)}`;
    throw Object.assign(invalid(thing, path, allowed), { cause });
  }
  const twice = duplicateKey(text);
  if (twice !== undefined)
    throw invalid(
      thing,
      path,
      `JSON whose objects have each key once; ${JSON.stringify(twice)} is there twice`,
    );
  return value;
}

/** Returns the word or character at an offset, for a message. */
function wordAt(text: string, offset: number): string {
  const [word] = /^([\w+.-]+|[^])/u.exec(text.slice(offset, offset + 20)) ?? [];
  if (word === undefined) return 'the end of the file';
  if (word === '\n' || word === '\r') return 'the end of the line';
  return /[\p{C}\p{Z}]/u.test(word) ? `character 0x${word.codePointAt(0)!.toString(16)}` : word;
}
