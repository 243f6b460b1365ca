import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { timestamp } from './timestamp.js';

/** Where runs go that are given no folder. */
export const RUNS = 'runs';

/** Returns a folder that is not there yet, named after the command and the time, for a run that is given none. */
export function newRunFolder(command: string): string {
  const folder = join(RUNS, `${command}-${timestamp()}`);
  for (let number = 1; ; number++) {
    const free = number === 1 ? folder : `${folder}-${number}`;
    if (!existsSync(free)) return free;
  }
}
