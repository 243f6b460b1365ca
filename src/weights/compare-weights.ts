import { invalid, unknown } from '../errors.js';
import type { FormatName, ModelFile, Skipped } from '../formats/model-file.js';
import {
  abortSignal,
  any,
  callback,
  countTo,
  flag,
  listOf,
  maybe,
  numberThat,
  orElse,
  readOptions,
  strict,
  textTo,
  wholeFrom,
  type OptionEntries,
} from '../schema.js';
import { parseTolerances, type ToleranceLike } from '../rank/tolerance.js';
import {
  compareLayerWeights,
  type ComparisonSettings,
  type LayerComparison,
} from './compare-layer-weights.js';
import { matchLayers, type MatchedLayers } from './match-layers.js';
import { defaultWeightTolerances } from './measure-weights.js';
import { selectLayers } from './select-layers.js';
import { twinNames, twinOf, type TwinName } from './twin-of.js';

/** The default errors. */
export const defaultErrors = [0.05, 0.1] as const;
/** The default dimension of the subspaces. */
export const defaultSubspace = 8;

export interface CompareWeightsOptions {
  /** @default numpy, relative:0.01 and energy:0.99 */
  readonly tolerances?: readonly ToleranceLike[] | undefined;
  /** Relative Frobenius errors of the difference for which ranks are counted, each in (0, 1). @default 0.05 and 0.1 */
  readonly errors?: readonly number[] | undefined;
  /** Leading singular vectors whose spans are compared. @default 8 */
  readonly subspace?: number | undefined;
  /**
   * Whether rows are multiplied by the factors of the normalization behind the layer. A layer is left out if only one
   * of the graphs gives them.
   * @default false
   */
  readonly fold?: boolean | undefined;
  /** The seed of a twin. @default 0 */
  readonly seed?: number | undefined;
  /** Keeps the layers of the first model whose name matches; `*` stands for any letters. @default all */
  readonly layers?: string | undefined;
  /** No new layer begins once it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each layer with the number of finished layers. */
  readonly onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

const compareWeightsOptions = strict({
  tolerances: orElse(any<readonly ToleranceLike[]>(), defaultWeightTolerances),
  errors: orElse(
    listOf(
      numberThat((error) => error > 0 && error < 1, 'a number between 0 and 1, such as 0.05'),
      100,
    ),
    [...defaultErrors],
  ),
  subspace: orElse(countTo(Number.MAX_SAFE_INTEGER), defaultSubspace),
  fold: orElse(flag, false),
  seed: orElse(wholeFrom(0), 0),
  layers: maybe(textTo(10_000)),
  signal: maybe(abortSignal),
  onProgress: maybe(callback<NonNullable<CompareWeightsOptions['onProgress']>>()),
} satisfies OptionEntries<CompareWeightsOptions>);

/** Two models, layer by layer, and the layers that could not be compared. */
export interface WeightComparison {
  readonly files: readonly [string, string];
  readonly formats: readonly [FormatName, FormatName];
  readonly layers: readonly LayerComparison[];
  readonly skipped: readonly Skipped[];
  readonly notes: readonly string[];
}

/**
 * Compares the weights of two open models, layer by layer. A layer has the spectrum of the difference and the ranks
 * that hold it, which a LoRA needs, the angles between the leading subspaces, and the ranks and metrics of both. Layers
 * are matched by name and sizes. One layer after another is read. In place of the second model, `permuted` and
 * `gaussian` stand for a twin of the first without what it learned.
 *
 * @throws RangeError for an invalid option, or models that share no layer
 * @example
 * const [base, tuned] = [await openModel('base.safetensors'), await openModel('tuned.safetensors')];
 * const { layers } = await compareWeights(base, tuned, { errors: [0.1] });
 * for (const { name, difference } of layers) console.log(name, difference.holding[0].rank);
 */
export async function compareWeights(
  first: ModelFile,
  second: ModelFile | TwinName,
  options: CompareWeightsOptions = {},
): Promise<WeightComparison> {
  const settings = resolveComparison(options);
  const { matched, skipped } = sharedLayers(first, second, options);
  const [layers, left]: [LayerComparison[], Skipped[]] = [[], [...skipped]];
  for (const [i, pair] of matched.entries()) {
    if (options.signal?.aborted) break;
    const compared = await compareOrSkip(pair, settings);
    if ('reason' in compared) left.push(compared);
    else layers.push(compared);
    options.onProgress?.({ done: i + 1, total: matched.length });
  }
  return { ...headOf(first, second), layers, skipped: left };
}

/** Returns the facts about the two models that precede their layers. */
export function headOf(
  first: ModelFile,
  second: ModelFile | TwinName,
): Pick<WeightComparison, 'files' | 'formats' | 'notes'> {
  if (typeof second === 'string')
    return {
      files: [first.path, `its ${second} twin`],
      formats: [first.format, first.format],
      notes: first.notes,
    };
  return {
    files: [first.path, second.path],
    formats: [first.format, second.format],
    notes: [...new Set([...first.notes, ...second.notes])],
  };
}

/** Compares a layer, or returns why it cannot be. */
export async function compareOrSkip(
  pair: MatchedLayers,
  settings: ComparisonSettings,
): Promise<LayerComparison | Skipped> {
  try {
    return await compareLayerWeights(pair, settings);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { name: pair.name, reason: error.message };
  }
}

/** Returns the layers that both models have, and those that only one has. @throws RangeError where they share none */
export function sharedLayers(
  first: ModelFile,
  second: ModelFile | TwinName,
  { layers: pattern, seed = 0 }: Pick<CompareWeightsOptions, 'layers' | 'seed'>,
): { matched: readonly MatchedLayers[]; skipped: readonly Skipped[] } {
  if (typeof second === 'string') {
    if (!twinNames.includes(second)) throw unknown('twin', second, twinNames);
    const { layers } = selectLayers(first, pattern);
    return {
      matched: layers.map((one) => ({ name: one.name, one, other: twinOf(one, second, seed) })),
      skipped: [],
    };
  }
  const [one, other] = [selectLayers(first, pattern), selectLayers(second)];
  const { matched, unmatched } = matchLayers(one.layers, other.layers);
  if (matched.length === 0) {
    const some = unmatched.slice(0, 3).map(({ name, reason }) => `${name}: ${reason}`);
    throw invalid(
      'models to compare',
      `${first.path} and ${second.path}`,
      `two files that share a layer of one name and the same sizes; ${some.join('; ')}`,
    );
  }
  const chosen =
    pattern === undefined ? unmatched : unmatched.filter(({ reason }) => !/only in the second/.test(reason));
  return { matched, skipped: chosen };
}

/** Returns checked settings. */
export function resolveComparison(
  options: CompareWeightsOptions,
): ComparisonSettings & { readonly seed: number } {
  const { tolerances, errors, subspace, fold, seed } = readOptions(compareWeightsOptions, options);
  return { tolerances: parseTolerances(tolerances), errors: [...new Set(errors)], subspace, fold, seed };
}
