import type { Tap } from '../layers/blocks.js';
import { firstOf } from '../lookups.js';
import { intervalOf, meanInterval } from '../statistics/mean-interval.js';
import { meanAndSd } from '../statistics/moments.js';
import type { DepthRow } from './depth-row.js';

/** The means over several seeds at one tap of one network at one tolerance. */
export interface DepthPoint {
  readonly network: string;
  /** Number of the block, from 1; null in stem and head. */
  readonly block: number | null;
  readonly tap: Tap;
  readonly tolerance: string;
  readonly channels: number;
  /** Columns of the features, the minimum over the seeds; they bound the rank. */
  readonly positions: number;
  readonly seeds: number;
  readonly rankRatioMean: number;
  /** 95% confidence interval of the mean over seeds, see `meanInterval`; null for one seed. */
  readonly rankRatioLow: number | null;
  readonly rankRatioHigh: number | null;
  /** Of effective rank / channels. */
  readonly effectiveMean: number;
  readonly effectiveLow: number | null;
  readonly effectiveHigh: number | null;
}

/** Returns the points of the rows, in order of first appearance. */
export function summariseDepth(rows: readonly DepthRow[]): DepthPoint[] {
  const groups = new Map<string, DepthRow[]>();
  for (const row of rows) {
    const key = [row.network, row.layer, row.tap, row.tolerance].join('\n');
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map((group) => {
    const { network, block, tap, tolerance, channels } = firstOf(group);
    const n = group.length;
    const ratios = group.map((row) => row.rankRatio);
    const shares = group.map((row) => row.effectiveRatio);
    const share = meanAndSd(shares);
    // an effective rank is continuous, so its step is only the roundoff
    const [effectiveLow, effectiveHigh] = intervalOf({ n, ...share }, Number.EPSILON);
    const [rankRatioLow, rankRatioHigh] = meanInterval(ratios, 1 / channels);
    const only = <V>(value: V) => (n > 1 ? value : null);
    return {
      network,
      block,
      tap,
      tolerance,
      channels,
      positions: Math.min(...group.map((row) => row.positions)),
      seeds: n,
      rankRatioMean: meanAndSd(ratios).mean,
      rankRatioLow: only(rankRatioLow),
      rankRatioHigh: only(rankRatioHigh),
      effectiveMean: share.mean,
      effectiveLow: only(effectiveLow),
      effectiveHigh: only(effectiveHigh),
    };
  });
}
