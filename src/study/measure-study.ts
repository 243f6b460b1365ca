import { availableParallelism } from 'node:os';
import { invalid } from '../errors.js';
import {
  abortSignal,
  any,
  callback,
  maybe,
  readOptions,
  strict,
  textTo,
  type OptionEntries,
} from '../schema.js';
import type { Activation } from '../layers/activations.js';
import { useBackend } from '../layers/backend.js';
import type { BackendName } from '../layers/backend-names.js';
import type { InputArray } from '../layers/inputs.js';
import { resolveEngine, type EngineChoice } from '../spectrum/engines.js';
import { checkInputs } from './check-inputs.js';
import type { LayerRow } from './layer-row.js';
import { loadActivations } from './load-activations.js';
import { measureInWorkers } from './measure-in-workers.js';
import { layerTasks, measureLayer, type LayerTask } from './measure-layer.js';
import { studyRules } from './study-rules.js';
import { resolveStudy, type StudyInput } from './study.js';

export interface MeasureOptions {
  /**
   * Worker threads, each with a tensor backend of its own; 0 measures in the calling thread. The rows are the
   * same for any number, up to four per core; never more are started than there are layers.
   * @default the number of cores; 0 with `activations`
   */
  readonly workers?: number | undefined;
  /**
   * Tensor backend of the layers.
   * @default 'auto'
   */
  readonly backend?: BackendName | 'auto' | undefined;
  /**
   * Engine of the spectra.
   * @default 'auto'
   */
  readonly engine?: EngineChoice | undefined;
  /** The user's own activations by name. A function cannot be sent to a worker: needs `workers: 0`. */
  readonly activations?: Readonly<Record<string, Activation>> | undefined;
  /** Path of a module that exports the user's own activations; every worker loads it. */
  readonly activationModule?: string | undefined;
  /** The user's own inputs, where the protocol's inputs are `file:PATH`. */
  readonly inputs?: InputArray | undefined;
  /**
   * The layers to measure.
   * @default all of the study
   */
  readonly tasks?: Iterable<LayerTask> | undefined;
  /** Stops the study: no new layer begins; layers in progress are finished and yielded. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most once, with the reason why layers are measured without the requested workers. */
  readonly onFallback?: ((reason: string) => void) | undefined;
}

/**
 * Yields the rows of a study, layer by layer as they finish. The order depends on the workers; the rows do not. Each
 * worker has two layers waiting or in progress (up to a quarter second's work of small layers), so memory does not grow
 * with the number of layers.
 *
 * @param given the study; missing fields take their defaults
 * @throws Error that names a layer that cannot be measured; RangeError for invalid options
 */
export async function* measureStudy(
  given: StudyInput,
  options: MeasureOptions = {},
): AsyncGenerator<LayerRow[]> {
  readOptions(measureSchema, options);
  const { activationModule, activations, signal } = options;
  const workers = options.workers ?? usualWorkers(activations);
  checkWorkers(workers, activations);
  const own = activations ?? (await loadActivations(activationModule));
  const study = resolveStudy(given, Object.keys(own));
  const inputs = checkInputs(study, options.inputs);
  const tasks = options.tasks ?? layerTasks(study);
  const { name: backend } = await useBackend(options.backend);
  const engine = resolveEngine(options.engine).name;
  const remaining = tasks[Symbol.iterator]();
  const rules = studyRules(study);
  if (workers > 0) {
    const setup = { study, backend, engine, activationModule, inputs: inputs && shareable(inputs) };
    const left = yield* measureInWorkers(remaining, { workers, setup, signal });
    if (left === undefined) return;
    options.onFallback?.(left.problem);
    yield* measureHere(left.tasks);
  }
  for (let next = remaining.next(); !next.done; next = remaining.next()) yield* measureHere([next.value]);

  async function* measureHere(some: Iterable<LayerTask>): AsyncGenerator<LayerRow[]> {
    for (const task of some) {
      if (signal?.aborted) return;
      yield measureLayer(rules, task, { engine, inputs, activations: own });
      await new Promise((resolve) => setImmediate(resolve)); // lets a signal, a timer or a progress bar in
    }
  }
}

/** The options, by key. */
export const measureOptions = {
  workers: maybe(any<number>()),
  backend: maybe(any<NonNullable<MeasureOptions['backend']>>()),
  engine: maybe(any<EngineChoice>()),
  activations: maybe(any<NonNullable<MeasureOptions['activations']>>()),
  activationModule: maybe(textTo(4096)),
  inputs: maybe(any<InputArray>()),
  tasks: maybe(any<Iterable<LayerTask>>()),
  signal: maybe(abortSignal),
  onFallback: maybe(callback<NonNullable<MeasureOptions['onFallback']>>()),
} satisfies OptionEntries<MeasureOptions>;

const measureSchema = strict(measureOptions);

/** Returns the default number of workers: one per core, or 0 for functions, which cannot be sent to workers. */
export function usualWorkers(activations?: MeasureOptions['activations']): number {
  return activations ? 0 : availableParallelism();
}

/** @throws RangeError for an invalid number of workers, or for functions, which cannot be sent to workers */
export function checkWorkers(workers: number, activations?: MeasureOptions['activations']): void {
  const cores = availableParallelism();
  const max = Math.max(8, 4 * cores);
  if (!Number.isSafeInteger(workers) || workers < 0 || workers > max)
    throw invalid('workers', workers, `a whole number from 0 to ${max}; there are ${cores} cores`);
  if (activations && workers > 0) {
    const allowed = '0 with `activations`, since functions cannot be sent to a worker; or activationModule';
    throw invalid('workers', workers, allowed);
  }
}

/** The array on shared memory, so that the workers read one copy. */
function shareable({ data, shape }: InputArray): InputArray {
  const Kind = data.constructor as Float32ArrayConstructor;
  const shared = new Kind(new SharedArrayBuffer(data.byteLength) as unknown as ArrayBuffer);
  shared.set(data);
  return { data: shared, shape };
}
