import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { timestamp } from './timestamp.js';

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
