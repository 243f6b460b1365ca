import { missing } from '../errors.js';
import { entryOf } from '../lookups.js';
import { createStream, nextUnit } from '../random/stream.js';
import { countTo, flag, maybe, readOptions, strict, valueThat, type OptionEntries } from '../schema.js';
import { bootstrapIntervals } from '../statistics/bootstrap.js';
import {
  type Correlation,
  kendall,
  partialCorrelation,
  tauOfCorrelation,
} from '../statistics/correlation.js';
import { type VarianceComponents, varianceComponents } from '../statistics/variance-components.js';
import { type Slope, weightedLine } from '../statistics/weighted-line.js';
import { designMeans, type DesignMean } from './design-means.js';
import { freshGap, type FreshGap } from './fresh-gap.js';
import type { SearchRow } from './search-row.js';
import { ofSharedSeeds, withoutSeedEffects } from './seed-effects.js';

/** The names of a network's results. */
export type Outcome = 'testAccuracy' | 'testLoss';
export const outcomes: readonly Outcome[] = ['testAccuracy', 'testLoss'];

/** The shape of a design. */
export type Shape = 'evenness' | 'lastWidth' | 'slopeA' | 'offsetB';
export const shapes: readonly Shape[] = ['evenness', 'lastWidth', 'slopeA', 'offsetB'];

/** The properties of a network besides its result: cost, proxies, ranks. */
export type Predictor = (typeof predictors)[number];
export const predictors = [
  'params',
  'macs',
  'gradientNorm',
  'naswot',
  'stemEffectiveBefore',
  'outputEffectiveBefore',
  'headEffectiveBefore',
  'stemRankBefore',
  'outputRankBefore',
  'headRankBefore',
  'earlyLossSum',
  'trainLossSum',
  'stemEffectiveAfter',
  'outputEffectiveAfter',
  'headEffectiveAfter',
  'stemRankAfter',
  'outputRankAfter',
  'headRankAfter',
] as const satisfies readonly (keyof SearchRow)[];

/** The ranks among the properties. */
export const rankPredictors = predictors.filter((name) => /Rank|Effective/.test(name));

export interface ShapeSlope extends Slope {
  readonly outcome: Outcome;
  readonly shape: Shape;
  /** The correlation of the same quantities, over designs. */
  readonly correlation: number;
  readonly verdict: SearchVerdict;
}

export interface ProxyTau extends Correlation {
  readonly proxy: Predictor;
  /** The p-value after Holm's correction for the number of proxies. */
  readonly adjusted: number;
  readonly verdict: SearchVerdict;
}

export interface RankCorrelation {
  readonly rank: Predictor;
  readonly plain: Correlation;
  /** Given the logarithms of parameters and MACs. */
  readonly givenCost: Correlation | null;
}

/** A tenth of the designs by test accuracy, with intervals from the bootstrap over designs. */
export interface Decile {
  readonly group: 'best' | 'middle' | 'worst';
  readonly designs: readonly number[];
  readonly accuracy: Banded;
  readonly params: Banded;
  /** Mean channels of each block, if all designs have equally many blocks. */
  readonly channels: readonly Banded[] | null;
}

export interface Banded {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number];
}

/** `more` and `less`: the 95% interval excludes 0; `not decided`: it does not. */
export type SearchVerdict = 'more' | 'less' | 'not decided';

