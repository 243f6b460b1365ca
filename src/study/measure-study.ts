import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { invalid } from '../errors.js';
import { checkOptions } from '../fields.js';
import type { Activation } from '../layers/activations.js';
import { useBackend } from '../layers/backend.js';
import type { BackendName } from '../layers/backend-names.js';
import { checkInputArray, type InputArray } from '../layers/inputs.js';
import type { EngineChoice } from '../spectrum/engines.js';
import type { LayerRow } from './layer-row.js';
import { loadActivations } from './load-activations.js';
import { layerTasks, measureLayer, type LayerTask } from './measure-layer.js';
import { taskCount } from './shard.js';
import { resolveStudy, type Study, type StudyInput } from './study.js';

export interface MeasureOptions {
  /**
   * Worker threads, each with a tensor backend of its own; 0 measures in the calling thread. The rows are the
   * same for any number, up to four a core; of more than there are layers the others are not started.
   * @default the number of cores
   */
  readonly workers?: number;
  /**
   * Tensor backend of the layers.
   * @default 'auto'
   */
  readonly backend?: BackendName | 'auto';
  /**
   * Engine of the spectra.
   * @default 'auto'
   */
  readonly engine?: EngineChoice;
  /** The user's own nonlinearities by name. A function cannot be sent to a worker: needs `workers: 0`. */
  readonly activations?: Readonly<Record<string, Activation>>;
  /** Path of a module that exports the user's own nonlinearities; every worker loads it. */
  readonly activationModule?: string;
  /** The user's own inputs, where the protocol's inputs are `file:PATH`. */
  readonly inputs?: InputArray;
  /**
   * The layers to measure.
   * @default all of the study
   */
  readonly tasks?: Iterable<LayerTask>;
  /** Stops the study: no new layer is begun, those under way are finished and yielded. */
  readonly signal?: AbortSignal;
}

/** What a worker thread is started with. */
export interface WorkerSetup {
  readonly study: Study;
  readonly backend: BackendName;
  readonly engine: EngineChoice;
  readonly activationModule?: string;
  readonly inputs?: InputArray;
}

/**
 * Yields the rows of a study, layer by layer as they are done. The order depends on the workers, the rows do
 * not. Two layers a worker wait or are under way, of small layers up to a quarter second's work, so memory stays flat
 * for any number of layers.
 *
 * @param given the study; what it does not say is at its default
 * @throws Error that names the layer where one cannot be measured; RangeError for options that do not fit
 */
export async function* measureStudy(
  given: StudyInput,
  options: MeasureOptions = {},
): AsyncGenerator<LayerRow[]> {
  checkOptions(options, measureOptions);
  const { workers = 1, engine = 'auto', activationModule, activations, signal } = options;
  checkWorkers(workers, activations);
  const own = activations ?? (await loadActivations(activationModule));
  const study = resolveStudy(given, Object.keys(own));
  const tasks = options.tasks ?? layerTasks(study);
  const { name: backend } = await useBackend(options.backend);
  const inputs = options.inputs && checkInputArray(options.inputs);
  if (workers === 0) {
    const context = { engine, inputs, activations: own };
    for (const task of tasks) {
      if (signal?.aborted) return;
      yield measureLayer(study, task, context);
      await new Promise((resolve) => setImmediate(resolve)); // lets a signal, a timer or a progress bar in
    }
    return;
  }
  const setup: WorkerSetup = {
    study,
    backend,
    engine,
    activationModule,
    inputs: inputs && shareable(inputs),
  };
  const threads = Math.min(workers, taskCount(study, null));
  const pool = new Piscina({
    filename: new URL('./layer-worker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: MOST_WAITING, // or a worker would wait for this thread
    workerData: setup,
  });
  // a second task that fails while the pool is taken down has nobody left to tell
  pool.on('error', () => undefined);
  try {
    yield* inParallel(tasks, (task) => pool.run(task) as Promise<LayerRow[]>, threads, signal);
  } finally {
    await pool.destroy();
  }
}

/** The names of the options. */
export const measureOptions = [
  'workers',
  'backend',
  'engine',
  'activations',
  'activationModule',
  'inputs',
  'tasks',
  'signal',
] as const satisfies (keyof MeasureOptions)[];

/** @throws RangeError for a number of workers that is none, or functions that cannot be sent to workers */
export function checkWorkers(workers: number, activations?: MeasureOptions['activations']): void {
  const cores = availableParallelism();
  const most = Math.max(8, 4 * cores);
  if (!Number.isSafeInteger(workers) || workers < 0 || workers > most)
    throw invalid('workers', workers, `a whole number from 0 to ${most}; there are ${cores} cores`);
  if (activations && workers > 0) {
    const allowed = '0 with `activations`, since functions cannot be sent to a worker; or activationModule';
    throw invalid('workers', workers, allowed);
  }
}

/** Layers that wait or are under way in a worker: at least, at most, and in seconds of work. */
const LEAST_WAITING = 2;
const MOST_WAITING = 32;
const SECONDS_WAITING = 0.25;

/**
 * Yields the results of tasks in the order they are done. Enough tasks wait in the workers that these go on while
 * whoever takes the results is busy with them.
 */
async function* inParallel(
  tasks: Iterable<LayerTask>,
  run: (task: LayerTask) => Promise<LayerRow[]>,
  workers: number,
  signal?: AbortSignal,
): AsyncGenerator<LayerRow[]> {
  const running = new Map<number, Promise<{ id: number; rows: LayerRow[] }>>();
  const remaining = tasks[Symbol.iterator]();
  const start = performance.now();
  let nextId = 0;
  for (;;) {
    const pace = (nextId - running.size) / ((performance.now() - start) / 1000 + SECONDS_WAITING);
    const wanted = Math.ceil((SECONDS_WAITING * pace) / workers);
    const limit = workers * Math.min(MOST_WAITING, Math.max(LEAST_WAITING, wanted));
    while (running.size < limit && !signal?.aborted) {
      const { value: task, done } = remaining.next();
      if (done) break;
      const id = nextId++;
      const result = run(task).then((rows) => ({ id, rows }));
      result.catch(() => undefined); // the race below throws the first failure; the others have nothing to add
      running.set(id, result);
    }
    if (running.size === 0) return;
    const { id, rows } = await Promise.race(running.values());
    running.delete(id);
    yield rows;
  }
}

/** The array on shared memory, so that the workers read one copy. */
function shareable({ data, shape }: InputArray): InputArray {
  const Kind = data.constructor as Float32ArrayConstructor;
  const shared = new Kind(new SharedArrayBuffer(data.byteLength) as unknown as ArrayBuffer);
  shared.set(data);
  return { data: shared, shape };
}
