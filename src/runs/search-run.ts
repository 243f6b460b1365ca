import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '../errors.js';
import type { BackendInUse } from '../layers/backend.js';
import { keptInRung, rungsOf } from '../search/halving.js';
import type { DivergedRow, SearchRow } from '../search/search-row.js';
import { searchSchema, searchTasks, type SearchSpec, type SearchTask } from '../search/search-spec.js';
import { executeRun, type RunFolderOptions } from '../store/execute-run.js';
import { countOf, readRunManifest, specOf } from '../store/manifest.js';
import { mergeParts, type MergeOptions } from '../store/merge-parts.js';
import type { RecordedRun } from '../store/record-run.js';
import { readRunRows } from '../store/rows/row-files.js';
import { runKind, type RunSite } from '../store/run-kind.js';
import { listTasks } from '../store/task-list.js';
import type { TrainingData } from '../training/data/labelled-images.js';
import type { StepProgress } from '../training/train-network.js';
import type { TrainingEngineName } from '../training/training-engines.js';
import { CHECKPOINTS, createTrainer, type SearchTrainer, type TrainerSetup } from './search-trainer.js';

interface SearchContext extends Omit<TrainerSetup, 'spec' | 'folder'> {
  readonly workers: number;
  readonly onStep: ((progress: StepProgress & SearchTask) => void) | undefined;
  readonly onRow: ((row: SearchRow | DivergedRow) => void) | undefined;
}

/** The run that `rankscope search` writes: a row per trained network. */
export const searchRun = runKind<SearchSpec, SearchTask, SearchRow | DivergedRow, never, SearchContext>({
  kind: 'search',
  command: 'rankscope search',
  unit: 'network',
  specSchema: searchSchema,
  tasks: (spec) => listTasks(searchTasks(spec), ({ design, seed }) => `${design}/${seed}`),
  taskKeys: ['design', 'seed'],
  describe: ({ design, seed }) => `design ${design} with seed ${seed}`,
  columns: {
    design: 'INTEGER',
    channels: 'VARCHAR',
    name: 'VARCHAR',
    seed: 'BIGINT',
    group: 'VARCHAR',
    params: 'BIGINT',
    macs: 'BIGINT',
    evenness: 'DOUBLE',
    lastWidth: 'INTEGER',
    slopeA: 'DOUBLE',
    offsetB: 'DOUBLE',
    epochs: 'INTEGER',
    testAccuracy: 'DOUBLE',
    testLoss: 'DOUBLE',
    trainLoss: 'DOUBLE',
    trainLossSum: 'DOUBLE',
    earlyLossSum: 'DOUBLE',
    seconds: 'DOUBLE',
    imagesPerSecond: 'DOUBLE',
    gradientNorm: 'DOUBLE',
    naswot: 'DOUBLE',
    stemRankBefore: 'DOUBLE',
    outputRankBefore: 'DOUBLE',
    headRankBefore: 'DOUBLE',
    stemRankAfter: 'DOUBLE',
    outputRankAfter: 'DOUBLE',
    headRankAfter: 'DOUBLE',
    stemEffectiveBefore: 'DOUBLE',
    outputEffectiveBefore: 'DOUBLE',
    headEffectiveBefore: 'DOUBLE',
    stemEffectiveAfter: 'DOUBLE',
    outputEffectiveAfter: 'DOUBLE',
    headEffectiveAfter: 'DOUBLE',
    ranks: {
      type: {
        structs: {
          layer: 'VARCHAR',
          channels: 'INTEGER',
          rankBefore: 'DOUBLE',
          rankAfter: 'DOUBLE',
          effectiveBefore: 'DOUBLE',
          effectiveAfter: 'DOUBLE',
        },
      },
    },
  },
  order: ['design', 'seed'],
  figures: ['search'],
  files: [CHECKPOINTS],
  measure: trainDesigns,
});

/**
 * Yields the row of each network when it is done. With `halving` the dropped ones come first, the worst before others.
 */
async function* trainDesigns(
  spec: SearchSpec,
  tasks: Iterable<SearchTask>,
  context: SearchContext & RunSite,
): AsyncGenerator<readonly (SearchRow | DivergedRow)[]> {
  const { workers, signal, onStep: hear, onRow, folder, data, engine, backend, checkpointSeconds } = context;
  const setup = { spec, data, folder, engine, backend, checkpointSeconds };
  const trainer = await createTrainer(setup, { workers, signal, hear });
  let whole = false;
  try {
    let alive = [...tasks];
    for (const rung of rungsOf(spec)) {
      if (signal?.aborted) return;
      const isLast = rung === spec.recipe.epochs;
      const kept = isLast ? 0 : keptInRung(spec, rung, searchTasks(spec).length);
      // who dropped out before is not among the tasks: a rung that is decided is passed over
      if (!isLast && alive.length <= kept) continue;
      if (!isLast) alive = await inOrderOfAccuracy(alive, rung, context, trainer);
      const dropped = alive.splice(0, alive.length - kept);
      for await (const row of finished(dropped, rung, isLast ? workers : 1, signal, trainer)) {
        onRow?.(row);
        yield [row];
      }
    }
    whole = !signal?.aborted;
  } finally {
    await trainer.close();
    if (whole) await rm(join(folder, CHECKPOINTS), { recursive: true, force: true });
  }
}

