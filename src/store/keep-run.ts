import { join } from 'node:path';
import { messageOf } from '../errors.js';
import { writeSealed } from './csv-table.js';
import { claimFolder } from './folder/claim-folder.js';
import {
  machine,
  manifestOf,
  versions,
  writeManifest,
  type Count,
  type RunManifest,
  type RunState,
} from './manifest.js';
import type { FolderKind } from './run-kind.js';

/** The folder of a run and what it may replace. */
export interface RunPlace {
  readonly folder: string;
  /** Replace an existing run of the same kind. */
  readonly overwrite: boolean;
}

/** The facts about a run, needed once there is something to write. */
export interface KeptRun<Spec> {
  readonly spec: Spec;
  readonly count: Count;
  readonly backend: RunManifest['backend'];
}

/** Writes a table of the run, after its checksum is in the manifest. */
export type WriteTable = (name: string, content: string) => Promise<void>;

/**
 * Executes a run that keeps files instead of rows, in a folder claimed before it begins. An earlier run there is
 * replaced only when the work calls `begin`, once there is something to write.
 *
 * @param place without one the work is done and nothing is kept
 * @param work returns the state that `run.json` has at the end; where it throws, that is `failed` with the reason
 * @throws RangeError if the folder cannot be had, see `claimFolder`, before anything is done
 */
export async function keepRun<Spec>(
  kind: FolderKind<Spec>,
  place: RunPlace | undefined,
  work: (begin: (run: KeptRun<Spec>) => Promise<WriteTable>) => Promise<RunState>,
): Promise<void> {
  if (place === undefined) {
    await work(() => Promise.resolve(() => Promise.resolve()));
    return;
  }
  const { folder } = place;
  const started = new Date();
  const claim = await claimFolder(folder, kind, place.overwrite);
  let run: KeptRun<Spec> | undefined;
  let sha256: RunManifest['sha256'] = {};
  const write = async (state: RunState, error: string | null = null) => {
    if (!run) return;
    const manifest = manifestOf(kind, {
      ...{ ...run, state, shard: null, engine: null, workers: 0, files: {}, from: null, merged: null },
      ...{ versions: versions(), sha256, machine: machine() },
      times: timesSince(started, state === 'running' ? undefined : new Date()),
      error,
    });
    await writeManifest(folder, manifest);
  };
  try {
    const state = await work(async (known) => {
      await claim.begin();
      run = known;
      await write('running');
      return async (name, content) => {
        await writeSealed(join(folder, name), content, async (sum) => {
          sha256 = { ...sha256, [name]: sum };
          await write('running');
        });
      };
    });
    await write(state);
  } catch (error) {
    await write('failed', messageOf(error)).catch(() => undefined); // the first error is reported
    throw error;
  } finally {
    await claim.release();
  }
}

function timesSince(started: Date, finished?: Date): RunManifest['times'] {
  const seconds = ((finished ?? new Date()).getTime() - started.getTime()) / 1000;
  return { started: started.toISOString(), finished: finished?.toISOString() ?? null, seconds, resumed: 0 };
}
