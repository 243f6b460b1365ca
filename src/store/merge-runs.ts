import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { invalid, messageOf, missing } from '../errors.js';
import { formatShard, readShard } from '../study/shard.js';
import { checkRunOptions } from './check-run-options.js';
import { claimFolder } from './folder/claim-folder.js';
import { connect } from './rows/database.js';
import { requireRows } from './rows/done-tasks.js';
import { joinRows } from './rows/join-rows.js';
import { machine, readManifest, writeManifest, type Manifest, type TableName } from './manifest.js';
import { writeRanks } from './rows/rank-file.js';
import type { Run } from './record-run.js';
import { requireTable, wholePath } from './rows/row-files.js';
import { studyRun } from './folder/run-kinds.js';
import { requireSameOrigin } from './same-run.js';
import { summariseRun } from './summarise-run.js';
import { writeSummary } from './summary-file.js';

/** A run to be merged. */
interface MergePart {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface MergeOptions {
  /** The folder of the whole run. */
  readonly out: string;
  /**
   * Whether a run that is there already is replaced.
   * @default false
   */
  readonly overwrite?: boolean;
  /** Stops the merge: its signal's reason is thrown, and the run's state is `stopped`. */
  readonly signal?: AbortSignal;
}

/**
 * Joins the parts of a study, as `runStudy` with `shard` measures them, to one run in a folder of its own: with the
 * rows and the summary of a run that measured all of it. The parts stay as they are.
 *
 * @param folders of complete runs, in any order
 * @throws RangeError if a folder holds no complete run, the runs are of different studies or their rows could
 * differ from one run's, a part is missing or there twice, a table has not the rows of its part, or the folder
 * cannot be had
 * @example
 * await mergeRuns(['runs/a', 'runs/b'], { out: 'runs/whole' });
 */
export async function mergeRuns(folders: readonly string[], options: MergeOptions): Promise<Run> {
  checkRunOptions(options, ['out', 'overwrite', 'signal']);
  const { out, signal } = options;
  const parts = await readParts(folders);
  const [first] = parts as [MergePart];
  await refuseOwnParts(out, folders);
  const claim = await claimFolder(out, studyRun, options.overwrite);
  try {
    for (const { folder, manifest } of parts) {
      await requireTable(folder, 'rows.parquet');
      await requireRows(wholePath(folder), manifest.study, readShard(manifest.shard, manifest.study));
      signal?.throwIfAborted();
    }
    await claim.begin();
    const { study, files, backend, engine, versions } = first.manifest;
    const manifests = parts.map(({ manifest }) => manifest);
    const total = sum(manifests.map(({ layers }) => layers.total));
    const manifest: Manifest = {
      format: 1,
      kind: 'study',
      state: 'running',
      study,
      shard: null,
      layers: { done: 0, total },
      backend,
      engine,
      workers: sum(manifests.map(({ workers }) => workers)),
      files,
      from: null,
      merged: parts.map(({ folder, manifest: { shard, workers, machine, times } }) => ({
        folder: resolve(folder),
        ...{ shard, workers, machine, times },
      })),
      versions,
      sha256: {},
      machine: machine(),
      times: {
        started: manifests.map(({ times }) => times.started).sort()[0]!,
        finished: null,
        seconds: sum(manifests.map(({ times }) => times.seconds)),
        resumed: sum(manifests.map(({ times }) => times.resumed)),
      },
      error: null,
    };
    return await write(out, manifest, parts, signal);
  } finally {
    await claim.release();
  }
}

/** Writes the rows, the summary and last the manifest, as a run does that measures. */
async function write(
  out: string,
  start: Manifest,
  parts: readonly MergePart[],
  signal: AbortSignal | undefined,
): Promise<Run> {
  let running = start;
  const sealOf = (name: TableName) => async (sum: string) => {
    running = { ...running, sha256: { ...running.sha256, [name]: sum } };
    await writeManifest(out, running);
  };
  await writeManifest(out, running);
  try {
    const connection = await connect({ spill: join(out, 'rows.spill') });
    const interrupt = () => connection.interrupt();
    signal?.addEventListener('abort', interrupt);
    try {
      await joinRows(
        connection,
        parts.map(({ folder }) => wholePath(folder)),
        out,
        { seal: sealOf('rows.parquet') },
      );
    } finally {
      signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
    signal?.throwIfAborted();
    const summary = await summariseRun(out, running.study);
    await writeSummary(out, summary, sealOf('summary.csv'));
    await writeRanks(out, sealOf('ranks.csv'));
    const { total } = running.layers;
    const times = { ...running.times, finished: new Date().toISOString() };
    const manifest: Manifest = { ...running, state: 'complete', layers: { done: total, total }, times };
    await writeManifest(out, manifest);
    return { folder: out, manifest, summary };
  } catch (error) {
    const ended: Pick<Manifest, 'state' | 'error'> = signal?.aborted
      ? { state: 'stopped', error: null }
      : { state: 'failed', error: messageOf(error) };
    await writeManifest(out, { ...running, ...ended }).catch(() => undefined);
    signal?.throwIfAborted();
    throw error;
  }
}

/** Returns the runs in the order of their parts, checked to be all the parts of one study. */
async function readParts(folders: readonly string[]): Promise<MergePart[]> {
  if (folders.length === 0) throw missing('runs', '', 'at least one folder of a run');
  const parts: (MergePart & { index: number })[] = [];
  let count = 1;
  for (const folder of folders) {
    const manifest = await readManifest(folder);
    requireComplete(folder, manifest);
    const [first] = parts;
    if (first) requireSameOrigin(manifest, first.manifest, () => `that of ${first.folder}`, folder);
    const shard = readShard(manifest.shard, manifest.study) ?? { index: 1, count: 1 };
    if (!first) count = shard.count;
    if (shard.count !== count) {
      const given = `${formatShard(shard)} of ${folder}`;
      const whole = `none beside ${first?.folder}, which is a whole run`;
      throw invalid(
        'shard',
        given,
        count === 1 ? whole : `I/${count}, as ${first?.folder} is ${first?.manifest.shard}`,
      );
    }
    const twin = parts.find(({ index }) => index === shard.index);
    if (twin) {
      const given = `${formatShard(shard)} of ${folder}`;
      throw invalid('shard', given, `each part once; ${twin.folder} is the same`);
    }
    parts.push({ folder, manifest, index: shard.index });
  }
  const all = Array.from({ length: count }, (_, i) => i + 1);
  const lacking = all.filter((index) => !parts.some((part) => part.index === index));
  if (lacking.length > 0) {
    throw missing(
      'shards',
      lacking.map((index) => `${index}/${count}`).join(', '),
      'give the folders of all parts',
    );
  }
  return parts.sort((a, b) => a.index - b.index);
}

function requireComplete(folder: string, { state, layers, from }: Manifest): void {
  if (from !== null) {
    throw invalid(
      'run',
      folder,
      `a measured run; this one was counted from ${from}: merge first, then --from`,
    );
  }
  if (state === 'complete' && !existsSync(wholePath(folder)))
    throw missing('rows', wholePath(folder), 'the run is complete, but its table is gone');
  if (state !== 'complete') {
    const now = state === 'running' ? 'running or was cut off' : state;
    const allowed = `a complete run; this one is ${now}, with ${layers.done} of ${layers.total} layers`;
    throw invalid('run', folder, `${allowed}: --resume completes it`);
  }
}

/** The parts are never removed to make room for what is merged from them. */
async function refuseOwnParts(out: string, folders: readonly string[]): Promise<void> {
  const paths = await Promise.all(folders.map((folder) => realpath(folder)));
  const own = await realpath(out).catch(() => undefined);
  if (own !== undefined && paths.includes(own))
    throw invalid('output folder', out, 'a folder that is none of the parts');
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