/** Returns the tasks with the worst accuracy after a number of epochs first; equal ones keep their order. */
async function inOrderOfAccuracy(
  tasks: readonly SearchTask[],
  until: number,
  { workers, signal }: SearchContext & RunSite,
  trainer: SearchTrainer,
): Promise<SearchTask[]> {
  const scored: { task: SearchTask; accuracy: number; place: number }[] = [];
  const train = async (task: SearchTask, place: number) => {
    const outcome = await trainer.train({ ...task, until, finish: false });
    if (outcome.state === 'paused') scored.push({ task, accuracy: outcome.testAccuracy, place });
  };
  for await (const _ of inParallel(tasks, train, workers, signal));
  if (scored.length < tasks.length) return [];
  return scored.sort((a, b) => a.accuracy - b.accuracy || b.place - a.place).map(({ task }) => task);
}

async function* finished(
  tasks: readonly SearchTask[],
  until: number,
  workers: number,
  signal: AbortSignal | undefined,
  trainer: SearchTrainer,
): AsyncGenerator<SearchRow | DivergedRow> {
  const train = (task: SearchTask) => trainer.train({ ...task, until, finish: true });
  for await (const outcome of inParallel(tasks, train, workers, signal))
    if (outcome.state === 'done') yield outcome.row;
}

/**
 * Yields results in the order in which they are done. At most `count` tasks run at a time; none begins after the
 * signal.
 */
async function* inParallel<T, R>(
  tasks: readonly T[],
  run: (task: T, place: number) => Promise<R>,
  count: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<R> {
  const running = new Map<number, Promise<{ place: number; result: R }>>();
  let next = 0;
  try {
    for (;;) {
      while (running.size < Math.max(1, count) && next < tasks.length && !signal?.aborted) {
        const place = next++;
        const done = run(tasks[place]!, place).then((result) => ({ place, result }));
        done.catch(() => undefined); // the race below throws the first failure
        running.set(place, done);
      }
      if (running.size === 0) return;
      const { place, result } = await Promise.race(running.values());
      running.delete(place);
      yield result;
    }
  } finally {
    await Promise.allSettled(running.values());
  }
}

export interface SearchRunOptions extends RunFolderOptions, Partial<Pick<SearchContext, 'onStep' | 'onRow'>> {
  readonly engine: TrainingEngineName;
  readonly backend: BackendInUse;
  /** Networks trained at a time, each on one core. @default 1 */
  readonly workers?: number | undefined;
  /** @default 60 */
  readonly checkpointSeconds?: number | undefined;
}

/**
 * Executes a search, or continues it. Rows have the same bits for any number of workers, any shards and any stops.
 * @throws as `executeRun` and `trainNetwork` do
 */
export function runSearch(
  spec: SearchSpec,
  data: TrainingData,
  given: SearchRunOptions,
): Promise<RecordedRun<never>> {
  const { engine, backend, workers = 1, checkpointSeconds = 60, onStep, onRow, ...rest } = given;
  if (spec.halving && given.shard !== undefined)
    throw invalid('shard', given.shard, 'none with halving, which compares all networks');
  return executeRun(searchRun, spec, {
    ...rest,
    partSeconds: rest.partSeconds ?? 0,
    context: { data, engine, backend: backend.name, workers, checkpointSeconds, onStep, onRow },
    origin: { files: { data: { path: data.path, sha256: data.sha256 } }, engine, backend, workers },
  });
}

/** Joins the parts of a search that `shard` measured. @throws as `mergeParts` does */
export function mergeSearch(folders: readonly string[], options: MergeOptions): Promise<RecordedRun<never>> {
  return mergeParts(searchRun, folders, options);
}

/** A saved search, complete or not. */
export interface KeptSearch {
  readonly spec: SearchSpec;
  readonly rows: readonly SearchRow[];
  /** Networks whose loss became infinite or NaN. */
  readonly diverged: readonly DivergedRow[];
  /** Networks with rows, and networks of the whole search. */
  readonly done: number;
  readonly total: number;
  /** The path of the images, and their SHA-256. */
  readonly data: { readonly path: string; readonly sha256: string };
}

/** Returns a saved search. @throws RangeError if the folder holds none, or a damaged one */
export async function readSearch(folder: string): Promise<KeptSearch> {
  const manifest = await readRunManifest(searchRun, folder);
  const spec = specOf(searchRun, manifest);
  const all: (SearchRow | DivergedRow)[] = [];
  const { total } = countOf(searchRun, manifest);
  if (countOf(searchRun, manifest).done > 0)
    for await (const some of readRunRows<SearchRow | DivergedRow>(searchRun, folder)) all.push(...some);
  all.sort((one, other) => one.design - other.design || one.seed - other.seed);
  const rows = all.filter((row): row is SearchRow => row.testAccuracy !== null);
  const diverged = all.filter((row): row is DivergedRow => row.testAccuracy === null);
  const data = manifest.files.data ?? { path: '', sha256: '' };
  return { spec, rows, diverged, done: all.length, total, data };
}
