import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { figure1Points } from '../../src/published/figure-1.js';
import { figure1Errors } from '../../src/published/figure-1-errors.js';
import { figure1Ordering } from '../../src/published/figure-1-ordering.js';
import { readSummary } from '../../src/runs/read-study.js';
import type { SummaryRow } from '../../src/study/summary.js';

/** The published figure itself as a summary, moved by what `off` says. */
function summary(
  off: (row: SummaryRow, i: number) => number,
  fields: Partial<SummaryRow> = {},
): SummaryRow[] {
  return figure1Points().map(({ rankRatio, ...place }, i) => {
    const spread = { rankRatioSd: 0, ci95Low: rankRatio, ci95High: rankRatio };
    const row = {
      ...place,
      tap: 'output',
      tolerance: 'numpy',
      layers: 9,
      rankRatioMean: rankRatio,
      ...spread,
    };
    return { ...row, rankRatioMean: rankRatio + off(row, i), ...fields };
  });
}

describe('figure1Errors', () => {
  it('is nothing for the published figure', () => {
    const errors = figure1Errors(summary(() => 0));
    expect(errors.map(({ block }) => block)).toEqual([
      'pointwise',
      'conv3x3',
      'inverted-conv3x3',
      'inverted-depthwise',
    ]);
    for (const { rmse, bias, points } of errors) {
      expect([rmse, bias]).toEqual([0, 0]);
      expect(points).toBeGreaterThan(49);
    }
  });

  it('is the root mean square, with the side on which ours lies', () => {
    const [pointwise, conv3x3] = figure1Errors(
      summary(({ block }, i) => (block === 'pointwise' ? -0.02 : i % 2 ? 0.01 : -0.03)),
    );
    expect(pointwise!.rmse).toBeCloseTo(0.02, 12);
    expect(pointwise!.bias).toBeCloseTo(-0.02, 12);
    // 63 points, the first at the odd index 61
    expect(conv3x3!.rmse).toBeCloseTo(Math.sqrt((32 * 0.01 ** 2 + 31 * 0.03 ** 2) / 63), 12);
    expect(conv3x3!.bias).toBeCloseTo((32 * 0.01 - 31 * 0.03) / 63, 12);
  });

  it('says what the number of layers alone would leave', () => {
    const [pointwise, conv3x3] = figure1Errors(
      summary(() => 0.5).map((row, i) => ({
        ...row,
        rankRatioSd: row.block === 'pointwise' || i % 2 ? 0.06 : 0,
      })),
    );
    expect(pointwise!.sampling).toBeCloseTo(0.06 / Math.sqrt(9), 12);
    expect(conv3x3!.sampling).toBeCloseTo((0.06 / Math.sqrt(9)) * Math.sqrt(32 / 63), 12);
  });

  it('has the skill against an oracle that ignores the activation', () => {
    const skills = (errors: ReturnType<typeof figure1Errors>) => errors.map(({ skill }) => skill ?? NaN);
    expect(skills(figure1Errors(summary(() => 0)))).toEqual([1, 1, 1, 1]);
    // the oracle itself: the printed mean of the activations at each ratio, and the linear layer as it is
    const printed = figure1Points().filter(({ activation }) => activation !== 'linear');
    const asOracle = summary(({ block, activation, dimensionRatio, rankRatioMean }) => {
      if (activation === 'linear') return 0;
      const same = printed.filter((one) => one.block === block && one.dimensionRatio === dimensionRatio);
      return same.reduce((sum, { rankRatio }) => sum + rankRatio, 0) / same.length - rankRatioMean;
    });
    for (const skill of skills(figure1Errors(asOracle))) expect(skill).toBeCloseTo(0, 12);
    const twice = summary((row, i) => 2 * ((asOracle[i]?.rankRatioMean ?? NaN) - row.rankRatioMean));
    for (const skill of skills(figure1Errors(twice))) expect(skill).toBeCloseTo(-3, 12);
    // without an activation there is nothing to know
    expect(
      figure1Errors(summary(() => 0).filter(({ activation }) => activation === 'linear'))[0]?.skill,
    ).toBeNull();
  });

  it('compares outputs only, and keeps tolerances apart', () => {
    expect(figure1Errors(summary(() => 0, { tap: 'expand' }))).toEqual([]);
    const both = [...summary(() => 0), ...summary(() => 0.1, { tolerance: 'relative:0.01' })];
    const errors = figure1Errors(both);
    expect(errors.map(({ tolerance }) => tolerance)).toEqual([
      ...Array<string>(4).fill('numpy'),
      ...Array<string>(4).fill('relative:0.01'),
    ]);
    expect(errors[0]!.rmse).toBe(0);
    expect(errors[4]!.rmse).toBeCloseTo(0.1, 12);
  });

  it('says nothing of what the figure does not have', () => {
    expect(figure1Errors(summary(() => 0, { activation: 'gelu' }))).toEqual([]);
    expect(figure1Errors([])).toEqual([]);
  });
});

it('docs/figure-1.md has the errors, the skill and the order of the kept figure', async () => {
  const root = join(__dirname, '../..');
  const page = readFileSync(join(root, 'docs/figure-1.md'), 'utf8').replaceAll('−', '-');
  const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const kept = await readSummary(join(root, 'figures/figure-1'));
  const orders = figure1Ordering(kept);
  expect(orders).toHaveLength(4);
  for (const [i, { block, rmse, bias, skill }] of figure1Errors(kept).entries()) {
    const { pairs, concordant, tau } = orders[i]!;
    const found = rows.filter(([, panel]) => panel?.endsWith(`) ${block}`));
    expect(found.map((row) => row.slice(2, -1))).toEqual([
      [rmse.toFixed(3), bias.toFixed(3), (skill ?? NaN).toFixed(2)],
      [String(pairs), String(concordant), tau.toFixed(2)],
    ]);
  }
});
