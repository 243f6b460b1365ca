import { missing } from '../errors.js';
import {
  any,
  countTo,
  maybe,
  orElse,
  readOptions,
  strict,
  wholeFrom,
  type OptionEntries,
} from '../schema.js';
import { type ChannelCurve, linearShape, type ChannelShape } from '../networks/channel-curve.js';
import { cifarNetwork } from '../networks/cifar.js';
import { networkCosts } from '../networks/network-costs.js';
import { type Rounding, roundingNamed } from '../networks/rounding.js';
import { createStream, nextUnit, type Stream } from '../random/stream.js';
import {
  blocksOption,
  type Budget,
  budgetOptions,
  checkBudget,
  deviationsOf,
  minChannelsOption,
  missOf,
  withinOption,
} from './budget.js';
import { drawShape } from './draw-shape.js';
import { evenness } from './evenness.js';
import { type Fit, fitCurve } from './fit-curve.js';
import { networkLike, type NetworkPattern } from './network-like.js';
import { spread } from './spread.js';

export interface SampleOptions extends Budget {
  /** Number of configurations. */
  readonly count: number;
  readonly blocks: number;
  /** A whole number from 0 to 2^53 - 1. @default 0 */
  readonly seed?: number | undefined;
  /** The relative deviation from each budget that is allowed. @default 0.1 */
  readonly within?: number | undefined;
  /**
   * The pattern of every configuration: a network, or a function from channels to a network. @default {@link
   * cifarNetwork}
   */
  readonly like?: NetworkPattern | undefined;
  /** The minimum number of channels of a block. @default the fewest of the stem and of the blocks of a network `like` */
  readonly minChannels?: number | undefined;
  /** How channels become integers. @default `half-to-even` */
  readonly rounding?: Rounding | undefined;
}

export interface SampledConfiguration {
  /** Channels of each block; they never decrease. */
  readonly channels: readonly number[];
  readonly params: number;
  readonly macs: number;
  /** From 0 (two stages) to 1 (linear); see {@link evenness}. */
  readonly evenness: number;
  /** The curve whose rounded values the channels are. */
  readonly curve: ChannelCurve;
}

/** Number of shapes drawn per requested configuration. */
const SURPLUS = 5;
/** Number of consecutive draws without a new shape after which drawing stops. */
const PATIENCE = 1000;

const sampleOptions = strict({
  ...budgetOptions,
  count: countTo(100_000),
  blocks: blocksOption,
  seed: orElse(wholeFrom(0), 0),
  within: orElse(withinOption, 0.1),
  like: orElse(any<NetworkPattern>(), cifarNetwork),
  minChannels: maybe(minChannelsOption),
  rounding: orElse(any<Rounding>(), 'half-to-even'),
} satisfies OptionEntries<SampleOptions & { elementwise: number }>);

/**
 * Returns different channel configurations of one budget, sorted by evenness. They serve a search over shapes as in
 * section 4 of Han et al. (CVPR 2021). They belong to the piecewise linear family c_i = a f(i) + b; each is as close to
 * the budgets as its shape allows, and within the band around them. They are spread from stage-wise to linear: each
 * tenth of {@link evenness} gets the same number as far as it has enough, far apart from each other. Equal options give
 * equal results.
 *
 * @throws RangeError if the band holds fewer configurations, with the number found; for an impossible budget, count,
 * blocks or seed
 * @example
 * sampleConfigurations({ count: 200, blocks: 5, params: 0.2e6, macs: 30e6, seed: 0 });
 */
export function sampleConfigurations(options: SampleOptions): SampledConfiguration[] {
  const given = readOptions(sampleOptions, options);
  const { count, blocks, seed, within, like, rounding } = given;
  const budget = checkBudget(given);
  roundingNamed(rounding);
  const build = networkLike(like, blocks);
  const stream = createStream(seed, `designs/${blocks}`);
  const first = build(Array<number>(blocks).fill(1)).stem.channels;
  const narrowest =
    typeof like === 'function' ? first : Math.min(first, ...like.blocks.map((block) => block.channels));
  const { minChannels = narrowest } = given;
  const fit = (shape: ChannelShape, target: Budget): Fit =>
    fitCurve(shape, { budget: target, build, rounding, first, minChannels, slack: within, fineness: 4 });

  const found = new Map<string, SampledConfiguration>();
  const target = SURPLUS * count;
  let misses = 0;
  const tryShape = (shape: ChannelShape, target: Budget): void => {
    const { curve, channels } = fit(shape, target);
    const { params, macs } = networkCosts(build(channels));
    const key = channels.join('-');
    misses++;
    if (found.has(key) || missOf(deviationsOf({ params, macs }, budget)) > within) return;
    misses = 0;
    found.set(key, { channels, params, macs, evenness: evenness(channels), curve });
  };
  tryShape(linearShape(blocks), budget);
  for (let draws = 0; draws < 2 * target && found.size < target && misses < PATIENCE; draws++) {
    tryShape(drawShape(stream, blocks), budget);
  }
  // If too few shapes differ at the budget itself, further ones are taken from the band.
  for (misses = 0; found.size < count && misses < PATIENCE;) {
    tryShape(drawShape(stream, blocks), moved(budget, within, stream));
  }
  if (found.size < count) throw tooFew(found.size, { ...given, minChannels });
  return spread([...found.values()], count).sort((one, other) => one.evenness - other.evenness);
}

/** Returns budgets drawn from the band. */
function moved({ params, macs }: Budget, within: number, stream: Stream): Budget {
  const factor = () => 1 + within * (2 * nextUnit(stream) - 1);
  return {
    params: params === undefined ? undefined : params * factor(),
    macs: macs === undefined ? undefined : macs * factor(),
  };
}

function tooFew(
  found: number,
  {
    count,
    blocks,
    within,
    minChannels,
  }: Pick<SampleOptions, 'count' | 'blocks'> & Record<'within' | 'minChannels', number>,
): RangeError {
  const band = `${count} of ${blocks} blocks within ${+(100 * within).toFixed(4)}%`;
  const narrower = minChannels > 1 ? ` allow fewer channels than ${minChannels},` : '';
  const relax = `widen the band, move the budgets towards each other,${narrower} or take other blocks`;
  return missing('configurations', band, `${found} found; ${relax}`);
}
