import { statSync } from 'node:fs';

/** Whether the bytes can be read only once: those of standard input or of a pipe. */
export function readsOnce(path: string): boolean {
  return path === '-' || statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}
