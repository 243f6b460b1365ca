import {
  abortSignal,
  any,
  callback,
  flag,
  maybe,
  numberThat,
  orElse,
  readOptions,
  strict,
  wholeFrom,
  type OptionEntries,
} from '../schema.js';
import { firstOf, lastOf } from '../lookups.js';
import type { LayerKind, Skipped } from '../formats/model-file.js';
import { checkSeed } from '../random/stream.js';
import { effectiveRank, largest, stableRank } from '../rank/metrics.js';
import { type RankResult, spectrumAndRanksOfSum } from '../rank/rank.js';
import { parseTolerances, type Tolerance, type ToleranceLike } from '../rank/tolerance.js';
import type { GramSum } from '../spectrum/wasm/gram/gram-sum.js';
import { bottleneck, bottleneckTolerance, type Bottleneck, type RankInterval } from './bottleneck.js';
import { activationDefinitions } from '../activations/definitions.js';
import { channelShares, type ChannelRanges, type ChannelShares } from '../layers/channel-shares.js';
import { GRAM_BYTES } from './sums/collect-grams.js';
import type { FeaturePlace, ValuePlace } from './running/feature-places.js';
import type { FeatureSum } from './sums/feature-sum.js';
import type { ModelInputs } from './inputs/model-inputs.js';
import { randomColumns, randomLayer } from './random-layer.js';
import type { Runnable } from './running/runnable.js';
import { groupValues, sumFeatures, whyTooWide } from './sums/sum-features.js';

/** The default tolerances. */
export const defaultFeatureTolerances = ['relative:0.01', 'energy:0.99'] as const;

