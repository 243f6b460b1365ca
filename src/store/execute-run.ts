import { existsSync } from 'node:fs';
import {
  abortSignal,
  any,
  callback,
  flag,
  maybe,
  numberThat,
  orElse,
  readOptions,
  strict,
  valueThat,
  type OptionEntries,
} from '../schema.js';
import { claimFolder, reclaimFolder } from './folder/claim-folder.js';
import { setDamagedAside } from './folder/set-aside.js';
import { versions, type RunManifest } from './manifest.js';
import { readSummaryOf } from './read-summary-of.js';
import { recordRun, type RecordedRun, type RecordOptions } from './record-run.js';
import { requireResumable } from './resume.js';
import { readDoneTasks } from './rows/done-tasks.js';
import { checkedSource, requireTable, wholePath } from './rows/row-files.js';
import type { RunKind } from './run-kind.js';
import { formatShard, placesOf, readShard, taskCount } from './shard.js';

export interface RunFolderOptions extends RecordOptions {
  /** The folder of the run. */
  readonly out: string;
  /**
   * Replace an existing run. It has no effect if `resume` finds a run to continue.
   * @default false
   */
  readonly overwrite?: boolean | undefined;
  /**
   * Whether an existing run in `out` is continued: only its missing tasks are measured. The rows are those of a run
   * that was never stopped.
   * @default false
   */
  readonly resume?: boolean | undefined;
  /** Measures part i of n, as `i/n`; merging joins the parts. */
  readonly shard?: string | undefined;
  /** No new task begins once it aborts; tasks in progress are finished and kept. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called with a message for each damaged file that a continued run finds; the tasks in it are measured again.
   * @default writes the message to standard error
   */
  readonly onDamage?: ((message: string) => void) | undefined;
}

export interface ExecuteRunOptions<Context> extends RunFolderOptions {
  /** Data that the run needs besides its specification. */
  readonly context: Context;
  /** @default none of them */
  readonly origin?: Partial<Pick<RunManifest, 'files' | 'backend' | 'engine' | 'workers'>> | undefined;
}

/** Reads the folder of a run. */
export const outFolder = valueThat<string>(
  (out) => typeof out === 'string' && out !== '',
  'the folder of the run',
);

/** The options of runs, by key. */
export const folderOptions = {
  out: outFolder,
  overwrite: orElse(flag, false),
  resume: orElse(flag, false),
  shard: maybe(any<string>()),
  partSeconds: maybe(numberThat((seconds) => seconds >= 0, 'a number >= 0')),
  onProgress: maybe(callback<NonNullable<RunFolderOptions['onProgress']>>()),
  onDamage: orElse(callback<NonNullable<RunFolderOptions['onDamage']>>(), console.warn),
  signal: maybe(abortSignal),
} satisfies OptionEntries<RunFolderOptions>;

const executeRunOptions = strict({
  ...folderOptions,
  context: any<unknown>(),
  origin: maybe(any<NonNullable<ExecuteRunOptions<unknown>['origin']>>()),
} satisfies OptionEntries<ExecuteRunOptions<unknown>>);

/**
 * Executes or continues a run of any kind and returns it. The run is a folder with `run.json`, `rows.parquet`,
 * `summary.csv` and the tables of its kind. See `runStudy`.
 *
 * @throws RangeError for options that are not allowed, or a run that cannot be continued, before anything is written;
 * Error, with the run's state set to `failed`, if a task cannot be measured or the folder cannot be written any more
 */
export async function executeRun<Spec, Task, Row, Summary extends object, Context>(
  kind: RunKind<Spec, Task, Row, Summary, Context>,
  spec: Spec,
  options: ExecuteRunOptions<Context>,
): Promise<RecordedRun<Summary>> {
  const { out, signal, overwrite, resume, onDamage } = readOptions(executeRunOptions, options);
  const { files = {}, backend = null, engine = null, workers = 0 } = options.origin ?? {};
  const tasks = kind.tasks(spec);
  const shard = readShard(options.shard, tasks, `the ${kind.kind} has ${kind.unit}s`);
  const origin = {
    ...{ spec, shard: shard && formatShard(shard), files, backend, engine, versions: versions() },
  };
  const claim = resume
    ? await reclaimFolder(out, kind, (earlier) => requireResumable(kind, out, origin, earlier))
    : await claimFolder(out, kind, overwrite);
  try {
    const { earlier, folder } = claim;
    if (earlier?.merged) {
      await checkedSource(kind, folder); // its tasks were measured elsewhere
      return { folder, manifest: earlier, summary: await readSummaryOf<Summary>(kind, folder) };
    }
    if (earlier) {
      await setDamagedAside(folder, earlier, kind.unit, onDamage);
      const summary = await intactSummary(kind, folder, earlier);
      if (summary) return { folder, manifest: earlier, summary };
    }
    await claim.begin();
    const count = taskCount(tasks, shard);
    const done = !earlier
      ? { count: 0, has: () => false }
      : existsSync(wholePath(folder))
        ? { count, has: () => true }
        : await readDoneTasks(kind, folder, spec);
    const weight = kind.weight?.(spec) ?? 1;
    const { versions: _, ...known } = origin;
    const threads = Math.min(workers, count); // never more than tasks
    const counts = { total: weight * count, kept: weight * done.count };
    const start = { ...known, from: null, workers: threads, ...counts };
    return await recordRun(kind, claim, start, options, async (add) => {
      if (done.count === count) return;
      const remaining = function* () {
        for (const place of placesOf(tasks, shard)) if (!done.has(place)) yield tasks.at(place);
      };
      for await (const rows of kind.measure(spec, remaining(), { ...options.context, folder, signal }))
        await add(rows, weight);
    });
  } finally {
    await claim.release();
  }
}

/** Returns the summary of a complete run, or undefined if a derived table is missing or damaged. */
async function intactSummary<Spec, Task, Row, Summary extends object, Context>(
  kind: RunKind<Spec, Task, Row, Summary, Context>,
  folder: string,
  { state, sha256 }: RunManifest,
): Promise<readonly Summary[] | undefined> {
  if (state !== 'complete' || (sha256['rows.parquet'] !== undefined && !existsSync(wholePath(folder))))
    return undefined;
  try {
    for (const name of Object.keys(kind.csvTables))
      if (sha256[name] !== undefined) await requireTable(kind, folder, name);
    return await readSummaryOf<Summary>(kind, folder);
  } catch {
    return undefined;
  }
}