export interface SearchAnalysis {
  readonly networks: number;
  readonly designs: number;
  /** Whether successive halving dropped networks, so that rows cannot be compared fairly. */
  readonly halved: boolean;
  /** Largest relative spread of parameters and MACs, (max - min) / mean. */
  readonly costSpread: number;
  /** Of each outcome; null without a design that has two seeds. */
  readonly components: Readonly<Record<Outcome, VarianceComponents | null>>;
  /** The smallest true correlation with accuracy that this size finds with power 0.8; null if unknown, above 1 if none. */
  readonly detectable: number | null;
  readonly slopes: readonly ShapeSlope[];
  readonly deciles: readonly Decile[];
  readonly gap: {
    /** Best less worst tenth, as selected. */
    readonly selected: number;
    /** The expected gap of designs that do not differ, from the variance within designs. */
    readonly byChance: number | null;
    /** The gap expected with fresh seeds: each design counts by the reliability of its mean. */
    readonly expected: number | null;
    readonly fresh: FreshGap | null;
  };
  readonly proxies: readonly ProxyTau[];
  /** Kendall's tau of true and measured accuracy, from the reliability. No proxy is expected to exceed it. */
  readonly tauBound: number | null;
  readonly ranks: readonly RankCorrelation[];
  /**
   * Designs that no other design of the same or less cost surpasses, from the cheapest. Null if MACs differ by at most
   * 5%.
   */
  readonly front:
    readonly { readonly design: number; readonly macs: number; readonly accuracy: number }[] | null;
}

export interface AnalyseOptions {
  /** Rows of the search that trained the best and worst designs again. */
  readonly fresh?: readonly SearchRow[] | undefined;
  /** Whether the search halves. @default whether networks differ in epochs, which they do only at its end */
  readonly halved?: boolean | undefined;
  /** Samples of the bootstrap. @default 1000 */
  readonly samples?: number | undefined;
}

/**
 * Returns the analysis of accuracy in a search: reliability, slopes on shape, best and worst tenths, proxies, ranks,
 * Pareto front. Designs are compared by their means over the seeds that all of them have; docs/search.md has each
 * method. The rows may be those of a search that is not finished.
 *
 * @throws RangeError for fewer than 5 designs
 * @example
 * const { rows } = await readSearch('runs/search');
 * analyseSearch(rows).slopes.find(({ shape, outcome }) => shape === 'evenness' && outcome === 'testAccuracy');
 */
export function analyseSearch(rows: readonly SearchRow[], options: AnalyseOptions = {}): SearchAnalysis {
  const { samples = 1000, fresh, halved } = readOptions(analyseOptions, options);
  const { rows: adjusted, removed } = withoutSeedEffects(rows, [...outcomes, ...predictors]);
  const means = designMeans(ofSharedSeeds(rows) ?? adjusted);
  const all = designMeans(adjusted);
  if (means.length < 5) throw missing('designs', means.length, 'an analysis needs at least 5 with results');
  const components = {
    testAccuracy: componentsOf(all, 'testAccuracy', removed),
    testLoss: componentsOf(all, 'testLoss', removed),
  };
  const reliability = components.testAccuracy?.reliability ?? null;
  const deciles = decilesOf(means, samples);
  const selected = deciles[0]!.accuracy.mean - deciles[2]!.accuracy.mean;
  const costSpread = Math.max(spreadOf(means, 'params'), spreadOf(means, 'macs'));
  const smallest = Math.tanh(POWER_80 / Math.sqrt(Math.max(1, means.length - 3)));
  return {
    ...{ networks: rows.length, designs: means.length, costSpread, components },
    halved: halved ?? new Set(rows.map(({ epochs }) => epochs)).size > 1,
    detectable: reliability === null ? null : smallest / Math.sqrt(reliability),
    slopes: outcomes.flatMap((outcome) =>
      shapes.flatMap((shape) => slopeOf(means, shape, outcome, components[outcome])),
    ),
    deciles,
    gap: {
      selected,
      byChance: components.testAccuracy && chanceGap(means, components.testAccuracy.within),
      expected: components.testAccuracy && expectedGap(means, components.testAccuracy),
      fresh: fresh ? freshGap(fresh) : null,
    },
    proxies: proxiesOf(means),
    tauBound: components.testAccuracy && expectedTau(means, components.testAccuracy),
    ranks: rankPredictors.flatMap((rank) => correlationsOf(means, rank)),
    front: spreadOf(means, 'macs') > ONE_BUDGET ? frontOf(means) : null,
  };
}

