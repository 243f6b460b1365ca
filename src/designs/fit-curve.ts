import { firstOf, lastOf } from '../lookups.js';
import { type ChannelCurve, type ChannelShape, shapeHeights } from '../networks/channel-curve.js';
import { countCosts } from '../networks/network-costs.js';
import type { Network } from '../networks/network.js';
import { type Rounding, roundingNamed } from '../networks/rounding.js';
import {
  type Budget,
  type BudgetName,
  compareDeviations,
  type Deviations,
  deviationsOf,
  excessOf,
} from './budget.js';

/** A channel curve with its costs. */
export interface Fit {
  readonly curve: ChannelCurve;
  readonly channels: readonly number[];
  readonly deviations: Deviations;
}

export interface FitOptions {
  readonly budget: Budget;
  readonly build: (channels: readonly number[]) => Network;
  readonly rounding: Rounding;
  /** Channels of the first block, if a single budget leaves them open. */
  readonly first: number;
  /** Minimum channels of the first block. */
  readonly minChannels: number;
  /** Maximum excess over a budget, as a share of it. */
  readonly slack: number;
  /** Trials per rounding step in the final search along each direction. */
  readonly fineness: number;
}

/**
 * Returns the a and b that bring the shape closest to its budgets. If possible, no budget is exceeded by more than the
 * slack; then the largest deviation is minimised.
 *
 * Costs never fall when a curve rises. So for each number of channels of the first block there is a largest a that
 * exceeds no budget; bisection finds it. Along the first block's channels, the budget it meets changes where both are
 * met at once; a scan and another bisection find that point. Rounding makes costs step functions, so at last the curves
 * nearby are tried one by one.
 */
export function fitCurve(shape: ChannelShape, options: FitOptions): Fit {
  const trial = trialOf(shape, options);
  const { minChannels } = options;
  const widest = largest(minChannels, (first) => !trial.exceeds(first, 0), trial.resolution);
  if (widest === undefined) return trial.fit(minChannels, 0);
  const open = options.budget.params !== undefined && options.budget.macs !== undefined;
  const firsts = open
    ? changes(trial, minChannels, widest)
    : [Math.min(Math.max(minChannels, options.first), widest)];
  const found = firsts.flatMap((first) => [trial.fit(first, 0), trial.fit(first, trial.rise(first))]);
  return nearby(trial, found.reduce(trial.better), { ...options, open });
}

/** A curve given by the channels of its first block and the rise to its last. */
interface CurveTrial {
  /** The rounding step: 1, or the multiple. */
  readonly step: number;
  /** Resolution of the bisection. */
  readonly resolution: number;
  readonly flat: boolean;
  channels(first: number, rise: number): number[];
  fit(first: number, rise: number): Fit;
  exceeds(first: number, rise: number): boolean;
  /** Returns the largest rise that exceeds no budget. */
  rise(first: number): number;
  better(one: Fit, other: Fit): Fit;
}

const MAX_CHANNELS = 65_536;

function trialOf(shape: ChannelShape, { budget, build, rounding, slack, fineness }: FitOptions): CurveTrial {
  const step = roundingStep(rounding);
  const resolution = step / fineness;
  const heights = shapeHeights(shape);
  const low = firstOf(heights);
  const span = lastOf(heights) - low;
  const curveOf = (first: number, rise: number): ChannelCurve => {
    const a = span > 0 ? rise / span : 0;
    return { shape, a, b: first - a * low };
  };
  const round = roundingNamed(rounding);
  // as in curveChannels, without checking the shape each time
  const channelsOf = ({ a, b }: ChannelCurve) => heights.map((height) => round(a * height + b));
  const fit = (first: number, rise: number): Fit => {
    const curve = curveOf(first, rise);
    const channels = channelsOf(curve);
    return { curve, channels, deviations: deviationsOf(countCosts(build(channels)), budget) };
  };
  const exceeds = (first: number, rise: number) =>
    first + rise > MAX_CHANNELS - step || excessOf(fit(first, rise).deviations) > 0;
  return {
    step,
    resolution,
    flat: span === 0,
    channels: (first, rise) => channelsOf(curveOf(first, rise)),
    fit,
    exceeds,
    rise: (first) => (span > 0 ? (largest(0, (rise) => !exceeds(first, rise), resolution) ?? 0) : 0),
    better: (one, other) => (compareDeviations(one.deviations, other.deviations, slack) <= 0 ? one : other),
  };
}

/** Returns the first channels to try: the points where the binding budget changes, and the ends. */
function changes(trial: CurveTrial, min: number, max: number): number[] {
  const binds = (first: number): BudgetName => {
    const { params = 0, macs = 0 } = trial.fit(first, trial.rise(first)).deviations;
    return params > macs ? 'params' : 'macs';
  };
  const scan = Array.from({ length: 5 }, (_, i) => min + ((max - min) * i) / 4);
  const known = scan.map(binds);
  const found = [min, max];
  for (let i = 1; i < scan.length; i++) {
    if (known[i] === known[i - 1]) continue;
    let [left, right] = [scan[i - 1]!, scan[i]!];
    while (right - left > trial.resolution) {
      const middle = (left + right) / 2;
      if (binds(middle) === known[i]) right = middle;
      else left = middle;
    }
    found.push(left, right);
  }
  return found;
}

/** Returns the best curve nearby: within 1.5 rounding steps of the first channels and 3 of the rise. */
function nearby(
  trial: CurveTrial,
  from: Fit,
  { fineness, minChannels, open }: { fineness: number; minChannels: number; open: boolean },
): Fit {
  const { a, b, shape } = from.curve;
  const heights = shapeHeights(shape);
  const first = a * firstOf(heights) + b;
  const rise = a * (lastOf(heights) - firstOf(heights));
  const around = Array.from({ length: 3 * fineness + 1 }, (_, i) => trial.step * (i / fineness - 1.5));
  const seen = new Set([from.channels.join()]);
  let best = from;
  for (const wider of open ? around : [0]) {
    for (const steeper of trial.flat ? [0] : around) {
      const point = [Math.max(minChannels, first + wider), Math.max(0, rise + 2 * steeper)] as const;
      const channels = trial.channels(...point).join();
      if (seen.has(channels) || point[0] + point[1] > MAX_CHANNELS - trial.step) continue;
      seen.add(channels);
      best = trial.better(best, trial.fit(...point));
    }
  }
  return best;
}

/** Returns the rounding step: 1 for whole numbers, or the multiple. */
export function roundingStep(rounding: Rounding): number {
  return Number(/\d+$/.exec(rounding)?.[0] ?? 1);
}

/** Returns the largest number from `low` on that satisfies the condition, which must fail for all larger ones. */
function largest(low: number, holds: (x: number) => boolean, resolution: number): number | undefined {
  if (!holds(low)) return undefined;
  let width = 16;
  while (holds(low + width)) width *= 2;
  let [left, right] = [low, low + width];
  while (right - left > resolution) {
    const middle = (left + right) / 2;
    if (holds(middle)) left = middle;
    else right = middle;
  }
  return left;
}
