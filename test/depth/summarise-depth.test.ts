import { describe, expect, it } from 'vitest';
import type { DepthRow } from '../../src/depth/depth-row.js';
import { summariseDepth } from '../../src/depth/summarise-depth.js';
import { meanInterval } from '../../src/statistics/mean-interval.js';

const row = (given: Partial<DepthRow>): DepthRow => ({
  network: 'a',
  seed: 0,
  layer: 'block1.expand',
  block: 1,
  tap: 'expand',
  channelsIn: 10,
  channels: 40,
  size: 4,
  positions: 100,
  rank: 20,
  lower: 20,
  upper: 20,
  certified: true,
  rankRatio: 0.5,
  effectiveRank: 10,
  effectiveRatio: 0.25,
  stableRank: 2,
  largest: 1,
  tolerance: 'relative:0.001',
  ...given,
});

describe('summariseDepth', () => {
  it('takes the mean and its interval over the seeds of one tap, network and tolerance', () => {
    const points = summariseDepth([
      row({ seed: 0, rankRatio: 0.5, effectiveRatio: 0.2 }),
      row({ seed: 0, network: 'b', rankRatio: 0.9 }),
      row({ seed: 1, rankRatio: 0.6, effectiveRatio: 0.4 }),
      row({ seed: 0, tolerance: 'numpy' }),
      row({ seed: 2, rankRatio: 0.7, effectiveRatio: 0.3, positions: 39 }),
    ]);
    expect(points.map(({ network, tolerance, seeds }) => [network, tolerance, seeds])).toEqual([
      ['a', 'relative:0.001', 3],
      ['b', 'relative:0.001', 1],
      ['a', 'numpy', 1],
    ]);
    const [low, high] = meanInterval([0.5, 0.6, 0.7], 1 / 40);
    expect(points[0]!.rankRatioMean).toBeCloseTo(0.6, 12);
    expect([points[0]!.rankRatioLow, points[0]!.rankRatioHigh]).toEqual([low, high]);
    expect(points[0]!.effectiveMean).toBeCloseTo(0.3, 12);
    expect(points[0]!.positions).toBe(39);
    expect(points[1]).toMatchObject({ rankRatioLow: null, effectiveHigh: null, positions: 100 });
  });
});
