import { join } from 'node:path';
import { messageOf } from '../errors.js';
import { claimFolder } from './folder/claim-folder.js';
import { writeDurably } from './folder/durable.js';
import { machine, versions, type Manifest, type RunState } from './manifest.js';
import type { RunKind } from './folder/run-kinds.js';

/** The manifest of a run that is not a study's, in its `run.json`. */
export interface RunRecord extends Pick<Manifest, 'format' | 'state' | 'versions' | 'machine' | 'error'> {
  /** The kind of run, see `run-kinds.ts`. */
  readonly kind: string;
  /** Everything that was asked for, resolved. */
  readonly settings: object;
  readonly times: Omit<Manifest['times'], 'resumed'>;
}

/** The folder of a run and what it may replace. */
export interface RunPlace {
  readonly folder: string;
  /** Whether a run of the same kind that is there is replaced. */
  readonly overwrite: boolean;
}

/**
 * Does the work of a run that is not a study's in a folder claimed before it begins. An earlier run there is replaced
 * only when the work calls `begin`, with its settings and once there is something to write.
 *
 * @param place without one the work is done and nothing is kept
 * @param work returns the state that `run.json` has at the end; where it throws, that is `failed` with the reason
 * @throws RangeError if the folder cannot be had, see `claimFolder`, before anything is done
 */
export async function keepRun(
  kind: RunKind,
  place: RunPlace | undefined,
  work: (begin: (settings: object) => Promise<void>) => Promise<RunState>,
): Promise<void> {
  if (place === undefined) {
    await work(() => Promise.resolve());
    return;
  }
  const started = new Date();
  const claim = await claimFolder(place.folder, kind, place.overwrite);
  let record: RunRecord | undefined;
  const write = (now: RunRecord) =>
    writeDurably(join(place.folder, 'run.json'), `${JSON.stringify(now, null, 2)}\n`);
  const end = async (state: RunState, error: string | null) => {
    if (record) await write({ ...record, state, times: timesSince(started, new Date()), error });
  };
  try {
    const state = await work(async (settings) => {
      await claim.begin();
      const about = { versions: versions(), machine: machine(), times: timesSince(started), error: null };
      record = { format: 1, kind: kind.name, state: 'running', settings, ...about };
      await write(record);
    });
    await end(state, null);
  } catch (error) {
    await end('failed', messageOf(error)).catch(() => undefined); // the first error is the one to tell
    throw error;
  } finally {
    await claim.release();
  }
}

function timesSince(started: Date, finished?: Date): RunRecord['times'] {
  const seconds = ((finished ?? new Date()).getTime() - started.getTime()) / 1000;
  return { started: started.toISOString(), finished: finished?.toISOString() ?? null, seconds };
}
