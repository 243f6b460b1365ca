import { messageOf } from '../errors.js';
import type { BackendName } from '../layers/backend-names.js';
import type { InputArray } from '../layers/inputs.js';
import type { EngineName } from '../spectrum/engines.js';
import type { LayerRow } from './layer-row.js';
import type { LayerTask } from './measure-layer.js';
import type { Study } from './study.js';

/** The data that a worker thread is started with. */
export interface WorkerSetup {
  readonly study: Study;
  readonly backend: BackendName;
  readonly engine: EngineName;
  readonly activationModule?: string | undefined;
  readonly inputs?: InputArray | undefined;
}

/** The answer of a worker: rows, the error of a layer, or why its backend or engine does not start. */
export type WorkerAnswer =
  { readonly rows: LayerRow[] } | { readonly error: string } | { readonly problem: string };

/** The layers that workers took and could not measure, and the reason. */
export interface Unmeasured {
  readonly tasks: readonly LayerTask[];
  readonly problem: string;
}

interface WorkerOptions {
  readonly workers: number;
  readonly setup: WorkerSetup;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Yields the rows of layers measured in worker threads, in the order they are done. If the tensor backend or the engine
 * does not start in a worker, no more tasks are taken and those without rows are returned, since another backend has
 * other bits.
 *
 * @throws Error for a layer that cannot be measured, or a worker that ends
 */
export async function* measureInWorkers(
  tasks: Iterator<LayerTask>,
  { workers, setup, signal }: WorkerOptions,
): AsyncGenerator<LayerRow[], Unmeasured | undefined> {
  const first = Array.from({ length: workers }, () => tasks.next()).flatMap((next) =>
    next.done ? [] : [next.value],
  );
  const threads = first.length;
  if (threads === 0) return undefined;
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: new URL('./layer-worker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: MAX_WAITING, // or a worker would wait for this thread
    workerData: setup,
  });
  const broken = new Promise<never>((_, reject) => pool.on('error', (error) => reject(endOfWorker(error))));
  broken.catch(() => undefined); // ignored once the pool is shutting down
  const run = async (task: LayerTask) => {
    const answer = (await pool.run(task).catch((error: unknown) => {
      throw endOfWorker(error);
    })) as WorkerAnswer;
    if ('error' in answer) throw new Error(answer.error);
    return { task, answer };
  };
  const unmeasured: LayerTask[] = [];
  let problem: string | undefined;
  const next = () => first.shift() ?? nextOf(tasks);
  try {
    const isOver = () => problem !== undefined || signal?.aborted === true;
    for await (const { task, answer } of inParallel(next, run, threads, isOver, broken)) {
      if ('rows' in answer) {
        yield answer.rows;
      } else {
        problem ??= answer.problem;
        unmeasured.push(task);
      }
    }
  } finally {
    await pool.destroy();
  }
  return problem === undefined ? undefined : { tasks: [...unmeasured, ...first], problem };
}

function nextOf(tasks: Iterator<LayerTask>): LayerTask | undefined {
  const next = tasks.next();
  return next.done ? undefined : next.value;
}

function endOfWorker(cause: unknown): Error {
  return new Error(`a worker thread has ended: ${messageOf(cause)}`, { cause });
}

/** Layers waiting or in progress in a worker: minimum, maximum, and seconds of work. */
const MIN_WAITING = 2;
const MAX_WAITING = 32;
const SECONDS_WAITING = 0.25;

/**
 * Yields the results of tasks in the order they are done. Enough tasks wait in the workers that these continue while
 * the caller handles results.
 */
async function* inParallel<T>(
  next: () => LayerTask | undefined,
  run: (task: LayerTask) => Promise<T>,
  workers: number,
  isOver: () => boolean,
  broken: Promise<never>,
): AsyncGenerator<T> {
  const running = new Map<number, Promise<{ id: number; result: T }>>();
  const start = performance.now();
  let nextId = 0;
  for (;;) {
    const pace = (nextId - running.size) / ((performance.now() - start) / 1000 + SECONDS_WAITING);
    const wanted = Math.ceil((SECONDS_WAITING * pace) / workers);
    const limit = workers * Math.min(MAX_WAITING, Math.max(MIN_WAITING, wanted));
    while (running.size < limit && !isOver()) {
      const task = next();
      if (task === undefined) break;
      const id = nextId++;
      const done = run(task).then((result) => ({ id, result }));
      done.catch(() => undefined); // the race below throws the first failure; the others have nothing to add
      running.set(id, done);
    }
    if (running.size === 0) return;
    const { id, result } = await Promise.race([broken, ...running.values()]);
    running.delete(id);
    yield result;
  }
}
