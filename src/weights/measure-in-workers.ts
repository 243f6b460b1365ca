import { Worker } from 'node:worker_threads';
import { removeSpools } from '../formats/spool.js';
import { resolveEngine } from '../spectrum/engines.js';
import type { EngineName } from '../spectrum/engines.js';
import type { ChosenLayers, MeasuredPlace, MeasureLayersOptions } from './measure-layers.js';
import type { WeightOptions } from './measure-layer-weights.js';

/** The data that a worker thread is started with. */
export interface WeightsSetup {
  readonly path: string;
  readonly pattern: string | undefined;
  /** The names of the layers that it has to find. */
  readonly names: readonly string[];
  readonly settings: WeightOptions;
  readonly engine: EngineName;
}

/** A message to a worker: a layer to measure, or the request to close the file and end. */
export type WeightsRequest = { readonly place: number } | 'end';

/** A message from a worker: it is ready, it cannot start, a layer is measured, or a layer failed. */
export type WeightsAnswer =
  'ready' | { readonly problem: string } | { readonly error: unknown } | MeasuredPlace;

/**
 * Yields layers as threads measure them, and returns the places that were not measured. If this thread's engine does
 * not start in a worker, no further layer is measured, since another engine has other bits.
 * @throws Error for a layer that failed, or a worker that ended
 */
export async function* measureInWorkers(
  { layers, path, pattern }: ChosenLayers,
  places: Iterable<number>,
  settings: WeightOptions,
  { workers, signal }: MeasureLayersOptions,
): AsyncGenerator<MeasuredPlace, number[]> {
  const left = [...places];
  const setup: WeightsSetup = {
    ...{ path, pattern, settings },
    names: layers.map(({ name }) => name),
    engine: resolveEngine().name,
  };
  const threads = Array.from({ length: Math.min(workers, left.length) }, () => startThread(setup));
  process.on('exit', removeSpools); // of threads that were still at work
  try {
    const waiting = new Map(threads.map((thread) => [thread, thread.next()]));
    const underWay = new Map<Thread, number>();
    while (waiting.size > 0) {
      const { thread, answer } = await Promise.race(
        [...waiting].map(async ([thread, answer]) => ({ thread, answer: await answer })),
      );
      underWay.delete(thread);
      if (answer !== 'ready') {
        if ('problem' in answer) return [...left, ...underWay.values()].sort((a, b) => a - b);
        if ('error' in answer) throw answer.error;
        yield answer;
      }
      const place = signal?.aborted ? undefined : left.shift();
      if (place === undefined) waiting.delete(thread);
      else {
        underWay.set(thread, place);
        thread.ask({ place });
        waiting.set(thread, thread.next());
      }
    }
    return [];
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
    process.off('exit', removeSpools);
  }
}

interface Thread {
  ask(request: WeightsRequest): void;
  /** Returns the next answer, or the reason why the thread has ended. */
  next(): Promise<WeightsAnswer>;
  /** Resolves when it has closed the file and ended. */
  end(): Promise<void>;
}

function startThread(setup: WeightsSetup): Thread {
  const worker = new Worker(new URL('./weights-worker.js', import.meta.url), { workerData: setup });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const answers: WeightsAnswer[] = [];
  let failure: Error | undefined;
  let wake = () => {};
  const tell = (answer: WeightsAnswer) => {
    answers.push(answer);
    wake();
  };
  worker.on('message', tell);
  worker.on('error', (cause) => {
    failure = new Error(`a worker thread has ended: ${cause.message}`, { cause });
    wake();
  });
  worker.once('exit', () => {
    failure ??= new Error('a worker thread has ended');
    wake();
  });
  return {
    ask: (request) => worker.postMessage(request),
    next: async () => {
      while (answers.length === 0 && !failure) await new Promise<void>((resolve) => (wake = resolve));
      return answers.shift() ?? { error: failure };
    },
    end: async () => {
      worker.postMessage('end' satisfies WeightsRequest);
      await ended;
    },
  };
}
