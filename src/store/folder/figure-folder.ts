import { existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { invalid } from '../../errors.js';
import { reasonOf } from '../../files/reason.js';
import { runAround } from './run-around.js';

/** The files that a drawing writes. */
const figureFiles = /^(curve|spectrum|phase|depth|latency|training|model|layer|compare)([-.].*)?$/;

/**
 * Checks that figures may be drawn into a folder. It may be new, empty, one of figures alone, or the run that is drawn.
 * @param own the run whose figures they are; undefined for figures of several
 * @throws RangeError if the folder holds anything else, or lies in a run
 */
export async function checkFigureFolder(folder: string, own?: string): Promise<void> {
  let existing = resolve(folder);
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const around = await runAround(existing);
  if (around && own !== undefined && around.folder === (await realpath(own))) return;
  if (around) throw occupied(folder, `${around.folder} holds a run of kind ${around.kind}`);
  if (existing !== resolve(folder)) return;
  const names = await readdir(folder).catch((cause: unknown) => {
    throw Object.assign(occupied(folder, reasonOf(cause)), { cause });
  });
  const foreign = names.find((name) => !figureFiles.test(name));
  if (foreign !== undefined) throw occupied(folder, `this one holds ${foreign}`);
}

function occupied(folder: string, reason: string): RangeError {
  return invalid('output folder', folder, `a new or empty folder, or one of figures alone; ${reason}`);
}
