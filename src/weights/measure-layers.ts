import { freemem, availableParallelism } from 'node:os';
import { invalid } from '../errors.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { Skipped } from '../formats/model-file.js';
import { readsOnce } from '../formats/reads-once.js';
import { estimateBytes, estimateSeconds } from './layer-cost.js';
import { measureInWorkers } from './measure-in-workers.js';
import { measureLayerWeights, type LayerWeights, type WeightOptions } from './measure-layer-weights.js';

/** A layer that was measured, or could not be, by its number among the chosen layers. */
export interface MeasuredPlace {
  readonly place: number;
  readonly measured: LayerWeights | Skipped;
}

/** The layers to measure, and where workers find them. */
export interface ChosenLayers {
  readonly layers: readonly WeightMatrix[];
  /** The path of the model and the pattern by which the layers were chosen. */
  readonly path: string;
  readonly pattern?: string | undefined;
}

export interface MeasureLayersOptions {
  /** Threads that measure a layer each; 0 is the calling one. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
}

/** Yields layers as they are measured. Their order depends on the workers, the results do not. */
export async function* measureLayers(
  chosen: ChosenLayers,
  places: Iterable<number>,
  settings: WeightOptions,
  { workers, signal }: MeasureLayersOptions,
): AsyncGenerator<MeasuredPlace> {
  let left = places;
  if (workers > 0) left = yield* measureInWorkers(chosen, places, settings, { workers, signal });
  for (const place of left) {
    if (signal?.aborted) return;
    yield { place, measured: await measureOrSkip(chosen.layers[place]!, settings) };
    await new Promise((resolve) => setImmediate(resolve)); // lets a signal, a timer or a progress bar in
  }
}

/** Measures a layer, or returns why it cannot be. */
export async function measureOrSkip(
  matrix: WeightMatrix,
  settings: WeightOptions,
): Promise<LayerWeights | Skipped> {
  try {
    return await measureLayerWeights(matrix, settings);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { name: matrix.name, reason: error.message };
  }
}

/** Seconds of work from which the default is to start threads. */
const WORTH_SECONDS = 4;

/**
 * Returns the default number of threads: none for little work, else one per core. It is fewer if the largest layers
 * would not fit into half of the free memory.
 */
export function usualWeightWorkers({ layers, path }: ChosenLayers, settings: WeightOptions): number {
  const seconds = layers.reduce((sum, layer) => sum + estimateSeconds(layer, settings), 0);
  if (readsOnce(path) || seconds < WORTH_SECONDS) return 0;
  const bytes = layers.reduce((max, layer) => Math.max(max, estimateBytes(layer, settings)), 0);
  const fitting = Math.floor(freemem() / 2 / bytes);
  return Math.max(1, Math.min(availableParallelism(), layers.length, fitting));
}

/** @throws RangeError for an invalid number of workers, or workers for standard input, which only one can read */
export function checkWeightWorkers(workers: number, path: string): void {
  const cores = availableParallelism();
  const max = Math.max(8, 4 * cores);
  if (!Number.isSafeInteger(workers) || workers < 0 || workers > max)
    throw invalid('workers', workers, `a whole number from 0 to ${max}; there are ${cores} cores`);
  if (workers > 0 && readsOnce(path))
    throw invalid('workers', workers, '0 with standard input or a pipe; workers open the file themselves');
}
