import { existsSync } from 'node:fs';
import { invalid } from '../errors.js';
import { requireFileHandles } from '../files/require-file-handles.js';
import { useBackend } from '../layers/backend.js';
import { resolveEngine } from '../spectrum/engines.js';
import { loadActivations } from '../study/load-activations.js';
import {
  checkWorkers,
  measureOptions,
  measureStudy,
  usualWorkers,
  type MeasureOptions,
} from '../study/measure-study.js';
import { formatShard, readShard, taskCount, tasksOf, type Shard } from '../study/shard.js';
import { resolveStudy, type Study, type StudyInput } from '../study/study.js';
import { checkRunOptions } from './check-run-options.js';
import { claimFolder, reclaimFolder, type RunFolder } from './folder/claim-folder.js';
import { readDoneTasks, type DoneTasks } from './rows/done-tasks.js';
import { versions, type Manifest } from './manifest.js';
import { readOwnFiles } from './own-files.js';
import { recordRun, type Progress, type RecordOptions, type Run } from './record-run.js';
import { requireResumable } from './resume.js';
import { checkedSource, requireTable, wholePath } from './rows/row-files.js';
import { studyRun } from './folder/run-kinds.js';
import { setDamagedAside } from './folder/set-aside.js';
import { readSummary } from './summary-file.js';

export type { Progress, Run };

export interface RunOptions extends Omit<MeasureOptions, 'tasks'>, RecordOptions {
  /** The folder of the run. */
  readonly out: string;
  /**
   * Whether a run that is there already is replaced. Without effect where `resume` finds a run to continue.
   * @default false
   */
  readonly overwrite?: boolean;
  /**
   * Whether the run in `out` is continued, if there is one: only layers that it does not have are measured. The
   * rows are those of a run that was never stopped.
   * @default false
   */
  readonly resume?: boolean;
  /** Measures part i of n of the study, as `i/n`; `mergeRuns` joins the parts. */
  readonly shard?: string;
  /**
   * Called with a message for each damaged file that a continued run finds; the layers in it are measured again.
   * @default writes the message to standard error
   */
  readonly onDamage?: (message: string) => void;
}

/**
 * Carries a study out and returns the run: a folder with `run.json` (the manifest), `rows.parquet` (one row a
 * layer, activation and tap) and `summary.csv`. When `signal` aborts, no new layer is begun; what is done is
 * kept, summarised, and the run's state is `stopped`. Memory does not grow with the number of layers: besides the
 * workers there are some 60 MiB of rows that wait and a database of 512 MiB at most.
 *
 * A run that was stopped, killed, or failed is continued by the same call with `resume`. Of a killed one the
 * layers of the last `partSeconds` and those under way are measured again.
 *
 * @throws RangeError for a study or options that are not allowed, or a run that cannot be continued, before
 * anything is written; Error, with the run's state set to `failed`, if a layer cannot be measured or the folder
 * cannot be written any more
 * @example
 * const { summary } = await runStudy({ blocks: ['pointwise'], layers: 50 }, { out: 'runs/first' });
 */
export async function runStudy(given: StudyInput, options: RunOptions): Promise<Run> {
  checkRunOptions(options, runOptions);
  const own = options.activations ?? (await loadActivations(options.activationModule));
  const study = resolveStudy(given, Object.keys(own));
  const { activationModule } = options;
  if (activationModule !== undefined && !study.activations.some((name) => Object.hasOwn(own, name))) {
    const allowed = `at least one of those in ${activationModule}: ${Object.keys(own).join(', ')}`;
    throw invalid('activations', study.activations.join(', '), allowed);
  }
  const shard = readShard(options.shard, study);
  const { partSeconds } = options;
  if (partSeconds !== undefined && !(partSeconds >= 0))
    throw invalid('part-seconds', partSeconds, 'a number >= 0');
  const { array, files } = await readOwnFiles(study, options);
  const workers = options.workers ?? usualWorkers(options.activations);
  checkWorkers(workers, options.activations);
  requireFileHandles(OWN_HANDLES + WORKER_HANDLES * workers);
  const engine = resolveEngine(options.engine).name;
  const backend = await useBackend(options.backend);
  const origin = { study, shard: shard && formatShard(shard), files, backend, engine, versions: versions() };

  const claim = options.resume
    ? await reclaimFolder(options.out, (earlier) => requireResumable(options.out, origin, earlier))
    : await claimFolder(options.out, studyRun, options.overwrite);
  try {
    const { earlier, folder } = claim;
    if (earlier?.merged) {
      await checkedSource(folder); // its layers were measured elsewhere
      return { folder, manifest: earlier, summary: await readSummary(folder) };
    }
    if (earlier) {
      await setDamagedAside(folder, earlier, options.onDamage ?? console.warn);
      const summary = await intactSummary(folder, earlier);
      if (summary) return { folder, manifest: earlier, summary };
    }
    await claim.begin();
    const done = await doneTasks(claim, study, shard);
    const layersOf = (tasks: number) => tasks * study.activations.length;
    const total = layersOf(taskCount(study, shard));
    // never more than layers
    const threads = Math.min(workers, taskCount(study, shard));
    const start = { ...origin, from: null, workers: threads, total, kept: layersOf(done.count) };
    return await recordRun(claim, start, options, async (add) => {
      if (start.kept === total) return;
      const tasks = remaining(tasksOf(study, shard), done);
      const { activations, activationModule, signal, onFallback } = options;
      const settings = { workers, engine, backend: backend.name, inputs: array };
      const measuring = { ...settings, activations, activationModule, signal, onFallback, tasks };
      for await (const rows of measureStudy(study, measuring)) await add(rows, layersOf(1));
    });
  } finally {
    await claim.release();
  }
}

/** Files that a run has open at once besides those of its workers, and those of a worker: 8 and 4 were measured. */
const OWN_HANDLES = 32;
const WORKER_HANDLES = 8;

const runOptions = [
  ...measureOptions.filter((name) => name !== 'tasks'),
  ...['out', 'overwrite', 'resume', 'shard', 'partSeconds', 'onProgress', 'onDamage'],
];

/** Returns the summary of a complete run, or undefined where a table is gone or what was counted of it damaged. */
async function intactSummary(
  folder: string,
  { state, sha256 }: Manifest,
): Promise<Run['summary'] | undefined> {
  if (state !== 'complete' || (sha256['rows.parquet'] !== undefined && !existsSync(wholePath(folder))))
    return undefined;
  try {
    if (sha256['ranks.csv'] !== undefined) await requireTable(folder, 'ranks.csv');
    return await readSummary(folder);
  } catch {
    return undefined;
  }
}

/** Returns which layers the run in the folder has. */
async function doneTasks(
  { folder, earlier }: RunFolder,
  study: Study,
  shard: Shard | null,
): Promise<DoneTasks> {
  if (!earlier) return { count: 0, has: () => false };
  if (existsSync(wholePath(folder))) return { count: taskCount(study, shard), has: () => true };
  return readDoneTasks(folder, study);
}

function* remaining<T>(tasks: Iterable<T>, done: { has(task: T): boolean }): Generator<T> {
  for (const task of tasks) if (!done.has(task)) yield task;
}
