import { invalid, missing } from '../errors.js';
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

/**
 * Returns the checked budget. @throws RangeError if a value is not a number from 1 below 2^53, or if both are missing
 */
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

/** Returns the checked share `within` which a budget counts as met. */
export function checkWithin(within: number): number {
  if (!isBetween(within, Number.MIN_VALUE, 0.5))
    throw invalid('within', within, 'a share above 0, at most 0.5 (50%)');
  return within;
}

/** Returns the checked minimum number of channels of a block. */
export function checkMinChannels(count: number): number {
  if (!(Number.isInteger(count) && count >= 1 && count <= 65_536)) {
    throw invalid('minChannels', count, 'an integer from 1 to 65536');
  }
  return count;
}

/** Returns true for a number in the range; a list of one number would compare like it. */
function isBetween(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}
