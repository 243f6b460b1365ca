import { readFile } from 'node:fs/promises';
import { missing } from '../errors.js';
import { reasonOf } from './reason.js';

/**
 * Returns the bytes of a file given by the user.
 * @param thing name of the file's role, for the message: `study file`, `inputs`
 * @throws RangeError that names the thing, the path and the reason
 */
export async function readNamed(thing: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw Object.assign(missing(thing, path, reasonOf(cause)), { cause });
  }
}
