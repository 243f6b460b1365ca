import { randomUUID } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { invalid } from '../../errors.js';
import { makeFolder } from '../../files/make-folder.js';
import { readText } from '../../files/read-text.js';
import { reasonOf } from '../../files/reason.js';
import { runAround } from './run-around.js';

export interface ClaimFileOptions {
  /** Name of the file's kind, for messages. */
  readonly thing: string;
  /** Replace an existing file of the same kind. */
  readonly overwrite: boolean;
  /** Returns whether a text is one that the same command wrote. */
  readonly isOwn: (text: string) => boolean;
}

/**
 * Checks, before anything is computed, that a file can be written and replaces nothing but its own kind.
 * @throws RangeError if there is a file (unless `overwrite`, for one of the same kind) or a folder of that name, it lies
 * in the folder of a run, or it cannot be written
 */
export async function claimFile(path: string, { thing, overwrite, isOwn }: ClaimFileOptions): Promise<void> {
  const refuse = (allowed: string) => invalid('output file', path, allowed);
  try {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found && !found.isFile()) throw refuse('a new file; this is a folder or a device');
    if (found && !overwrite) throw refuse('a new file, or --overwrite; there is one of that name');
    if (found && !isOwn(await readText('output file', path).catch(() => ''))) {
      throw refuse(`a new file; there is one of that name, which is not a ${thing} and is not replaced`);
    }
    await makeFolder(dirname(path));
    const run = await runAround(dirname(path));
    if (run) throw refuse(`a file outside runs; ${run.folder} holds a run of kind ${run.kind}`);
    const probe = `${path}.${randomUUID().slice(0, 8)}.tmp`;
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw Object.assign(refuse(`a file that can be written; ${reasonOf(cause)}`), { cause });
  }
}
