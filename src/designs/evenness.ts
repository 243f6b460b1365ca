import { firstOf, lastOf } from '../lookups.js';

/**
 * Returns the evenness of a channel list's growth, from 0 to 1. It is the entropy of the steps between blocks, as
 * shares of the whole rise, divided by that of equal steps. A straight line gives 1, one or two constant stages give 0,
 * and k equal steps among n give log k / log n.
 *
 * @param channels never decreasing
 * @example
 * evenness([10, 20, 30, 40, 50]); // 1
 * evenness([10, 10, 30, 30, 50]); // 0.5
 */
export function evenness(channels: readonly number[]): number {
  const rise = lastOf(channels) - firstOf(channels);
  const steps = channels.length - 1;
  // a list with a single step is both a line and two stages
  if (rise === 0) return 0;
  if (steps === 1) return 1;
  let entropy = 0;
  for (let i = 0; i < steps; i++) {
    const share = (channels[i + 1]! - channels[i]!) / rise;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.min(1, Math.max(0, entropy / Math.log(steps)));
}
