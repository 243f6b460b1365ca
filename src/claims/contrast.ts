import { studentTail } from '../statistics/student.js';
import { meanAndSd } from '../statistics/moments.js';

/** One term of a contrast: a mean over the layers of a block and dimension ratio, and its weight. */
export interface ContrastTerm {
  readonly block: string;
  readonly dimensionRatio: number;
  /** What is taken of each layer: a nonlinearity, or `bound`, the largest rank of the layer without one. */
  readonly value: string;
  readonly weight: number;
}

/** A weighted sum of means, whose expectation a claim is about. */
export type Contrast = readonly ContrastTerm[];

/** The layers of one block and dimension ratio: by name, one number a layer, all on the same layers. */
export interface LayerGroup {
  readonly block: string;
  readonly dimensionRatio: number;
  readonly values: Readonly<Record<string, ArrayLike<number>>>;
  /** The step in which the numbers move: the mean of 1 / channels for a rank ratio, 0 for what moves continuously. */
  readonly step: number;
}

/** What the layers say about a contrast. */
export interface Estimate {
  readonly estimate: number;
  readonly standardError: number;
  /** Degrees of freedom of the standard error. */
  readonly degreesOfFreedom: number;
  /** Two-sided p-value of "the contrast is 0". */
  readonly p: number;
  /** The estimate divided by the standard deviation of one layer's contribution; null where layers do not differ. */
  readonly standardised: number | null;
}

/**
 * Returns the estimate of a contrast with its standard error and the two-sided p-value of Student's t test.
 *
 * All nonlinearities of a group are measured on the same layers, so within a group the terms are summed layer by layer
 * before anything is averaged (paired differences): what layers have in common falls out. Groups have layers of their
 * own and are independent: the variance is the sum of the groups' s² / n, its degrees of freedom those of Welch
 * and Satterthwaite (Welch, "The generalization of Student's problem", Biometrika 34, 1947).
 *
 * Where all layers of a group agree, they are taken to spread as if one layer of the n were one step off (as in
 * `meanInterval`), so that ten equal values do not pass for certainty. Approximate where layers are few and far from
 * normal, as any t test.
 *
 * @throws RangeError if a group or a value is missing, or has fewer than two layers
 */
export function estimateContrast(groups: readonly LayerGroup[], contrast: Contrast): Estimate {
  let [estimate, variance, freedomBelow, spread, count] = [0, 0, 0, 0, 0];
  for (const [group, terms] of groupTerms(groups, contrast)) {
    const columns = terms.map(({ value, weight }) => ({ weight, numbers: numbersOf(group, value) }));
    const n = columns[0]!.numbers.length;
    const sums = Float64Array.from({ length: n }, (_, layer) =>
      columns.reduce((sum, { weight, numbers }) => sum + weight * numbers[layer]!, 0),
    );
    const { mean, sd } = meanAndSd(sums);
    const least = (group.step * Math.min(...terms.map(({ weight }) => Math.abs(weight)))) / Math.sqrt(n);
    const ofMean = Math.max(sd, least) ** 2 / n;
    estimate += mean;
    variance += ofMean;
    freedomBelow += ofMean ** 2 / (n - 1);
    spread += Math.max(sd, least) ** 2;
    count += 1;
  }
  // means of binary fractions that should cancel leave some 1e-17
  if (Math.abs(estimate) < 1e-14) estimate = 0;
  const standardError = Math.sqrt(variance);
  const degreesOfFreedom = variance > 0 ? variance ** 2 / freedomBelow : 1;
  const p = estimate === 0 ? 1 : studentTail(estimate / standardError, degreesOfFreedom);
  const standardised = spread > 0 ? estimate / Math.sqrt(spread / count) : null;
  return { estimate, standardError, degreesOfFreedom, p, standardised };
}

function groupTerms(groups: readonly LayerGroup[], contrast: Contrast): Map<LayerGroup, ContrastTerm[]> {
  const found = new Map<LayerGroup, ContrastTerm[]>();
  for (const term of contrast) {
    const group = groups.find(
      ({ block, dimensionRatio }) => block === term.block && dimensionRatio === term.dimensionRatio,
    );
    if (!group)
      throw new RangeError(`missing layers: ${term.block} at dimension ratio ${term.dimensionRatio}`);
    found.set(group, [...(found.get(group) ?? []), term]);
  }
  return found;
}

function numbersOf({ values, block, dimensionRatio }: LayerGroup, name: string): ArrayLike<number> {
  const numbers = values[name];
  if (!numbers || numbers.length < 2) {
    throw new RangeError(
      `missing layers: two or more of ${name}, ${block} at dimension ratio ${dimensionRatio}`,
    );
  }
  return numbers;
}
