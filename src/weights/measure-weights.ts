import {
  abortSignal,
  any,
  callback,
  flag,
  maybe,
  oneOf,
  orElse,
  readOptions,
  strict,
  textTo,
  wholeFrom,
  type OptionEntries,
} from '../schema.js';
import type { ModelFile, Skipped } from '../formats/model-file.js';
import { parseTolerances, type ToleranceLike } from '../rank/tolerance.js';
import { baselineNames, type BaselineName } from './baseline.js';
import { estimateSeconds } from './layer-cost.js';
import type { LayerWeights, WeightOptions } from './measure-layer-weights.js';
import { checkWeightWorkers, measureLayers } from './measure-layers.js';
import { noLayer, selectLayers } from './select-layers.js';

/** The default tolerances. */
export const defaultWeightTolerances = ['numpy', 'relative:0.01', 'energy:0.99'] as const;

export interface MeasureWeightsOptions {
  /** @default numpy, relative:0.01 and energy:0.99 */
  readonly tolerances?: readonly ToleranceLike[] | undefined;
  /** What each spectrum is compared with: the layer's own entries in a random order, normal ones, or nothing. @default 'permuted' */
  readonly baseline?: BaselineName | undefined;
  /** The seed of the baseline. @default 0 */
  readonly seed?: number | undefined;
  /**
   * Whether rows are multiplied by the factors of the normalization behind the layer, where the file's graph says which.
   * @default false
   */
  readonly fold?: boolean | undefined;
  /** Keeps the layers whose name matches; `*` stands for any letters, also none. @default all */
  readonly layers?: string | undefined;
  /**
   * Threads that measure one layer each and open the file themselves; 0 measures in the calling thread. Results are the
   * same for any number; memory is that of as many of the largest layers.
   * @default 0
   */
  readonly workers?: number | undefined;
  /** No new layer begins once it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each layer with the number of finished layers and their estimated share of the work. */
  readonly onProgress?: ((progress: WeightsProgress) => void) | undefined;
}

export interface WeightsProgress {
  readonly done: number;
  readonly total: number;
  /** From 0 to 1. */
  readonly share: number;
}

const measureWeightsOptions = strict({
  tolerances: orElse(any<readonly ToleranceLike[]>(), defaultWeightTolerances),
  baseline: orElse(oneOf(baselineNames), 'permuted'),
  seed: orElse(wholeFrom(0), 0),
  fold: orElse(flag, false),
  layers: maybe(textTo(10_000)),
  workers: orElse(any<number>(), 0),
  signal: maybe(abortSignal),
  onProgress: maybe(callback<NonNullable<MeasureWeightsOptions['onProgress']>>()),
} satisfies OptionEntries<MeasureWeightsOptions>);

/** The weights of a model, layer by layer, and the skipped tensors. */
export interface ModelWeights {
  readonly file: string;
  readonly format: string;
  readonly layers: readonly LayerWeights[];
  readonly skipped: readonly Skipped[];
  readonly notes: readonly string[];
}

/**
 * Measures the weights of every layer of an open model. A layer has certified ranks, the rank above the noise of the
 * stored type, the values beyond the noise of a random matrix and of its own entries in a random order, and all
 * metrics. One layer after another is read; a layer with a NaN is left out with the reason.
 *
 * @throws RangeError for an invalid option, or a model without a layer to measure
 * @example
 * const model = await openModel('model.safetensors');
 * const { layers } = await measureWeights(model);
 * for (const { name, signalRank } of layers) console.log(name, signalRank.rank);
 * model.close();
 */
export async function measureWeights(
  model: ModelFile,
  options: MeasureWeightsOptions = {},
): Promise<ModelWeights> {
  const settings = resolveWeightOptions(options);
  const { workers = 0, layers: pattern, signal } = options;
  checkWeightWorkers(workers, model.path);
  const { layers: matrices, skipped } = selectLayers(model, pattern);
  const chosen = { layers: matrices, path: model.path, pattern };
  const seconds = matrices.map((matrix) => estimateSeconds(matrix, settings));
  const all = seconds.reduce((sum, one) => sum + one, 0);
  const found: (LayerWeights | Skipped | undefined)[] = matrices.map(() => undefined);
  let [done, spent] = [0, 0];
  for await (const { place, measured } of measureLayers(chosen, matrices.keys(), settings, {
    workers,
    signal,
  })) {
    found[place] = measured;
    spent += seconds[place]!;
    done++;
    options.onProgress?.({ done, total: matrices.length, share: spent / all });
  }
  const layers = found.filter((one): one is LayerWeights => one !== undefined && !('reason' in one));
  const left = [...skipped, ...found.filter((one): one is Skipped => one !== undefined && 'reason' in one)];
  if (layers.length === 0 && done > 0) throw noLayer(model, left);
  return { file: model.path, format: model.format, layers, skipped: left, notes: model.notes };
}

/** Returns checked settings. */
export function resolveWeightOptions(options: MeasureWeightsOptions): WeightOptions {
  const { tolerances, baseline, seed, fold } = readOptions(measureWeightsOptions, options);
  return { tolerances: parseTolerances(tolerances), baseline, seed, fold };
}
