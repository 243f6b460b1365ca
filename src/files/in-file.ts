import { messageOf, printable } from '../errors.js';

/** Returns the result of `read`; an error about a file's content then also names the file. */
export function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw Object.assign(new RangeError(`${messageOf(cause)} in ${printable(path)}`), { cause });
  }
}
