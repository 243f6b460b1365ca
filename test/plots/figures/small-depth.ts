import type { DepthPoint } from '../../../src/depth/summarise-depth.js';

/**
 * Points of three networks with 4, 5 and 5 blocks at all taps, by a formula. One place of the last network has few
 * positions.
 */
export function smallDepth({ seeds = 1 } = {}): DepthPoint[] {
  const taps = ['expand', 'spatial', 'project', 'output'] as const;
  return ['first', 'second', 'third'].flatMap((network, n) =>
    Array.from({ length: n === 0 ? 4 : 5 }, (_, i) => i + 1).flatMap((block) =>
      taps.map((tap, t) => {
        const channels = (t < 2 ? 6 : 1) * (16 + 12 * block + 5 * n);
        const rankRatioMean = Math.round(1e4 * (1 - 0.1 * t * (block / 5) ** 2 - 0.08 * n)) / 1e4;
        const effectiveMean = Math.round(1e4 * (0.8 * rankRatioMean - 0.02 * block)) / 1e4;
        const band = (value: number, by: number) => (seeds > 1 ? Math.round(1e4 * (value + by)) / 1e4 : null);
        return {
          network,
          block,
          tap,
          tolerance: 'relative:0.001',
          channels,
          positions: n === 2 && block === 5 ? 80 : 4096,
          seeds,
          rankRatioMean,
          rankRatioLow: band(rankRatioMean, -0.03),
          rankRatioHigh: band(rankRatioMean, 0.02),
          effectiveMean,
          effectiveLow: band(effectiveMean, -0.04),
          effectiveHigh: band(effectiveMean, 0.04),
        };
      }),
    ),
  );
}