const analyseOptions = strict({
  fresh: maybe(valueThat<readonly SearchRow[]>(Array.isArray, 'rows of a search')),
  halved: maybe(flag),
  samples: maybe(countTo(1e6, 40)),
} satisfies OptionEntries<AnalyseOptions>);

/** The largest spread of costs, (max - min) / mean, of designs of one budget. */
export const ONE_BUDGET = 0.05;

/** The sum of the normal quantiles of a 95% test and power 0.8. */
const POWER_80 = 1.96 + 0.8416;

function componentsOf(
  means: readonly DesignMean[],
  outcome: Outcome,
  removed: number,
): VarianceComponents | null {
  return (
    varianceComponents(
      means.map(({ rows }) => rows.map((row) => row[outcome])),
      removed,
    ) ?? null
  );
}

/** Designs with more seeds weigh more, as their variance between + within / seeds says. */
function slopeOf(
  means: readonly DesignMean[],
  shape: Shape,
  outcome: Outcome,
  components: VarianceComponents | null,
): ShapeSlope[] {
  const weights = means.map(({ rows }) =>
    components ? 1 / (components.between + components.within / rows.length || 1) : 1,
  );
  const [x, y] = [means.map((mean) => mean[shape]), means.map((mean) => mean[outcome])];
  const line = weightedLine(x, y, weights);
  if (!line) return [];
  const correlation = partialCorrelation(x, y)?.value ?? NaN;
  return [{ outcome, shape, ...line, correlation, verdict: verdictOf(line.interval) }];
}

function verdictOf([low, high]: readonly [number, number]): SearchVerdict {
  return low > 0 ? 'more' : high < 0 ? 'less' : 'not decided';
}

/** Best, the tenth above the median, worst; each at least one design. */
function tenths(means: readonly DesignMean[]) {
  const sorted = [...means].sort((a, b) => b.testAccuracy - a.testAccuracy || a.design - b.design);
  const size = Math.max(1, Math.round(sorted.length / 10));
  const middle = Math.max(0, Math.floor(sorted.length / 2) - size);
  return {
    best: sorted.slice(0, size),
    middle: sorted.slice(middle, middle + size),
    worst: sorted.slice(-size),
  };
}

function decilesOf(means: readonly DesignMean[], samples: number): Decile[] {
  const blocks = means[0]!.channels.length;
  const sameDepth = means.every(({ channels }) => channels.length === blocks);
  const groups = ['best', 'middle', 'worst'] as const;
  const numbersOf = (some: readonly DesignMean[]) => {
    const of = tenths(some);
    return groups.flatMap((group) => [
      average(of[group].map(({ testAccuracy }) => testAccuracy)),
      average(of[group].map(({ params }) => params)),
      ...(sameDepth
        ? Array.from({ length: blocks }, (_, i) => average(of[group].map(({ channels }) => channels[i]!)))
        : []),
    ]);
  };
  const stream = createStream(0, 'search/bootstrap');
  const intervals = bootstrapIntervals(means, numbersOf, () => nextUnit(stream), samples);
  const banded = numbersOf(means).map((mean, i): Banded => ({ mean, interval: intervals[i]! }));
  const each = banded.length / groups.length;
  const whole = tenths(means);
  return groups.map((group, g) => {
    const [accuracy, params, ...channels] = banded.slice(g * each, (g + 1) * each) as [Banded, Banded];
    const designs = whole[group].map(({ design }) => design);
    return { group, designs, accuracy, params, channels: sameDepth ? channels : null };
  });
}

