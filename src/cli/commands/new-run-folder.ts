import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The default parent folder of runs. */
export const RUNS = 'runs';

/** Returns the default folder of a new run, named after the command and the time. */
export function newRunFolder(command: string): string {
  const folder = join(RUNS, `${command}-${timestamp()}`);
  for (let number = 1; ; number++) {
    const free = number === 1 ? folder : `${folder}-${number}`;
    if (!existsSync(free)) return free;
  }
}

/** Returns the local time as `20260131-235959`, for the names of folders. */
export function timestamp(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}
