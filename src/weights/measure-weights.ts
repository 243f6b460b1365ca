import { invalid } from '../errors.js';
import { checkOptions } from '../fields.js';
import { layersOf } from '../formats/layers/layers-of.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { ModelFile, Skipped } from '../formats/model-file.js';
import { checkSeed } from '../random/stream.js';
import { parseTolerances, type ToleranceLike } from '../rank/tolerance.js';
import { baselineNames, type BaselineName } from './baseline.js';
import { measureLayerWeights, type LayerWeights, type WeightOptions } from './measure-layer-weights.js';

/** The tolerances where none is given. */
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
  /** No new layer is begun once it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Is told after each layer how many are done. */
  readonly onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

/** The weights of a model, layer by layer, and what was left out. */
export interface ModelWeights {
  readonly file: string;
  readonly format: string;
  readonly layers: readonly LayerWeights[];
  readonly skipped: readonly Skipped[];
  readonly notes: readonly string[];
}

/**
 * Measures the weights of every layer of an open model: certified ranks, the rank above the noise of the stored type, what is
 * beyond the noise of a random matrix and of the layer's own entries in a random order, and all metrics. One layer after
 * another is read; a layer with a NaN is left out with the reason.
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
  const { layers: matrices, skipped } = selectLayers(model, options.layers);
  const [layers, left]: [LayerWeights[], Skipped[]] = [[], [...skipped]];
  for (const [i, matrix] of matrices.entries()) {
    if (options.signal?.aborted) break;
    const measured = await measureOrSkip(matrix, settings);
    if ('reason' in measured) left.push(measured);
    else layers.push(measured);
    options.onProgress?.({ done: i + 1, total: matrices.length });
  }
  return { file: model.path, format: model.format, layers, skipped: left, notes: model.notes };
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

/** Returns the layers of a model whose names match. @throws RangeError where there is none */
export function selectLayers(
  model: ModelFile,
  pattern?: string,
): { layers: readonly WeightMatrix[]; skipped: readonly Skipped[] } {
  const { layers, skipped } = layersOf(model);
  if (layers.length === 0) {
    const reasons = skipped.slice(0, 3).map(({ name, reason }) => `${name}: ${reason}`);
    throw invalid(
      'model',
      model.path,
      `a file with a layer to measure; ${reasons.join('; ') || 'it has no tensor'}`,
    );
  }
  if (pattern === undefined) return { layers, skipped };
  const regular = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const matches = new RegExp(`^${regular.join('.*')}$`, 's');
  const chosen = layers.filter(({ name }) => matches.test(name));
  const names = layers.slice(0, 5).map(({ name }) => name);
  if (chosen.length === 0)
    throw invalid('layers', pattern, `a pattern that a layer matches, such as ${names.join(', ')}`);
  return { layers: chosen, skipped };
}

/** Returns checked settings. */
export function resolveWeightOptions(options: MeasureWeightsOptions): WeightOptions {
  checkOptions(options, ['tolerances', 'baseline', 'seed', 'fold', 'layers', 'signal', 'onProgress']);
  const { baseline = 'permuted', seed = 0, fold = false } = options;
  if (!baselineNames.includes(baseline)) throw invalid('baseline', baseline, baselineNames.join(', '));
  return {
    tolerances: parseTolerances(options.tolerances ?? defaultWeightTolerances),
    baseline,
    seed: checkSeed(seed),
    fold,
  };
}
