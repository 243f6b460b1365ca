import { invalid } from '../../errors.js';
import { entryOf } from '../../lookups.js';
import type { Skipped } from '../../formats/model-file.js';
import {
  abortSignal,
  any,
  callback,
  listOf,
  maybe,
  numberThat,
  oneOf,
  orElse,
  readOptions,
  strict,
  wholeFrom,
  type OptionEntries,
} from '../../schema.js';
import { featureStages, type FeatureStage, type ValuePlace } from '../running/feature-places.js';
import type { ModelInputs } from '../inputs/model-inputs.js';
import type { Runnable } from '../running/runnable.js';
import { groupValues, sumFeatures, whyTooWide } from './sum-features.js';

/** Bytes of Gram matrices held at once. */
export const GRAM_BYTES = 2 ** 29;

/** The sums over all columns of a layer's features: one row per channel, one column per sample and position. */
export interface FeatureGram {
  /** The layer whose output this is: the name of its weights in `layersOf`, without `[2]` of a group. */
  readonly layer: string;
  readonly stage: FeatureStage;
  /** The name of the value in the model. */
  readonly value: string;
  readonly channels: number;
  /** Samples x positions. */
  readonly columns: number;
  /**
   * A Aᵀ, not centred; full and symmetric, channels x channels, row-major. The centred one is
   * gram - sums sumsᵀ / columns.
   */
  readonly gram: Float64Array;
  /** The sum of each channel over all columns. */
  readonly sums: Float64Array;
  /** The number of the part of the inputs, from 0. */
  readonly part: number;
}

/** How Gram matrices are collected. */
export interface CollectOptions {
  /** The inputs of each part, by number: each part has Gram matrices of its own. @default one part of all inputs */
  readonly parts?: readonly (readonly number[])[] | undefined;
  /** @default before and after */
  readonly stages?: readonly FeatureStage[] | undefined;
  /** Keeps the layers for which this is true. @default all */
  readonly layers?: ((layer: string) => boolean) | undefined;
  /** Inputs run at once. @default as many as keep the fetched values within their bound */
  readonly batch?: number | undefined;
  /** Bytes for Gram matrices; the inputs are run once per group that fits. @default 2^29 */
  readonly memoryBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
  /** Called with each layer whose features are not accessible. */
  readonly onSkipped?: ((skipped: Skipped) => void) | undefined;
}

const collectOptions = strict({
  parts: maybe(any<readonly (readonly number[])[]>()),
  stages: orElse(listOf(oneOf(featureStages), featureStages.length), ['before', 'after']),
  layers: orElse(callback<(layer: string) => boolean>(), () => true),
  batch: maybe(wholeFrom(1)),
  memoryBytes: orElse(
    numberThat((bytes) => bytes > 0, 'a number > 0'),
    GRAM_BYTES,
  ),
  signal: maybe(abortSignal),
  onProgress: maybe(callback<NonNullable<CollectOptions['onProgress']>>()),
  onSkipped: maybe(callback<NonNullable<CollectOptions['onSkipped']>>()),
} satisfies OptionEntries<CollectOptions>);

/**
 * Yields the Gram matrix of each layer's features, not centred, with the sums of its channels, in forward order. The
 * parts of one place follow one another. Layers whose features are not accessible are passed to `onSkipped`.
 *
 * @throws RangeError for an invalid option; the signal's reason
 * @example
 * for await (const { layer, stage, gram, sums } of collectGrams(model, inputs, { stages: ['before'] })) ...
 */
export async function* collectGrams(
  runnable: Runnable,
  inputs: ModelInputs,
  options: CollectOptions = {},
): AsyncGenerator<FeatureGram> {
  const { stages, layers, memoryBytes, ...given } = readOptions(collectOptions, options);
  const parts = given.parts ?? [Array.from({ length: inputs.count }, (_, i) => i)];
  checkParts(parts, inputs.count);
  const wanted = runnable.places
    .filter(({ layer }) => layers(layer))
    .flatMap((place) =>
      featureStages.flatMap((stage): { layer: string; stage: FeatureStage; place: ValuePlace }[] => {
        const at = place.stages[stage];
        return at && stages.includes(stage) ? [{ layer: place.layer, stage, place: at }] : [];
      }),
    );
  for (const { layer, place } of wanted) {
    const reason = whyTooWide(place);
    if (reason !== undefined) given.onSkipped?.({ name: layer, reason: `${place.value}: ${reason}` });
  }
  const groups = groupValues(
    wanted.map(({ place }) => place).filter((place) => whyTooWide(place) === undefined),
    memoryBytes,
    parts.length,
  );
  const each = parts.reduce((sum, { length }) => sum + length, 0);
  for (const [i, group] of groups.entries()) {
    given.signal?.throwIfAborted();
    const { sums, failed } = await sumFeatures(runnable, inputs, group, {
      ...{ parts, fresh: true, batch: given.batch, signal: given.signal },
      onInputs: (done) => given.onProgress?.({ done: i * each + done, total: groups.length * each }),
    });
    given.signal?.throwIfAborted();
    const own = new Set(group.map(({ value }) => value));
    for (const { layer, stage, place } of wanted) {
      const { value, channels } = place;
      if (!own.has(value)) continue;
      const reason = failed.get(value);
      if (reason !== undefined) {
        given.onSkipped?.({ name: layer, reason: `${value}: ${reason}` });
        continue;
      }
      for (const [part, sum] of sums.entries()) {
        const { gram, columns } = entryOf(sum, value);
        yield { layer, stage, value, channels, columns, gram: gram.entries(), sums: gram.sums, part };
      }
    }
  }
}

function checkParts(parts: readonly (readonly number[])[], count: number): void {
  if (parts.length === 0 || parts.some(({ length }) => length === 0))
    throw invalid('parts', `${parts.length} parts`, 'at least one part, none of them empty');
  const wrong = parts.flat().find((index) => !Number.isSafeInteger(index) || index < 0 || index >= count);
  if (wrong !== undefined) throw invalid('input', wrong, `a whole number from 0 to ${count - 1}`);
}
