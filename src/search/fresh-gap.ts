import { invalid, missing } from '../errors.js';
import { meanAndSd } from '../statistics/moments.js';
import { studentQuantile } from '../statistics/student.js';
import { designMeans } from './design-means.js';
import type { SearchRow } from './search-row.js';
import { ofSharedSeeds } from './seed-effects.js';
import { designNumbered, type SearchDesign, type SearchSpec } from './search-spec.js';

/** The gap between the best and worst designs of a search, after training both again with fresh seeds. */
export interface FreshGap {
  readonly best: number;
  readonly worst: number;
  /** Best less worst: means of designs. */
  readonly gap: number;
  /** Welch's 95% interval over designs. */
  readonly interval: readonly [low: number, high: number];
  readonly verdict: 'more' | 'less' | 'not decided';
  readonly designs: number;
  /** Mean parameters of the worst less those of the best, as a share of the best's. */
  readonly paramsDifference: number;
}

/** Returns the gap in the rows of such a search. @throws RangeError for rows without two designs in both groups */
export function freshGap(rows: readonly SearchRow[]): FreshGap {
  const means = designMeans(rows);
  const of = (group: string) => means.filter((mean) => mean.group === group);
  const [best, worst] = [of('best'), of('worst')];
  if (best.length < 2 || worst.length < 2) {
    const given = `${best.length} best and ${worst.length} worst designs`;
    throw invalid('fresh rows', given, 'at least two of both, as `search --again` trains them');
  }
  const accuracies = (some: typeof means) => meanAndSd(some.map(({ testAccuracy }) => testAccuracy));
  const [one, other] = [accuracies(best), accuracies(worst)];
  const [v1, v2] = [one.sd ** 2 / best.length, other.sd ** 2 / worst.length];
  const degreesOfFreedom = (v1 + v2) ** 2 / (v1 ** 2 / (best.length - 1) + v2 ** 2 / (worst.length - 1));
  const half = v1 + v2 > 0 ? studentQuantile(degreesOfFreedom) * Math.sqrt(v1 + v2) : 0;
  const gap = one.mean - other.mean;
  const params = (some: typeof means) => meanAndSd(some.map((mean) => mean.params)).mean;
  return {
    ...{ best: one.mean, worst: other.mean, gap, interval: [gap - half, gap + half] },
    verdict: gap - half > 0 ? 'more' : gap + half < 0 ? 'less' : 'not decided',
    designs: means.length,
    paramsDifference: params(worst) / params(best) - 1,
  };
}

/**
 * Returns the search that trains the best and worst designs of another search again, with seeds it did not use.
 * @throws RangeError for fewer designs with results than are asked for
 */
export function searchAgain(
  spec: SearchSpec,
  rows: readonly SearchRow[],
  { ends = 10, seeds = 3 }: { readonly ends?: number | undefined; readonly seeds?: number | undefined } = {},
): SearchSpec {
  const means = designMeans(ofSharedSeeds(rows) ?? rows);
  if (means.length < 4)
    throw missing('designs', means.length, 'two best and two worst need at least 4 with results');
  if (!Number.isInteger(ends) || ends < 2 || 2 * ends > means.length)
    throw invalid(
      'ends',
      ends,
      `2 to ${Math.floor(means.length / 2)}, half of the ${means.length} designs trained`,
    );
  if (!Number.isInteger(seeds) || seeds < 1) throw invalid('seeds', seeds, 'a whole number from 1');
  const sorted = means.sort((a, b) => b.testAccuracy - a.testAccuracy || a.design - b.design);
  const grouped = (some: typeof means, group: string): SearchDesign[] =>
    some.map(({ design }) => ({ ...designNumbered(spec, design), group }));
  const used = Math.max(...spec.seeds, ...(spec.repeats?.seeds ?? []));
  return {
    ...spec,
    designs: [...grouped(sorted.slice(0, ends), 'best'), ...grouped(sorted.slice(-ends), 'worst')],
    seeds: Array.from({ length: seeds }, (_, i) => used + 1 + i),
    ...{ sample: null, repeats: null, halving: null },
  };
}
