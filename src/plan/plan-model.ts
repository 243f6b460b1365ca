import { invalid, messageOf } from '../errors.js';
import { entryOf } from '../lookups.js';
import { collectGrams, type FeatureGram } from '../features/sums/collect-grams.js';
import type { FeaturePlace } from '../features/running/feature-places.js';
import type { ModelInputs } from '../features/inputs/model-inputs.js';
import type { Runnable } from '../features/running/runnable.js';
import { layersOf } from '../formats/layers/layers-of.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { LayerKind, ModelFile, Skipped } from '../formats/model-file.js';
import {
  abortSignal,
  callback,
  maybe,
  numberThat,
  orElse,
  readOptions,
  strict,
  wholeFrom,
  type OptionEntries,
} from '../schema.js';
import { planLayer, type LayerPlan } from './plan-layer.js';
import { removableChannels, type RemovableChannel } from './removable-channels.js';
import { widthGain, type WidthGain } from './width-gain.js';

export interface PlanOptions {
  /** The relative error that each layer's response may have, in (0, 1). @default 0.05 */
  readonly error?: number | undefined;
  /** Keeps the layers for which this is true. @default all */
  readonly layers?: ((layer: string) => boolean) | undefined;
  /** Inputs run at once. @default as memory allows */
  readonly batch?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

const planOptions = strict({
  error: orElse(
    numberThat((error) => error > 0 && error < 1, 'a number between 0 and 1, such as 0.05'),
    0.05,
  ),
  layers: maybe(callback<(layer: string) => boolean>()),
  batch: maybe(wholeFrom(1)),
  signal: maybe(abortSignal),
  onProgress: maybe(callback<NonNullable<PlanOptions['onProgress']>>()),
} satisfies OptionEntries<PlanOptions>);

/** The plan of one layer of a model. */
export interface ModelLayerPlan extends LayerPlan {
  readonly layer: string;
  readonly kind: LayerKind;
  /** Positions of one input. */
  readonly positions: number;
  /** Multiply-adds of one input. */
  readonly macs: { readonly before: number; readonly after: number };
}

/** The channels of a layer behind its activation, or of its response without one. */
export interface LayerChannels {
  readonly layer: string;
  readonly stage: 'response' | 'after';
  readonly channels: number;
  /** Removable channels that the held-out inputs confirm, to within 1e-4. */
  readonly removable: readonly RemovableChannel[];
  readonly width: WidthGain;
}

/** The plan of a model. */
export interface ModelPlan {
  readonly file: string;
  readonly format: string;
  readonly runner: string;
  readonly error: number;
  /** The inputs, and how many of them decided and how many checked the plan. */
  readonly inputs: { readonly words: string; readonly calibrating: number; readonly heldOut: number };
  /** In forward order. */
  readonly layers: readonly ModelLayerPlan[];
  readonly channels: readonly LayerChannels[];
  /** Multiply-adds of the planned layers, with the two layers where they save some. */
  readonly macs: { readonly before: number; readonly after: number };
  readonly skipped: readonly Skipped[];
}

/**
 * Returns the plan of a model that runs. Each linear layer and 1 x 1 convolution has the smallest rank whose response
 * keeps the error on the first half of the inputs, with the error on the second half beside it. The plan also names the
 * channels that can be removed and the layers whose width is used up. Memory holds the Gram matrices that
 * `collectGrams` holds.
 *
 * @throws RangeError for an error outside (0, 1), fewer than two inputs, or no layer to plan
 */
export async function planModel(
  file: ModelFile,
  runnable: Runnable,
  inputs: ModelInputs,
  options: PlanOptions = {},
): Promise<ModelPlan> {
  const { error, layers: chosen = () => true, ...run } = readOptions(planOptions, options);
  const [calibrating, heldOut] = halves(inputs.count);
  const matrices = new Map(layersOf(file).layers.map((matrix) => [matrix.name, matrix]));
  const planned = new Map<string, { matrix: WeightMatrix; place: FeaturePlace }>();
  const skipped: Skipped[] = [...runnable.skipped];
  for (const place of runnable.places) {
    if (!chosen(place.layer)) continue;
    const matrix = plannable(place, matrices.get(place.layer));
    if (typeof matrix === 'string') skipped.push({ name: place.layer, reason: matrix });
    else planned.set(place.layer, { matrix, place });
  }
  if (planned.size === 0)
    throw invalid(
      'layers to plan',
      'none',
      'a model with a linear layer or a 1 x 1 convolution that is chosen',
    );
  const layers: ModelLayerPlan[] = [];
  const channels: LayerChannels[] = [];
  const open = new Map<string, FeatureGram>();
  const grams = collectGrams(runnable, inputs, {
    ...run,
    parts: [calibrating, heldOut],
    stages: ['response', 'after'],
    layers: (layer) => planned.has(layer),
    onSkipped: (one) => skipped.push(one),
  });
  for await (const gram of grams) {
    const key = `${gram.stage} ${gram.layer}`;
    const first = open.get(key);
    if (!first) {
      open.set(key, gram);
      continue;
    }
    open.delete(key);
    const { matrix, place } = entryOf(planned, gram.layer);
    const positions = first.columns / calibrating.length;
    const seen = { calibrating: first, heldOut: gram };
    try {
      if (gram.stage === 'response') layers.push(await planOf(matrix, seen, error, positions));
      if (gram.stage === 'after' || !place.stages.after)
        channels.push(channelsOf(gram.stage as 'after', matrix, seen, error, positions));
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      skipped.push({ name: gram.layer, reason: messageOf(cause) });
    }
  }
  const sum = (of: (layer: ModelLayerPlan) => number) => layers.reduce((all, layer) => all + of(layer), 0);
  return {
    ...{ file: runnable.path, format: runnable.format, runner: runnable.runner, error },
    inputs: { words: inputs.words, calibrating: calibrating.length, heldOut: heldOut.length },
    ...{ layers, channels, skipped },
    macs: {
      before: sum(({ macs }) => macs.before),
      after: sum(({ macs, saves }) => (saves ? macs.after : macs.before)),
    },
  };
}

/**
 * The most that a removed channel may lose on held-out inputs, as a share of its own variation. Errors of float32 are
 * smaller.
 */
const CONFIRMED = 1e-4;

/** Returns the indices of the inputs that decide, and of those that check. */
function halves(count: number): [number[], number[]] {
  if (count < 2)
    throw invalid('count', count, 'at least 2 inputs: half of them decide the plan, half check it');
  const numbers = Array.from({ length: count }, (_, i) => i);
  return [numbers.slice(0, Math.ceil(count / 2)), numbers.slice(Math.ceil(count / 2))];
}

/** Returns the matrix of a layer that can be planned, or the reason why it has no plan. */
function plannable(place: FeaturePlace, matrix: WeightMatrix | undefined): WeightMatrix | string {
  const { kind, fanIn, input, channels, stages } = place;
  if (kind !== 'linear' && kind !== 'convolution')
    return `a ${kind}: only linear layers and 1 x 1 convolutions are planned`;
  if (fanIn !== input.channels) return 'its kernel has more than one position, or its inputs are in groups';
  if (!matrix) return 'its weights are several matrices';
  if (matrix.rows !== channels || matrix.columns !== fanIn)
    return 'its weights are not one matrix of its sizes';
  if (!stages.response) return 'its response is not seen: the runner fuses its activation or normalization';
  return matrix;
}

interface Seen {
  readonly calibrating: FeatureGram;
  readonly heldOut: FeatureGram;
}

async function planOf(
  matrix: WeightMatrix,
  seen: Seen,
  error: number,
  positions: number,
): Promise<ModelLayerPlan> {
  const { name, kind, rows, columns } = matrix;
  const data = await matrix.read(0, rows);
  const plan = planLayer({ weights: { data, rows, columns }, ...seen }, error);
  const { before, after } = plan.parameters;
  return {
    layer: name,
    kind,
    ...plan,
    positions,
    macs: { before: before * positions, after: after * positions },
  };
}

function channelsOf(
  stage: 'response' | 'after',
  { name, rows, columns }: WeightMatrix,
  { calibrating, heldOut }: Seen,
  error: number,
  positions: number,
): LayerChannels {
  const bound = stage === 'after' ? rows : Math.min(rows, columns);
  return {
    ...{ layer: name, stage, channels: rows },
    removable: removableChannels(calibrating, heldOut).filter(
      ({ heldOut: loss }) => (loss ?? 0) <= CONFIRMED,
    ),
    width: widthGain(calibrating, error, columns * positions, bound),
  };
}
