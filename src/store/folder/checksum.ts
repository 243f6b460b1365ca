import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { invalid, missing } from '../../errors.js';
import { reasonOf } from '../../files/reason.js';

/**
 * Returns the SHA-256 of a file in hexadecimal; the file is read in pieces, whatever its size.
 * @throws RangeError that names the file and says why it cannot be read
 */
export async function fileChecksum(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  } catch (cause) {
    throw Object.assign(missing('file', path, reasonOf(cause)), { cause });
  }
  return hash.digest('hex');
}

/** Returns the SHA-256 of a file's content in hexadecimal. */
export function checksumOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Throws unless the file has its recorded checksum. Files of versions without checksums pass. @param remedy how to
 * replace a damaged file
 * @throws RangeError that names the damaged file
 */
export async function requireChecksum(
  path: string,
  expected: string | undefined,
  remedy: string,
): Promise<void> {
  if (expected !== undefined && (await fileChecksum(path)) !== expected)
    throw damagedFile(path, expected, remedy);
}

/** Returns the error for a file whose bytes have changed since it was written. */
export function damagedFile(path: string, expected: string, remedy: string): RangeError {
  return invalid(
    'file',
    path,
    `the bytes that were written, of SHA-256 ${expected}; this one is damaged: ${remedy}`,
  );
}
