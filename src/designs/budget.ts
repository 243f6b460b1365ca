import { missing } from '../errors.js';
import { any, countTo, maybe, numberThat, type OptionEntries } from '../schema.js';
import type { Costs } from '../networks/network-costs.js';

/** The budget of a network. One of the two may be omitted. */
export interface Budget {
  /** Number of parameters. */
  readonly params?: number | undefined;
  /** Number of multiply-accumulates for one image. */
  readonly macs?: number | undefined;
}

export type BudgetName = 'params' | 'macs';

/** cost / budget - 1 for each given budget: 0.01 is one per cent too much. */
export type Deviations = { readonly [K in BudgetName]?: number | undefined };

const cost = numberThat((x) => x >= 1 && x <= Number.MAX_SAFE_INTEGER, 'a number from 1, below 2^53');

/** The budgets, by key; `elementwise` is allowed so that a network's costs may be passed unchanged. */
export const budgetOptions = {
  params: maybe(cost),
  macs: maybe(cost),
  elementwise: maybe(any<number>()),
} satisfies OptionEntries<Budget & { elementwise: number }>;

/** Reads the share within which a budget counts as met. */
export const withinOption = numberThat(
  (share) => share > 0 && share <= 0.5,
  'a share above 0, at most 0.5 (50%)',
);

/** Reads the minimum number of channels of a block. */
export const minChannelsOption = countTo(65_536);

/** Reads the number of blocks of a design. */
export const blocksOption = countTo(1000);

/** Returns the budget. @throws RangeError if both values are missing */
export function checkBudget({ params, macs }: Budget): Budget {
  if (params === undefined && macs === undefined)
    throw missing('budget', 'none', 'give params, macs or both');
  return { params, macs };
}

/** Returns the relative deviation of the costs from each budget. */
export function deviationsOf(costs: Pick<Costs, BudgetName>, budget: Budget): Deviations {
  const { params, macs } = budget;
  if (params === undefined) return macs === undefined ? {} : { macs: costs.macs / macs - 1 };
  if (macs === undefined) return { params: costs.params / params - 1 };
  return { params: costs.params / params - 1, macs: costs.macs / macs - 1 };
}

/** Returns the largest absolute deviation. */
export function missOf({ params = 0, macs = 0 }: Deviations): number {
  return Math.max(Math.abs(params), Math.abs(macs));
}

/** Returns the largest excess over a budget; 0 or less if no budget is exceeded. */
export function excessOf({ params = -Infinity, macs = -Infinity }: Deviations): number {
  return Math.max(params, macs);
}

/**
 * Compares deviations for sorting; the result is negative if the first are better. Better deviations exceed the slack
 * by less, or else have a smaller largest deviation.
 */
export function compareDeviations(one: Deviations, other: Deviations, slack: number): number {
  const beyond = (deviations: Deviations) => Math.max(0, excessOf(deviations) - slack);
  return beyond(one) - beyond(other) || missOf(one) - missOf(other);
}
