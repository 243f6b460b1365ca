import { invalid, missing } from '../errors.js';
import type { Costs } from '../networks/network-costs.js';

/** What a network may cost. One of the two may be left out. */
export interface Budget {
  /** Parameters, in ones. */
  readonly params?: number | undefined;
  /** Multiply-accumulates for one image, in ones. */
  readonly macs?: number | undefined;
}

export type BudgetName = 'params' | 'macs';

/** For each budget that is given, cost / budget - 1: 0.01 is one per cent too much. */
export type Deviations = { readonly [K in BudgetName]?: number };

/** Returns the budget, checked. @throws RangeError for one that is not a number from 1 below 2^53, or for none */
export function checkBudget(budget: Budget): Budget {
  const { params, macs } = budget;
  if (params === undefined && macs === undefined)
    throw missing('budget', 'none', 'give params, macs or both');
  for (const [name, value] of Object.entries({ params, macs })) {
    if (value !== undefined && !isBetween(value, 1, Number.MAX_SAFE_INTEGER)) {
      throw invalid(name, value, 'a number from 1, below 2^53');
    }
  }
  return { params, macs };
}

/** Returns how far the costs are from each budget. */
export function deviationsOf(costs: Pick<Costs, BudgetName>, budget: Budget): Deviations {
  const { params, macs } = budget;
  if (params === undefined) return macs === undefined ? {} : { macs: costs.macs / macs - 1 };
  if (macs === undefined) return { params: costs.params / params - 1 };
  return { params: costs.params / params - 1, macs: costs.macs / macs - 1 };
}

/** Returns the largest deviation, without its sign. */
export function missOf({ params = 0, macs = 0 }: Deviations): number {
  return Math.max(Math.abs(params), Math.abs(macs));
}

/** Returns by how much the budgets are exceeded at most; 0 or less where none is. */
export function excessOf({ params = -Infinity, macs = -Infinity }: Deviations): number {
  return Math.max(params, macs);
}

/**
 * Returns a negative number where the first deviations are the better ones, as sort functions do: those that exceed the
 * slack by less, then those with the smaller largest deviation.
 */
export function compareDeviations(one: Deviations, other: Deviations, slack: number): number {
  const beyond = (deviations: Deviations) => Math.max(0, excessOf(deviations) - slack);
  return beyond(one) - beyond(other) || missOf(one) - missOf(other);
}

/** Returns the share `within` which a budget counts as met, checked. */
export function checkWithin(within: number): number {
  if (!isBetween(within, Number.MIN_VALUE, 0.5))
    throw invalid('within', within, 'a share above 0, at most 0.5 (50%)');
  return within;
}

/** Returns the fewest channels that a block may have, checked. */
export function checkMinChannels(count: number): number {
  if (!(Number.isInteger(count) && count >= 1 && count <= 65_536)) {
    throw invalid('minChannels', count, 'an integer from 1 to 65536');
  }
  return count;
}

/** Whether the value is a number in the range; a list of one number compares like it, but is not. */
function isBetween(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}
