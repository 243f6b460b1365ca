import { describe, expect, it } from 'vitest';
import { createStream, nextUnit } from '../../src/random/stream.js';
import { bootstrapIntervals } from '../../src/statistics/bootstrap.js';
import { kendall, partialCorrelation, tauOfCorrelation } from '../../src/statistics/correlation.js';
import { lineAt, weightedLine } from '../../src/statistics/weighted-line.js';
import { normals } from './normals.js';

const x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const y = [2, 1, 4, 3, 3, 7, 8, 6, 10, 9];
const z = [1, 1, 2, 2, 3, 5, 4, 6, 6, 7];

describe('values of scipy', () => {
  it('pearsonr with its interval, and what least squares on z leaves', () => {
    const { value, interval, n } = partialCorrelation(x, y)!;
    expect([value, ...interval]).toEqual(
      [0.9090479128552056, 0.6534045513559646, 0.9785759935110566].map((c) => expect.closeTo(c, 11)),
    );
    expect(n).toBe(10);
    expect(partialCorrelation(x, y, [z])!.value).toBeCloseTo(0.36419873065805797, 12);
  });

  it('kendalltau with ties, by its asymptotic method', () => {
    const halves = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
    for (const [one, other, ...values] of [
      [x, y, 0.7191465199607916, 0.004057136032371292],
      [z, y, 0.721125263058815, 0.004841331697369751],
      [halves, [3, 1, 2, 2, 5, 4, 4, 1, 6, 6], 0.37481702853265453, 0.20450053332564166],
    ] as const) {
      const { value, p } = kendall(one, other)!;
      expect([value, p]).toEqual(values.map((expected) => expect.closeTo(expected, 12)));
    }
    expect(kendall(x, x.toReversed())!.value).toBe(-1);
  });

  it('the interval of a weighted line at a place, by the inverse of its normal equations', () => {
    const weights = [1, 1, 1, 1, 1, 3, 3, 3, 3, 3];
    const line = weightedLine(x, y, weights)!;
    for (const [place, ...values] of [
      [2, 2.2728971962616837, 0.1509151778483031, 4.394879214675065],
      [9, 8.72336448598131, 7.378440628752118, 10.068288343210503],
    ] as const) {
      const { mean, low, high } = lineAt(line, place);
      expect([mean, low, high]).toEqual(values.map((value) => expect.closeTo(value, 9)));
    }
    const { mean, low, high } = lineAt(weightedLine(x, y)!, 2);
    expect([mean, low, high]).toEqual(
      [2.0121212121212135, 0.4225948038192535, 3.6016476204231735].map((value) => expect.closeTo(value, 9)),
    );
  });

  it('linregress, and weights', () => {
    const { slope, interval, p } = weightedLine(x, y)!;
    expect([slope, ...interval, p]).toEqual(
      [0.9393939393939394, 0.5883262853838291, 1.2904615934040498, 0.0002679307775180242].map((c) =>
        expect.closeTo(c, 9),
      ),
    );
    expect(weightedLine(x, y, [1, 1, 1, 1, 1, 3, 3, 3, 3, 3])!.slope).toBeCloseTo(0.9214953271028029, 12);
  });
});

describe('what cannot be said', () => {
  it('is undefined', () => {
    const constant = x.map(() => 3.3);
    expect(partialCorrelation(constant, y)).toBeUndefined();
    expect(partialCorrelation(x, y, [x.map((value) => 2 * value + 1)])).toBeUndefined();
    expect(partialCorrelation([1, 2, 3], [1, 3, 2])).toBeUndefined();
    expect(kendall(constant, y)).toBeUndefined();
    expect(weightedLine(constant, y)).toBeUndefined();
  });
});

describe('intervals of simulated values', () => {
  it.each([0, 0.5, 0.8])('cover correlation %d, its tau, and one given a common cause', (r) => {
    const next = normals(createStream(3, 'correlation'));
    const [runs, n] = [500, 40];
    const covered = [0, 0, 0];
    for (let run = 0; run < runs; run++) {
      const a = Array.from({ length: n }, next);
      const b = a.map((value) => r * value + Math.sqrt(1 - r * r) * next());
      const cause = a.map(() => 3 * next());
      const plus = (values: number[]) => values.map((value, i) => value + cause[i]!);
      const truths = [r, tauOfCorrelation(r), r];
      const found = [partialCorrelation(a, b), kendall(a, b), partialCorrelation(plus(a), plus(b), [cause])];
      for (const [i, { interval }] of found.map((one) => one!).entries())
        if (interval[0] <= truths[i]! && truths[i]! <= interval[1]) covered[i]!++;
    }
    for (const count of covered) expect(count / runs).toBeGreaterThan(0.92);
    for (const count of covered) expect(count / runs).toBeLessThan(0.98);
  });

  it('cover a tau of 0 with two distinct values too', () => {
    const next = normals(createStream(5, 'ties'));
    const runs = 1000;
    let [covered, found] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const a = Array.from({ length: 40 }, () => Math.sign(next()));
      const { interval, p } = kendall(a, a.map(next))!;
      if (interval[0] <= 0 && 0 <= interval[1]) covered++;
      if (p < 0.05) found++;
    }
    expect(Math.abs(covered / runs - 0.95)).toBeLessThan(0.02);
    expect(Math.abs(found / runs - 0.05)).toBeLessThan(0.02);
  });
});

describe('bootstrapIntervals', () => {
  it('covers the mean, and gives each statistic an interval of its own', () => {
    const stream = createStream(4, 'bootstrap');
    const next = normals(stream);
    let covered = 0;
    for (let run = 0; run < 200; run++) {
      const items = Array.from({ length: 30 }, () => 5 + next());
      const mean = (sample: readonly number[]) => sample.reduce((sum, value) => sum + value, 0) / 30;
      const both = (sample: readonly number[]) => [mean(sample), -mean(sample)];
      const [plain, negated] = bootstrapIntervals(items, both, () => nextUnit(stream), 199);
      expect(negated).toEqual([-plain![1], -plain![0]]);
      if (plain![0] <= 5 && 5 <= plain![1]) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.89);
  });
});
