import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { figure1Points } from '../../src/published/figure-1.js';
import { figure1Ordering } from '../../src/published/figure-1-ordering.js';
import { readSummary } from '../../src/runs/read-study.js';
import type { SummaryRow } from '../../src/study/summary.js';

/** The published figure as a summary, each value as `change` makes it. */
const summary = (change: (rankRatio: number) => number): SummaryRow[] =>
  figure1Points().map(({ rankRatio, ...place }) => ({
    ...{ ...place, tap: 'output', tolerance: 'numpy', layers: 9 },
    ...{ rankRatioMean: change(rankRatio), rankRatioSd: 0, ci95Low: 0, ci95High: 1 },
  }));

describe('figure1Ordering', () => {
  it('is 1 for any figure in the order of the published one, -1 for the opposite order, 0 without any', () => {
    const taus = (change: (x: number) => number) => figure1Ordering(summary(change)).map(({ tau }) => tau);
    expect(taus((x) => x ** 3)).toEqual([1, 1, 1, 1]);
    expect(taus((x) => 1 - x)).toEqual([-1, -1, -1, -1]);
    expect(taus(() => 0.5)).toEqual([0, 0, 0, 0]);
  });

  it('counts the pairs that lie further apart than the gap', () => {
    // pointwise at 0.1, sorted: 0.852 0.859 0.872 0.926 0.939 0.951 0.960; closer than 0.01: the first two, the last two
    const [pointwise] = figure1Ordering(
      summary((x) => x),
      { ratios: [0.1] },
    );
    expect(pointwise).toEqual({ block: 'pointwise', tolerance: 'numpy', pairs: 19, concordant: 19, tau: 1 });
    // without a gap, all 21 pairs
    expect(figure1Ordering(summary((x) => x), { ratios: [0.1], gap: 0 })[0]!.pairs).toBe(21); // prettier-ignore
  });

  it('counts one exchanged pair once', () => {
    const rows = summary((x) => (x === 0.852 ? 0.9 : x)).filter(({ block }) => block === 'pointwise');
    // ReLU now lies above LeakyReLU, 0.872; ReLU6 is too close to count
    const [found] = figure1Ordering(rows, { ratios: [0.1] });
    expect([found!.concordant, found!.tau]).toEqual([18, (18 - 1) / 19]);
  });

  it('is high for the figure that is kept', async () => {
    const kept = await readSummary(join(__dirname, '..', '..', 'figures', 'figure-1'));
    const found = figure1Ordering(kept);
    expect(found).toHaveLength(4);
    for (const { block, tau } of found) expect(tau, block).toBeGreaterThan(0.3);
  });
});
