import { isFloat } from '../../formats/dtypes.js';
import type { LayerKind } from '../../formats/model-file.js';
import type { LayerWeights } from '../../weights/measure-layer-weights.js';
import type { RandomLayer } from './random-layer.js';
import { count, short, whole } from './format-numbers.js';

/** The reason why a layer is marked, in short and in words. */
export const marks = {
  unused: { label: 'unused directions', short: 'unused' },
  constant: { label: 'constant outputs', short: 'constant' },
  repeated: { label: 'repeated outputs', short: 'repeated' },
  uneven: { label: 'few strong directions', short: 'few strong' },
} as const;
export type Mark = keyof typeof marks;

/** Returns the rules by which layers are marked, beside a baseline of that name; null for none. */
export function markRules(baseline: string | null): Readonly<Record<Mark, string>> {
  return {
    unused:
      'fewer singular values above the rounding of the stored type than the sizes allow' +
      (baseline === null ? '' : `, though ${baseline} have as many`),
    constant: 'rows of zeros, whose output never depends on the input',
    repeated: 'rows that repeat an earlier row, number for number',
    uneven:
      baseline === null
        ? 'never without a baseline'
        : `an effective rank below two thirds of that of ${baseline}, where that is at least ${UNEVEN.minimum}`,
  };
}

/** The explanation of a layer in plain words. */
export interface Explanation {
  readonly marks: readonly Mark[];
  /** The main finding about the layer, and the reasons why it is marked. */
  readonly lead: readonly string[];
  readonly more: readonly string[];
}

/** The numbers of a layer that are explained. */
export type ExplainedLayer = Pick<
  LayerWeights,
  'kind' | 'rows' | 'columns' | 'dtype' | 'signalRank' | 'baseline' | 'metrics' | 'deadRows' | 'duplicateRows'
>;

/**
 * A layer is marked if its effective rank is below this share of that of random weights. Small ranks are not judged.
 */
const UNEVEN = { share: 2 / 3, minimum: 16 };
/** The share from which on a spectrum is about as even as that of random weights. */
const EVEN = 0.9;

/**
 * Returns the explanation of a layer in plain words, with the reasons if it is marked.
 * @param random the numbers of its baseline; undefined without one
 */
export function explainLayer(layer: ExplainedLayer, random?: RandomLayer): Explanation {
  const { rows, columns, dtype, signalRank, metrics, deadRows, duplicateRows, baseline } = layer;
  const full = Math.min(rows, columns);
  const unused = signalRank.upper < Math.min(full, random?.signal ?? full);
  const usual = random?.effectiveRank ?? 0;
  const share = usual > 0 ? metrics.effectiveRank / usual : undefined;
  const uneven = share !== undefined && usual >= UNEVEN.minimum && share < UNEVEN.share;
  const found: Mark[] = [
    ...(unused ? (['unused'] as const) : []),
    ...(deadRows > 0 ? (['constant'] as const) : []),
    ...(duplicateRows > 0 ? (['repeated'] as const) : []),
    ...(uneven ? (['uneven'] as const) : []),
  ];
  const other =
    baseline?.kind === 'gaussian' ? 'a random matrix of these sizes' : 'the same weights in random order';
  const spread =
    full > 1 && signalRank.rank > 0 ? [evenness(metrics.effectiveRank, share, random, other)] : [];
  return {
    marks: found,
    lead: [
      usedDirections(layer, full, random && `${other} would use ${whole(random.signal)}`),
      ...(deadRows > 0 ? [constantOutputs(layer, full)] : []),
      ...(duplicateRows > 0 ? [repeatedOutputs(layer)] : []),
      ...(uneven ? spread : []),
    ],
    more: [
      ...(uneven ? [] : spread),
      ...(full > 1 && baseline ? [strongDirections(baseline.beyond, other)] : []),
      ...(isFloat(dtype)
        ? []
        : [`The weights are stored as ${dtype}: the rounding is the step between neighbouring values.`]),
    ],
  };
}

function usedDirections(
  { dtype, signalRank, rows, columns }: ExplainedLayer,
  full: number,
  random?: string,
): string {
  const { rank, lower, upper } = signalRank;
  if (full === 0) return `Has no weights: ${rows} x ${columns}.`;
  if (upper === 0)
    return 'No direction is above the rounding of its stored type: the layer passes no signal on.';
  if (full === 1) return `Has one ${rows === 1 ? 'output' : 'input'}, so one direction.`;
  if (lower === full) return `Uses all ${whole(full)} directions above the rounding of ${dtype}.`;
  const used = lower === upper ? whole(rank) : `${whole(lower)} to ${whole(upper)}`;
  return `Uses ${used} of ${whole(full)} directions above the rounding of ${dtype}${random ? `; ${random}` : ''}.`;
}

function evenness(
  effectiveRank: number,
  share: number | undefined,
  random: RandomLayer | undefined,
  other: string,
): string {
  const own = `an effective rank of ${short(effectiveRank)}`;
  if (share === undefined || !random)
    return `Its strength is spread as over ${short(effectiveRank)} equal directions.`;
  const theirs = `where ${other} ${other.startsWith('the') ? 'have' : 'has'} ${short(random.effectiveRank)}`;
  if (share >= EVEN) return `Its strength is spread about as evenly as in random weights: ${own}, ${theirs}.`;
  if (share >= UNEVEN.share)
    return `Its strength is less evenly spread than in random weights: ${own}, ${theirs}.`;
  return `Its strength sits in few directions: ${own}, ${theirs}.`;
}

function strongDirections(beyond: number, other: string): string {
  if (beyond === 0) return `No direction is stronger than the strongest of ${other}.`;
  return `${count(beyond, 'direction')} ${beyond === 1 ? 'is' : 'are'} stronger than the strongest of ${other}.`;
}

function constantOutputs({ kind, rows, deadRows }: ExplainedLayer, full: number): string {
  const left = rows - deadRows;
  const isOne = deadRows === 1;
  const said =
    `${count(deadRows, outputOf(kind))} of ${whole(rows)} ${isOne ? 'has' : 'have'} only zero weights` +
    (outputOf(kind) === 'output' ? `, and ${isOne ? 'is' : 'are'} constant whatever the input.` : '.');
  return left < full
    ? `${said} That alone leaves at most ${whole(left)} of ${whole(full)} directions.`
    : said;
}

function repeatedOutputs({ kind, rows, duplicateRows }: ExplainedLayer): string {
  const verb = duplicateRows === 1 ? 'repeats' : 'repeat';
  return `${count(duplicateRows, outputOf(kind))} of ${whole(rows)} ${verb} the weights of an earlier one.`;
}

/** The word for a row of a layer's weights. */
function outputOf(kind: LayerKind): string {
  return /linear|convolution/.test(kind) ? 'output' : 'row';
}