export interface MeasureFeaturesOptions {
  /** @default relative:0.01 and energy:0.99 */
  readonly tolerances?: readonly ToleranceLike[] | undefined;
  /** Whether each layer is compared with a random layer of its sizes. @default true */
  readonly reference?: boolean | undefined;
  /** Seed of the random layers. @default 0 */
  readonly seed?: number | undefined;
  /** Keeps the layers for which this is true. @default all */
  readonly layers?: ((layer: string) => boolean) | undefined;
  /** Inputs run at once. @default as many as keep the fetched values within 2^28 bytes, at most 32 */
  readonly batch?: number | undefined;
  /** Bytes for Gram matrices; the inputs are run once per group of layers that fits. @default 2^29 */
  readonly memoryBytes?: number | undefined;
  /** Stops between two batches; the inputs that have run are measured. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

/** A rank of features at one tolerance. */
export interface FeatureRank extends Pick<
  RankResult,
  'rank' | 'lower' | 'upper' | 'certified' | 'rankRatio'
> {
  readonly rule: string;
}

/** Ranks and metrics of the singular values of features. */
export interface FeatureSpectrum {
  readonly ranks: readonly FeatureRank[];
  readonly effectiveRank: number;
  /** effective rank / channels. */
  readonly effectiveRatio: number;
  readonly stableRank: number;
  readonly largest: number;
  /** Descending. */
  readonly spectrum: Float64Array;
}

/** The same numbers for another set of columns, without the singular values. */
export type FeatureNumbers = Omit<FeatureSpectrum, 'spectrum' | 'largest'>;

/** The measurements of a layer's features, before or behind its activation. */
export interface LayerFeatures {
  readonly layer: string;
  readonly kind: LayerKind;
  /** `before` the activation and behind the normalization, or `after` it. */
  readonly stage: 'before' | 'after';
  /** The name of the value in the model. */
  readonly value: string;
  /** The activation as the graph has it; null without one. */
  readonly activation: string | null;
  readonly channelsIn: number;
  readonly channels: number;
  /** Channels in / channels. */
  readonly dimensionRatio: number;
  /** Samples x positions. */
  readonly columns: number;
  /** Less the mean of each channel. */
  readonly centred: FeatureSpectrum;
  readonly uncentred: FeatureSpectrum;
  readonly shares: ChannelShares;
  /** A random layer of the same sizes, centred and not; null without one. */
  readonly random: {
    readonly columns: number;
    readonly centred: FeatureNumbers;
    readonly uncentred: FeatureNumbers;
  } | null;
  /**
   * The centred numbers of the first half of the inputs; null without a half. They show how much the numbers still
   * change.
   */
  readonly half: (FeatureNumbers & { readonly columns: number }) | null;
  /** Whether there are too few columns: fewer than two per channel, or a number that changed by more than 5 %. */
  readonly few: boolean;
  /** The loss of a layer that the rule of `bottleneck` marks; only at its last stage. */
  readonly bottleneck: Bottleneck | null;
}

/** The features of a model, layer by layer, and the skipped layers. */
export interface ModelFeatures {
  readonly file: string;
  readonly format: string;
  readonly runner: string;
  readonly inputs: {
    readonly count: number;
    /** The number of inputs that have run; fewer than given if it was stopped. */
    readonly ran: number;
    readonly words: string;
    readonly settings: object;
  };
  readonly features: readonly LayerFeatures[];
  readonly skipped: readonly Skipped[];
}

const featureOptions = strict({
  tolerances: orElse(any<readonly ToleranceLike[]>(), [...defaultFeatureTolerances]),
  reference: orElse(flag, true),
  seed: orElse(wholeFrom(0), 0),
  layers: orElse(callback<(layer: string) => boolean>(), () => true),
  batch: maybe(wholeFrom(1)),
  memoryBytes: orElse(
    numberThat((bytes) => bytes > 0, 'a number > 0'),
    GRAM_BYTES,
  ),
  signal: maybe(abortSignal),
  onProgress: maybe(callback<NonNullable<MeasureFeaturesOptions['onProgress']>>()),
} satisfies OptionEntries<MeasureFeaturesOptions>);

/** The relative change of a number that is allowed between half of the inputs and all. */
const SETTLED = 0.05;

/**
 * Runs inputs through a model and measures the features of every layer in forward order. They are measured before and
 * after the activation, centred and not. Memory: Gram matrices of `memoryBytes`, values of at most 2^28 bytes, and the
 * model that runs.
 *
 * @throws RangeError for an invalid option or fewer than two inputs
 * @example
 * const model = await openRunnable('mobilenet.onnx');
 * const inputs = await openInputs('photos', model.inputs);
 * const { features } = await measureFeatures(model, inputs);
 * for (const { layer, stage, centred } of features) console.log(layer, stage, centred.ranks[0]!.rank);
 */
export async function measureFeatures(
  runnable: Runnable,
  inputs: ModelInputs & { readonly settings?: object },
  options: MeasureFeaturesOptions = {},
): Promise<ModelFeatures> {
  const { memoryBytes, layers, batch, signal, onProgress, ...given } = readOptions(featureOptions, options);
  const settings = { ...given, tolerances: parseTolerances(given.tolerances), seed: checkSeed(given.seed) };
  const places = runnable.places.filter(({ layer }) => layers(layer));
  const wanted = places.flatMap(valuesOf).filter((place) => whyTooWide(place) === undefined);
  const groups = groupValues(wanted, memoryBytes, 1);
  const half = Math.floor(inputs.count / 2);
  const indices = Array.from({ length: inputs.count }, (_, i) => i);
  const parts = half === 0 ? [indices] : [indices.slice(0, half), indices.slice(half)];
  const total = groups.length * inputs.count;
  const measured = new Map<string, MeasuredValue>();
  const failed = new Map<string, string>();
  let ran = 0;
  for (const [i, group] of groups.entries()) {
    const halves = new Map<string, MeasuredHalf>();
    const summed = await sumFeatures(runnable, inputs, group, {
      ...{ parts, fresh: false, batch, signal },
      onInputs: (done) => {
        ran = done;
        onProgress?.({ done: i * inputs.count + done, total });
      },
      afterPart: (part, sums) => {
        if (part > 0 || parts.length === 1) return;
        for (const [value, sum] of sums)
          if (sum.columns > 0) halves.set(value, halfOf(sum, settings.tolerances));
      },
    });
    for (const [value, reason] of summed.failed) failed.set(value, reason);
    for (const [value, sum] of firstOf(summed.sums))
      if (!failed.has(value) && sum.columns > 0)
        measured.set(value, { ...measureValue(sum, settings.tolerances), half: halves.get(value) ?? null });
    if (signal?.aborted) break;
  }
  const features: LayerFeatures[] = [];
  const skipped: Skipped[] = [...runnable.skipped];
  const randoms = new Map<string, NonNullable<LayerFeatures['random']>>();
  for (const place of places) {
    const rows = rowsOf(place, measured);
    for (const row of rows) features.push({ ...row, random: await randomOf(row, place, settings, randoms) });
    for (const stage of ['before', 'after'] as const) {
      const at = place.stages[stage];
      const reason = at && (failed.get(at.value) ?? whyTooWide(at));
      if (reason !== undefined && !skipped.some(({ name }) => name === place.layer))
        skipped.push({ name: place.layer, reason });
    }
  }
  if (signal?.aborted) {
    const known = new Set([...features.map(({ layer }) => layer), ...skipped.map(({ name }) => name)]);
    for (const { layer } of places)
      if (!known.has(layer)) skipped.push({ name: layer, reason: 'stopped before any input ran for it' });
  }
  return {
    ...{ file: runnable.path, format: runnable.format, runner: runnable.runner },
    inputs: { count: inputs.count, ran, words: inputs.words, settings: inputs.settings ?? {} },
    ...{ features, skipped },
  };
}

type MeasuredHalf = FeatureNumbers & { readonly columns: number };
interface MeasuredValue {
  readonly sum: ChannelRanges & { readonly columns: number };
  readonly centred: FeatureSpectrum;
  readonly uncentred: FeatureSpectrum;
  /** Centred, at the tolerance of the bottleneck rule. */
  readonly rank: RankInterval;
  readonly half: MeasuredHalf | null;
}

/** The values that a layer needs: its input, and its features. */
function valuesOf({ input, stages }: FeaturePlace): ValuePlace[] {
  return [input, stages.before, stages.after].filter((place) => place !== undefined);
}

function measureValue(sum: FeatureSum, tolerances: readonly Tolerance[]): Omit<MeasuredValue, 'half'> {
  const own = [...tolerances, ...parseTolerances([bottleneckTolerance])];
  const centred = spectrumOf(sum.gram, own, true);
  const rank = lastOf(centred.ranks);
  return {
    sum: rangesOf(sum),
    centred: { ...centred, ranks: centred.ranks.slice(0, -1) },
    uncentred: spectrumOf(sum.gram, tolerances, false),
    rank: { lower: rank.lower, upper: rank.upper },
  };
}

/** The sums of a layer without its Gram matrix, which is freed. */
function rangesOf({ lowest, highest, magnitudes, columns }: FeatureSum): MeasuredValue['sum'] {
  return { lowest, highest, magnitudes, columns };
}

function halfOf({ gram }: FeatureSum, tolerances: readonly Tolerance[]): MeasuredHalf {
  return { ...numbersOf(spectrumOf(gram, tolerances, true)), columns: gram.columns };
}

function spectrumOf(sum: GramSum, tolerances: readonly Tolerance[], centred: boolean): FeatureSpectrum {
  const { spectrum, ranks } = spectrumAndRanksOfSum(sum, tolerances, 'float32', { centred });
  const effective = effectiveRank(spectrum);
  return {
    ranks: ranks.map(({ rank, lower, upper, certified, rankRatio, tolerance }) => ({
      ...{ rule: tolerance.rule, rank, lower, upper, certified, rankRatio },
    })),
    effectiveRank: effective,
    effectiveRatio: effective / sum.rows,
    stableRank: stableRank(spectrum),
    largest: largest(spectrum),
    spectrum,
  };
}

function numbersOf({ ranks, effectiveRank, effectiveRatio, stableRank }: FeatureSpectrum): FeatureNumbers {
  return { ranks, effectiveRank, effectiveRatio, stableRank };
}

function rowsOf(
  place: FeaturePlace,
  measured: ReadonlyMap<string, MeasuredValue>,
): Omit<LayerFeatures, 'random'>[] {
  const { layer, kind, input, activation, stages } = place;
  const [before, after] = [measured.get(stages.before?.value ?? ''), measured.get(stages.after?.value ?? '')];
  const entered = measured.get(input.value)?.rank ?? null;
  return (['before', 'after'] as const).flatMap((stage) => {
    const at = stages[stage];
    const found = stage === 'before' ? before : after;
    if (!at || !found) return [];
    const { centred, uncentred, half, sum } = found;
    const { channels, value } = at;
    const bend = stage === 'after' ? activation?.name : null;
    const pieces = bend ? activationDefinitions[bend].linearPieces : undefined;
    const isLast = stage === 'after' || !after;
    const sizes = { channels, columns: sum.columns };
    return {
      ...{ layer, kind, stage, value, activation: activation?.ops ?? null },
      ...{ channelsIn: input.channels, channels, dimensionRatio: input.channels / channels },
      ...{ columns: sum.columns, centred, uncentred, half },
      shares: channelShares(sum, before?.sum, pieces),
      few: sum.columns < 2 * channels || half === null || hasMoved(half, centred),
      bottleneck: isLast ? bottleneck(entered, found.rank, sizes) : null,
    };
  });
}

/** Whether half of the inputs give an effective rank or a rank that is off by more than 5 %. */
function hasMoved(half: FeatureNumbers, all: FeatureNumbers): boolean {
  const far = (one: number, other: number) => Math.abs(one - other) > Math.max(1, SETTLED * other);
  return (
    far(half.effectiveRank, all.effectiveRank) ||
    half.ranks.some(({ rank }, i) => far(rank, all.ranks[i]!.rank))
  );
}

async function randomOf(
  { channels, columns, stage }: Omit<LayerFeatures, 'random'>,
  { kind, fanIn, activation }: FeaturePlace,
  { reference, seed, tolerances }: { reference: boolean; seed: number; tolerances: readonly Tolerance[] },
  known: Map<string, NonNullable<LayerFeatures['random']>>,
): Promise<LayerFeatures['random']> {
  const bend = stage === 'after' ? (activation?.name ?? null) : null;
  // an activation that rankscope does not know has no random layer
  if (!reference || (stage === 'after' && bend === null) || kind === 'embedding') return null;
  const sizes = { kind, fanIn, channels, columns, activation: bend };
  const key = JSON.stringify([kind === 'depthwise convolution', fanIn, channels, randomColumns(sizes), bend]);
  const before = known.get(key);
  if (before) return before;
  const sum = await randomLayer(sizes, seed);
  const found = {
    columns: sum.columns,
    centred: numbersOf(spectrumOf(sum, tolerances, true)),
    uncentred: numbersOf(spectrumOf(sum, tolerances, false)),
  };
  known.set(key, found);
  return found;
}
