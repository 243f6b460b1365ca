import { boundedMean } from '../statistics/bounded-mean.js';
import { meanAndSd } from '../statistics/moments.js';

/** One weighted value of a contrast: a block, a dimension ratio, and the name of an activation or another value. */
export interface ContrastTerm {
  readonly block: string;
  readonly dimensionRatio: number;
  readonly value: string;
  readonly weight: number;
}

/** A weighted sum of means. A claim says that it is positive. */
export type Contrast = readonly ContrastTerm[];

/**
 * The layers of a block and dimension ratio, as numbers in [0, 1] per named value. All values are of the same layers.
 */
export interface LayerGroup {
  readonly block: string;
  readonly dimensionRatio: number;
  readonly values: Readonly<Record<string, ArrayLike<number>>>;
}

/** The estimate of a contrast from layers. */
export interface Estimate {
  readonly estimate: number;
  /** The interval covers the contrast with probability 1 - alpha at least, for any number of layers. */
  readonly low: number;
  readonly high: number;
  /** A p-value of "the contrast is 0"; at most alpha where the interval does not hold 0. */
  readonly p: number;
  /** The estimate divided by the standard deviation of one layer's contribution; null where layers do not differ. */
  readonly standardised: number | null;
}

/**
 * Returns the estimate of a contrast, with an interval that needs no assumption on how the layers spread.
 *
 * All activations of a group are measured on the same layers, so the terms are summed layer by layer before anything is
 * averaged (paired differences): what layers have in common falls out. Layers of different groups are independent, so the
 * sums over the i-th layers of all groups are independent and alike for all i. They lie between the sum of the negative
 * weights and that of the positive ones; the interval is that of {@link boundedMean} for values so bounded. Where groups have
 * different numbers of layers, the fewest count.
 *
 * @param alpha the probability that the interval does not hold the contrast
 * @throws RangeError if a group or a value is missing, has no layers, or lies outside [0, 1]
 */
export function estimateContrast(groups: readonly LayerGroup[], contrast: Contrast, alpha = 0.05): Estimate {
  const terms = contrast.map(({ weight, ...term }) => ({ weight, numbers: numbersOf(groups, term) }));
  const layers = Math.min(...terms.map(({ numbers }) => numbers.length));
  const sums = Float64Array.from({ length: layers }, (_, layer) =>
    terms.reduce((sum, { weight, numbers }) => sum + weight * (numbers[layer] ?? NaN), 0),
  );
  const [min, max] = [-1, 1].map((sign) =>
    terms.reduce((sum, { weight }) => (sign * weight > 0 ? sum + weight : sum), 0),
  ) as [number, number];
  const range = max - min;
  // sums of binary fractions may leave the range by a rounding
  const shares = sums.map((sum) => Math.min(1, Math.max(0, (sum - min) / range)));
  const { low, high, p } = boundedMean(shares, alpha);
  const { mean, sd } = meanAndSd(sums);
  // means of binary fractions that should cancel leave some 1e-17
  const estimate = Math.abs(mean) < 1e-14 ? 0 : mean;
  return {
    estimate,
    low: min + range * low,
    high: min + range * high,
    p: p(-min / range),
    standardised: sd > 0 ? estimate / sd : null,
  };
}

function numbersOf(
  groups: readonly LayerGroup[],
  { block, dimensionRatio, value }: Omit<ContrastTerm, 'weight'>,
): ArrayLike<number> {
  const group = groups.find((one) => one.block === block && one.dimensionRatio === dimensionRatio);
  if (!group) throw new RangeError(`missing layers: ${block} at dimension ratio ${dimensionRatio}`);
  const numbers = group.values[value];
  if (!numbers || numbers.length === 0)
    throw new RangeError(`missing layers: ${value}, ${block} at dimension ratio ${dimensionRatio}`);
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] ?? NaN;
    if (!(number >= 0 && number <= 1))
      throw new RangeError(`invalid ${value}: ${number} (allowed: a share of the channels, in [0, 1])`);
  }
  return numbers;
}
