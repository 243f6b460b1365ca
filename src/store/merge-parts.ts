import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { abortSignal, flag, maybe, orElse, readOptions, strict, type OptionEntries } from '../schema.js';
import { invalid, messageOf, missing } from '../errors.js';
import { firstOf } from '../lookups.js';
import { outFolder } from './execute-run.js';
import { claimFolder } from './folder/claim-folder.js';
import { connect } from './rows/database.js';
import { requireRows } from './rows/done-tasks.js';
import { joinRows } from './rows/join-rows.js';
import {
  countOf,
  machine,
  manifestOf,
  readRunManifest,
  specOf,
  writeManifest,
  type RunManifest,
  type RunState,
} from './manifest.js';
import { writeTables, type RecordedRun } from './record-run.js';
import { requireTable, wholePath } from './rows/row-files.js';
import type { RunKind } from './run-kind.js';
import { requireSameOrigin } from './same-run.js';
import { formatShard, readShard } from './shard.js';

/** A run to be merged. */
interface MergePart {
  readonly folder: string;
  readonly manifest: RunManifest;
}

export interface MergeOptions {
  /** The folder of the whole run. */
  readonly out: string;
  /**
   * Replace an existing run.
   * @default false
   */
  readonly overwrite?: boolean | undefined;
  /** Stops the merge: its signal's reason is thrown, and the run's state is `stopped`. */
  readonly signal?: AbortSignal | undefined;
}

const mergeOptions = strict({
  out: outFolder,
  overwrite: orElse(flag, false),
  signal: maybe(abortSignal),
} satisfies OptionEntries<MergeOptions>);

/**
 * Joins the parts of a run, measured by `executeRun` with `shard`, to one run in a new folder. Its rows and summary are
 * those of a run that measured all tasks. The parts are not changed.
 *
 * @param folders of complete runs, in any order
 * @throws RangeError if a folder holds no complete run, the runs have different specifications or circumstances that
 * could change rows, a part is missing or given twice, a table lacks rows of its part, or the folder is not available
 */
export async function mergeParts<Spec, Row, Summary extends object>(
  kind: RunKind<Spec, unknown, Row, Summary>,
  folders: readonly string[],
  options: MergeOptions,
): Promise<RecordedRun<Summary>> {
  const { out, signal, overwrite } = readOptions(mergeOptions, options);
  const parts = await readParts(kind, folders);
  const [first] = parts as [MergePart];
  await refuseOwnParts(out, folders);
  const claim = await claimFolder(out, kind, overwrite);
  try {
    const spec = specOf(kind, first.manifest);
    for (const { folder, manifest } of parts) {
      await requireTable(kind, folder, 'rows.parquet');
      await requireRows(kind, wholePath(folder), spec, readShard(manifest.shard, kind.tasks(spec)));
      signal?.throwIfAborted();
    }
    await claim.begin();
    const manifests = parts.map(({ manifest }) => manifest);
    const total = sum(manifests.map((manifest) => countOf(kind, manifest).total));
    const manifest = (state: RunState, rest: Partial<RunManifest> = {}) =>
      manifestOf(kind, {
        ...first.manifest,
        ...{ spec, state, shard: null, count: { done: state === 'complete' ? total : 0, total } },
        workers: sum(manifests.map(({ workers }) => workers)),
        from: null,
        merged: parts.map(({ folder, manifest: { shard, workers, machine, times } }) => ({
          folder: resolve(folder),
          ...{ shard, workers, machine, times },
        })),
        machine: machine(),
        times: {
          started: firstOf(manifests.map(({ times }) => times.started).sort()),
          finished: state === 'complete' ? new Date().toISOString() : null,
          seconds: sum(manifests.map(({ times }) => times.seconds)),
          resumed: sum(manifests.map(({ times }) => times.resumed)),
        },
        error: null,
        ...rest,
      });
    return await write(kind, out, manifest, parts, signal);
  } finally {
    await claim.release();
  }
}

/** Writes the rows, the summary and last the manifest, in the order of a measuring run. */
async function write<Spec, Row, Summary extends object>(
  kind: RunKind<Spec, unknown, Row, Summary>,
  out: string,
  manifestIn: (state: RunState, rest?: Partial<RunManifest>) => RunManifest,
  parts: readonly MergePart[],
  signal: AbortSignal | undefined,
): Promise<RecordedRun<Summary>> {
  let sha256: RunManifest['sha256'] = {};
  const sealOf = (name: string) => async (sum: string) => {
    sha256 = { ...sha256, [name]: sum };
    await writeManifest(out, manifestIn('running', { sha256 }));
  };
  await writeManifest(out, manifestIn('running', { sha256 }));
  try {
    const connection = await connect({ spill: join(out, 'rows.spill') });
    const interrupt = () => connection.interrupt();
    signal?.addEventListener('abort', interrupt);
    try {
      const paths = parts.map(({ folder }) => wholePath(folder));
      await joinRows(connection, kind, paths, out, { seal: sealOf('rows.parquet') });
    } finally {
      signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
    signal?.throwIfAborted();
    const summary = await writeTables(kind, out, specOf(kind, manifestIn('running')), false, sealOf);
    const manifest = manifestIn('complete', { sha256 });
    await writeManifest(out, manifest);
    return { folder: out, manifest, summary };
  } catch (error) {
    const ended = signal?.aborted
      ? manifestIn('stopped', { sha256 })
      : manifestIn('failed', { sha256, error: messageOf(error) });
    await writeManifest(out, ended).catch(() => undefined);
    signal?.throwIfAborted();
    throw error;
  }
}

/** Returns the runs in the order of their parts, checked to be all the parts of one study. */
async function readParts<Spec>(kind: RunKind<Spec>, folders: readonly string[]): Promise<MergePart[]> {
  if (folders.length === 0) throw missing('runs', '', 'at least one folder of a run');
  const parts: (MergePart & { index: number })[] = [];
  let count = 1;
  for (const folder of folders) {
    const manifest = await readRunManifest(kind, folder);
    requireComplete(kind, folder, manifest);
    const origin = (of: RunManifest) => ({ ...of, spec: specOf(kind, of) });
    const [first] = parts;
    if (first)
      requireSameOrigin(origin(manifest), origin(first.manifest), () => `that of ${first.folder}`, folder);
    const shard = readShard(manifest.shard, kind.tasks(specOf(kind, manifest))) ?? { index: 1, count: 1 };
    if (!first) count = shard.count;
    if (shard.count !== count) {
      const given = `${formatShard(shard)} of ${folder}`;
      const whole = `none beside ${first?.folder}, which is a complete run`;
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

function requireComplete(kind: RunKind, folder: string, manifest: RunManifest): void {
  const { state, from } = manifest;
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
    const now = state === 'running' ? 'running or was interrupted' : state;
    const { done, total } = countOf(kind, manifest);
    const allowed = `a complete run; this one is ${now}, with ${done} of ${total} ${kind.unit}s`;
    throw invalid('run', folder, `${allowed}: --resume completes it`);
  }
}

/** Refuses to replace a part by the merged run. */
async function refuseOwnParts(out: string, folders: readonly string[]): Promise<void> {
  const paths = await Promise.all(folders.map((folder) => realpath(folder)));
  const own = await realpath(out).catch(() => undefined);
  if (own !== undefined && paths.includes(own))
    throw invalid('output folder', out, 'a folder other than those of the parts');
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
