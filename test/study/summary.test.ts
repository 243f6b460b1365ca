import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../src/statistics/mean-interval.js';
import { meanAndSd } from '../../src/statistics/moments.js';
import { measureStudy } from '../../src/study/measure-study.js';
import { resolveStudy } from '../../src/study/study.js';
import { summariseRows } from '../../src/study/summary.js';
import type { LayerRow } from '../../src/study/layer-row.js';

describe('summariseRows', () => {
  it('gives mean, deviation and interval of each point and tolerance', async () => {
    const study = resolveStudy({
      ...{ blocks: ['pointwise'], activations: ['linear', 'relu'], ratios: [0.25, 1], layers: 5 },
      protocol: { channels: '8:24', tolerances: ['numpy', 'relative:0.1'] },
    });
    const rows: LayerRow[] = [];
    for await (const layer of measureStudy(study, { workers: 0 })) rows.push(...layer);
    const summary = summariseRows(rows);
    expect(summary).toHaveLength(2 * 2 * 2);
    for (const { activation, dimensionRatio, tolerance, ...found } of summary) {
      const own = rows.filter(
        (row) => row.activation === activation && row.dimensionRatio === dimensionRatio,
      );
      const ratios = own.map(
        ({ ranks, channels }) => ranks.find((one) => one.tolerance === tolerance)!.rank / channels,
      );
      const step = own.reduce((sum, { channels }) => sum + 1 / channels, 0) / own.length;
      const [low, high] = meanInterval(ratios, step);
      expect(found).toMatchObject({ block: 'pointwise', tap: 'output', layers: 5 });
      expect(found.rankRatioMean).toBeCloseTo(meanAndSd(ratios).mean, 12);
      expect([found.ci95Low, found.ci95High]).toEqual([low, high]);
    }
    expect(summariseRows([])).toEqual([]);
  });
});
