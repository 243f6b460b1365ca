import { fisherQuantile, fisherTail } from './fisher.js';

/** How much of the variance of repeated values lies between groups. */
export interface VarianceComponents {
  /** Groups, and values in all of them. */
  readonly groups: number;
  readonly values: number;
  /** Variances between and within groups; an estimate of the first below 0 is 0. */
  readonly between: number;
  readonly within: number;
  /** between / (between + within), the reliability of a single value, and its 95% interval. */
  readonly reliability: number;
  readonly interval: readonly [low: number, high: number];
  /**
   * The statistic behind the interval. For normal values `ratio` / (1 + size · r / (1 - r)) has the F distribution of
   * these degrees of freedom, where r is the true reliability.
   */
  readonly f: {
    readonly ratio: number;
    readonly size: number;
    readonly degreesOfFreedom: readonly [between: number, within: number];
  };
  /** Of the test that groups do not differ. */
  readonly p: number;
  /** Returns the chance that this test finds a difference (p < 0.05) where the reliability is `r`. */
  readonly power: (r: number) => number;
}

/**
 * Returns the variance components of the one-way random-effects model value = mean + group + error. They are undefined
 * for a single group, or if no group has two values.
 *
 * Groups may differ in size. Estimates and interval rest on the unweighted means of groups and the harmonic mean of
 * their sizes (Thomas and Hultquist, "Interval estimation for the unbalanced case of the one-way random effects model",
 * Ann. Stat. 6, 1978). With equal sizes this is the analysis of variance, and the interval is exact for normal values.
 * The test is that of the analysis of variance, exact for any sizes; its power is nearly so.
 *
 * @param removed degrees of freedom within groups that were spent before, on an effect common to all groups
 */
export function varianceComponents(
  groups: readonly (readonly number[])[],
  removed = 0,
): VarianceComponents | undefined {
  const filled = groups.filter(({ length }) => length > 0);
  const values = sum(filled.map(({ length }) => length));
  const [d1, d2] = [filled.length - 1, values - filled.length - removed];
  if (d1 < 1 || d2 < 1) return undefined;
  const means = filled.map((group) => sum(group) / group.length);
  const within = sum(filled.map((group, i) => sum(group.map((x) => (x - means[i]!) ** 2)))) / d2;
  const centre = sum(means) / filled.length;
  const size = filled.length / sum(filled.map(({ length }) => 1 / length));
  const ofMeans = sum(means.map((mean) => (mean - centre) ** 2)) / d1;
  const between = Math.max(0, ofMeans - within / size);
  const ratio = (size * ofMeans) / within;
  const reliabilityAt = (f: number) => clamp((ratio / f - 1) / (ratio / f + size - 1));
  const whole = sum(filled.map(sum)) / values;
  const weighted = sum(filled.map(({ length }, i) => length * (means[i]! - whole) ** 2)) / d1;
  const critical = fisherQuantile(0.05, d1, d2);
  const usual = (values - sum(filled.map(({ length }) => length ** 2)) / values) / d1;
  return {
    ...{ groups: filled.length, values, between, within },
    f: { ratio, size, degreesOfFreedom: [d1, d2] },
    reliability: between + within > 0 ? between / (between + within) : 0,
    interval:
      within > 0
        ? [reliabilityAt(fisherQuantile(0.025, d1, d2)), reliabilityAt(fisherQuantile(0.975, d1, d2))]
        : [0, 1],
    p: within > 0 ? fisherTail(weighted / within, d1, d2) : ofMeans > 0 ? 0 : 1,
    power: (r) => (r < 1 ? fisherTail(critical / (1 + (usual * r) / (1 - r)), d1, d2) : 1),
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const clamp = (share: number) => Math.min(1, Math.max(0, share));
