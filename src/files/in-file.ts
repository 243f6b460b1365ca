import { messageOf } from '../errors.js';

/** Returns what `read` returns; an error about the content of a file also names the file. */
export function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw Object.assign(new RangeError(`${messageOf(cause)} in ${path}`), { cause });
  }
}
