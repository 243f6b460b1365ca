import { readFile } from 'node:fs/promises';
import { missing } from '../errors.js';
import { reasonOf } from './reason.js';

/**
 * Returns the bytes of a file that the user named.
 * @param thing what the file is, for the message: `study file`, `inputs`
 * @throws RangeError that names the thing, the path and why it cannot be read
 */
export async function readNamed(thing: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw Object.assign(missing(thing, path, reasonOf(cause)), { cause });
  }
}