/** Returns the gap of the best linear unbiased predictions: each mean drawn to the overall one by its reliability. */
function expectedGap(means: readonly DesignMean[], { between, within }: VarianceComponents): number {
  const overall = average(means.map(({ testAccuracy }) => testAccuracy));
  const predicted = ({ testAccuracy, rows }: DesignMean) =>
    between === 0 ? 0 : ((testAccuracy - overall) * between) / (between + within / rows.length);
  const { best, worst } = tenths(means);
  return average(best.map(predicted)) - average(worst.map(predicted));
}

/**
 * Returns the expected Kendall's tau of true accuracies with means over seeds, for normal values. It is the mean over
 * pairs of designs of 2 / pi asin(correlation of their true and measured difference).
 */
function expectedTau(means: readonly DesignMean[], { between, within }: VarianceComponents): number {
  if (between === 0) return 0;
  const taus = means.flatMap(({ rows }, i) =>
    means.slice(0, i).map((other) => {
      const noise = within / rows.length + within / other.rows.length;
      return tauOfCorrelation(Math.sqrt((2 * between) / (2 * between + noise)));
    }),
  );
  return average(taus);
}

/** Returns the mean gap between best and worst tenth of designs that differ by seeds alone, over 200 simulations. */
function chanceGap(means: readonly DesignMean[], within: number): number {
  const stream = createStream(0, 'search/chance');
  const normal = () => {
    const radius = Math.sqrt(-2 * Math.log(1 - nextUnit(stream)));
    return radius * Math.cos(2 * Math.PI * nextUnit(stream));
  };
  const size = Math.max(1, Math.round(means.length / 10));
  let sum = 0;
  for (let i = 0; i < 200; i++) {
    const drawn = Float64Array.from(means, ({ rows }) => normal() * Math.sqrt(within / rows.length)).sort();
    sum += average([...drawn.slice(-size)]) - average([...drawn.slice(0, size)]);
  }
  return sum / 200;
}

function proxiesOf(means: readonly DesignMean[]): ProxyTau[] {
  const accuracy = means.map(({ testAccuracy }) => testAccuracy);
  const all = predictors.flatMap((proxy) => {
    const values = means.map((mean) => mean[proxy]);
    const tau = values.includes(null) ? undefined : kendall(values as number[], accuracy);
    return tau ? [{ proxy, ...tau }] : [];
  });
  // Holm: the smallest p-value times their number, the next times one fewer, never falling
  let reached = 0;
  const adjusted = new Map(
    [...all]
      .sort((a, b) => a.p - b.p)
      .map(({ proxy, p }, i) => [proxy, (reached = Math.max(reached, Math.min(1, p * (all.length - i))))]),
  );
  return all.map((one): ProxyTau => {
    const p = entryOf(adjusted, one.proxy);
    return { ...one, adjusted: p, verdict: p >= 0.05 ? 'not decided' : one.value > 0 ? 'more' : 'less' };
  });
}

function correlationsOf(means: readonly DesignMean[], rank: Predictor): RankCorrelation[] {
  const values = means.map((mean) => mean[rank]);
  if (values.includes(null)) return [];
  const accuracy = means.map(({ testAccuracy }) => testAccuracy);
  const costs = [means.map(({ params }) => Math.log(params)), means.map(({ macs }) => Math.log(macs))];
  const plain = partialCorrelation(values as number[], accuracy);
  if (!plain) return [];
  return [{ rank, plain, givenCost: partialCorrelation(values as number[], accuracy, costs) ?? null }];
}

function frontOf(means: readonly DesignMean[]) {
  const sorted = [...means].sort((a, b) => a.macs - b.macs || b.testAccuracy - a.testAccuracy);
  let best = -Infinity;
  return sorted.flatMap(({ design, macs, testAccuracy }) => {
    if (testAccuracy <= best) return [];
    best = testAccuracy;
    return [{ design, macs, accuracy: testAccuracy }];
  });
}

function spreadOf(means: readonly DesignMean[], cost: 'params' | 'macs'): number {
  const values = means.map((mean) => mean[cost]);
  return (Math.max(...values) - Math.min(...values)) / average(values);
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
