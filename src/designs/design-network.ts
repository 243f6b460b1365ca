import { invalid, unknown } from '../errors.js';
import { firstOf, lastOf } from '../lookups.js';
import { any, flag, maybe, orElse, readOptions, strict, type OptionEntries } from '../schema.js';
import { type ChannelCurve, type ChannelShape, shapeHeights } from '../networks/channel-curve.js';
import { type Costs, networkCosts } from '../networks/network-costs.js';
import type { Network } from '../networks/network.js';
import { rexNet } from '../networks/rexnet.js';
import { type Rounding, roundingNamed } from '../networks/rounding.js';
import {
  type Budget,
  type BudgetName,
  blocksOption,
  budgetOptions,
  checkBudget,
  minChannelsOption,
  compareDeviations,
  type Deviations,
  excessOf,
  missOf,
  withinOption,
} from './budget.js';
import { type DesignShape, designShapes, shapesNamed } from './design-shapes.js';
import { type Fit, fitCurve, type FitOptions } from './fit-curve.js';
import { fitStages } from './fit-stages.js';
import { checkPattern, networkLike, type NetworkPattern, stageLengths } from './network-like.js';

export interface DesignOptions extends Budget {
  /** Number of blocks. @default that of the pattern; required if the pattern is a function */
  readonly blocks?: number | undefined;
  /** A name (see {@link DesignShape}) or your own shape. @default `linear` */
  readonly shape?: DesignShape | ChannelShape | undefined;
  /** Blocks on which a `piecewise` curve bends. @default searched */
  readonly knots?: readonly number[] | undefined;
  /**
   * A network, or a function from channels to a network, whose stem, blocks and head are followed. @default ReXNet x1.0
   */
  readonly like?: NetworkPattern | undefined;
  /** The minimum number of channels of a block. @default 1 */
  readonly minChannels?: number | undefined;
  /** How channels become integers. @default `half-to-even` */
  readonly rounding?: Rounding | undefined;
  /** The share of a budget within which it is met. @default 0.01 */
  readonly within?: number | undefined;
  /** Treat budgets as limits: none is exceeded, and of two conflicting budgets one is met. @default false */
  readonly atMost?: boolean | undefined;
}

/** A network made for a budget, with its curve and deviations. */
export interface Design {
  readonly network: Network;
  readonly shape: DesignShape | 'own';
  /** The a, b and f whose rounded values are the channels. */
  readonly curve: ChannelCurve;
  readonly channels: readonly number[];
  readonly costs: Costs;
  readonly budget: Budget;
  readonly deviations: Deviations;
  /**
   * The budgets that the network meets. If it misses one of two, the other one binds: it keeps the network from
   * growing.
   */
  readonly binds: readonly BudgetName[];
  /** True if every budget is met; with `atMost`, if none is exceeded and one is met. */
  readonly met: boolean;
}

const designOptions = strict({
  ...budgetOptions,
  blocks: maybe(blocksOption),
  shape: orElse(any<DesignShape | ChannelShape>(), 'linear'),
  knots: maybe(any<readonly number[]>()),
  like: maybe(any<NetworkPattern>()),
  minChannels: orElse(minChannelsOption, 1),
  rounding: orElse(any<Rounding>(), 'half-to-even'),
  within: orElse(withinOption, 0.01),
  atMost: orElse(flag, false),
} satisfies OptionEntries<DesignOptions & { elementwise: number }>);

type Given = ReturnType<typeof readOptions<typeof designOptions>>;

/**
 * Returns the network with a channel curve c_i = a f(i) + b that comes closest to its budgets. Budgets are parameters,
 * multiply-accumulates, or both. They are met within 1% if the shape allows it; `met` tells. If both budgets cannot be
 * met, the network meets one and stays below the other.
 *
 * Two budgets determine a and b. With one budget, b is such that the first block keeps the channels of the network
 * given by `like` (or of its stem, if `like` is a function). Without a budget, the budgets are the costs of that
 * network. Among `piecewise` shapes the straightest that meets the budgets is taken; `stage` may move its stages
 * singly. If a budget would need blocks narrower than allowed, the narrowest network is returned.
 *
 * @throws RangeError for a missing or impossible budget, blocks, knots or rounding
 * @example
 * designNetwork({ params: 4.8e6, macs: 400e6 }).channels; // near ReXNet's 16, 27, 38, ..., 185
 */
export function designNetwork(options: DesignOptions): Design {
  const given = readOptions(designOptions, options);
  const { like = rexNet(), rounding, within, minChannels, atMost } = given;
  checkPattern(like);
  const budget = checkBudget(withDefault(given, like));
  roundingNamed(rounding);
  const blocks = given.blocks ?? blocksOf(like);
  const build = networkLike(like, blocks);
  const narrow = build(Array<number>(blocks).fill(1));
  const shapes = shapesOf(given, narrow);
  const first = typeof like === 'function' ? narrow.stem.channels : firstOf(like.blocks).channels;
  const slack = atMost ? 0 : within;
  const fits = ({ deviations }: Fit) => missOf(deviations) <= within && excessOf(deviations) <= slack;
  const fitting: FitOptions = { budget, build, rounding, first, minChannels, slack, fineness: 16 };

  const tried: Fit[] = [];
  for (const shape of shapes) {
    tried.push(fitCurve(shape, fitting));
    if (fits(lastOf(tried))) break;
  }
  let best = lastOf(tried);
  if (!fits(best)) {
    best = firstOf(tried.sort((one, other) => compareDeviations(one.deviations, other.deviations, slack)));
    if (options.shape === 'stage') best = fitStages(best, stageLengths(narrow), within, fitting);
  }
  const { curve, channels, deviations } = best;
  const shape = typeof options.shape === 'object' ? 'own' : (options.shape ?? 'linear');
  const network = { ...build(channels), name: nameOf(shape, like) };
  const binds = bindingBudgets(deviations, within);
  return {
    network,
    shape,
    curve,
    channels,
    costs: networkCosts(network),
    budget,
    deviations,
    binds,
    met: fits(best) || (atMost && excessOf(deviations) <= 0 && binds.length > 0),
  };
}

function bindingBudgets(deviations: Deviations, within: number): BudgetName[] {
  return (['params', 'macs'] as const).filter((name) => Math.abs(deviations[name] ?? Infinity) <= within);
}

/** Returns the budget, or the costs of the pattern if no budget is given. */
function withDefault({ params, macs }: Budget, like: NetworkPattern): Budget {
  const none = params === undefined && macs === undefined && typeof like === 'object';
  return none ? networkCosts(like) : { params, macs };
}

function blocksOf(like: NetworkPattern): number {
  if (typeof like === 'function') throw invalid('blocks', undefined, 'a number, where no network gives it');
  return like.blocks.length;
}

function shapesOf({ shape, knots }: Given, network: Network): ChannelShape[] {
  if (typeof shape === 'object') {
    const { length } = shapeHeights(shape);
    if (length !== network.blocks.length)
      throw invalid('shape', `${length} blocks`, `${network.blocks.length} blocks`);
    return [shape];
  }
  if (!designShapes.includes(shape)) throw unknown('shape', shape, designShapes);
  return shapesNamed(shape, { stages: stageLengths(network), knots });
}

function nameOf(shape: DesignShape | 'own', like: NetworkPattern): string {
  const words = { linear: 'linear', stage: 'stage-wise', piecewise: 'piecewise linear', own: 'own' };
  return `${words[shape]} design${typeof like === 'function' ? '' : ` like ${like.name}`}`;
}
