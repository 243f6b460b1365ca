import { estimateContrast, type Estimate, type LayerGroup } from './contrast.js';
import type { Claim } from './paper-claims.js';

/**
 * The smallest difference of rank ratios that matters: a twentieth of the width. Intervals that hold at every n, for all
 * tests at once, are longer than a hundredth for fewer than some thousand layers.
 */
export const SMALLEST_EFFECT = 0.05;

/**
 * `holds`, `reversed`: the interval lies on one side of 0. `same`: it lies within ± the smallest effect that matters,
 * so there is no relevant difference, whatever its sign. `open`: neither is shown.
 */
export type Verdict = 'holds' | 'reversed' | 'same' | 'open';

/** One protocol with one method to measure the rank, and its layers. */
export interface ClaimSetting {
  readonly protocol: string;
  /** A tolerance, or a metric without one. */
  readonly measure: string;
  readonly groups: readonly LayerGroup[];
}

/** The result of a setting for a part of a claim. */
export interface ClaimResult extends Estimate {
  readonly claim: string;
  readonly part: string;
  readonly protocol: string;
  readonly measure: string;
  /** Layers per block and dimension ratio. */
  readonly layers: number;
  /** The p-value times the number of tests, at most 1. */
  readonly pAdjusted: number;
  readonly verdict: Verdict;
}

/**
 * Returns the results of every setting for every part of every claim.
 *
 * The number m of all these tests is corrected for by Bonferroni's inequality: each interval has level 1 - alpha / m, so
 * that with probability 1 - alpha at least all of them at once cover what they estimate, and no verdict of the whole
 * table is wrong. That needs no assumption on how the tests depend on each other, and they do: tolerances of one
 * protocol are counted on the same layers. Nor does a single interval need one on how the layers spread, however small
 * alpha / m is (`boundedMean`).
 *
 * @param alpha the probability of any wrong verdict at all
 */
export function testClaims(
  claims: readonly Claim[],
  settings: readonly ClaimSetting[],
  alpha = 0.05,
): ClaimResult[] {
  const parts = claims.flatMap((claim) => claim.parts.map((part) => ({ claim, part })));
  const tests = parts.length * settings.length;
  return parts.flatMap(({ claim, part }) =>
    settings.map(({ protocol, measure, groups }) => {
      const found = estimateContrast(groups, part.contrast, alpha / tests);
      const layers = Math.min(...groups.flatMap(({ values }) => Object.values(values).map(lengthOf)));
      return {
        ...{ claim: claim.name, part: part.name, protocol, measure, layers },
        ...found,
        ...{ pAdjusted: Math.min(1, found.p * tests), verdict: verdictOf(found.low, found.high) },
      };
    }),
  );
}

const lengthOf = ({ length }: ArrayLike<number>) => length;

/** Returns the verdict on "the difference is positive" from an interval of the difference. */
export function verdictOf(low: number, high: number, smallest = SMALLEST_EFFECT): Verdict {
  if (low > -smallest && high < smallest) return 'same';
  if (low > 0) return 'holds';
  return high < 0 ? 'reversed' : 'open';
}
