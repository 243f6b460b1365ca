import { describe, expect, it } from 'vitest';
import { createStream } from '../../src/random/stream.js';
import { fisherQuantile, fisherTail } from '../../src/statistics/fisher.js';
import { pooledReliability } from '../../src/statistics/pooled-reliability.js';
import { varianceComponents } from '../../src/statistics/variance-components.js';
import { normals } from './normals.js';

describe('the F distribution', () => {
  // scipy.stats.f.sf and isf
  it.each([
    [2.5, 4, 15, 0.08673499728031352],
    [0.1, 3, 7, 0.9574706798180969],
    [30, 1, 2, 0.031754163448145786],
    [1000, 5, 40, 7.160997257316926e-41],
  ])('P(F > %d) with %d and %d degrees of freedom', (x, d1, d2, tail) => {
    expect(Math.abs(fisherTail(x, d1, d2) / tail - 1)).toBeLessThan(1e-11);
  });
  it.each([
    [0.025, 4, 15, 3.8042713418410123],
    [0.975, 4, 15, 0.11551957991003839],
    [0.05, 189, 40, 1.5528529529485777],
    [0.5, 1, 1, 1],
    [0.025, 2, 300, 3.734613024696528],
  ])('the number exceeded with probability %d, of %d and %d degrees of freedom', (tail, d1, d2, quantile) => {
    expect(Math.abs(fisherQuantile(tail, d1, d2) / quantile - 1)).toBeLessThan(1e-9);
  });
});

/** Groups of these sizes with variances `r` between and 1 - r within. */
function groupsOf(sizes: readonly number[], r: number, next: () => number): number[][] {
  return sizes.map((size) => {
    const own = Math.sqrt(r) * next();
    return Array.from({ length: size }, () => own + Math.sqrt(1 - r) * next());
  });
}

const five = Array<number>(5).fill(4);
const search = [...Array<number>(20).fill(3), ...Array<number>(100).fill(1)];

describe('varianceComponents', () => {
  it('is the analysis of variance for equal sizes', () => {
    // mean squares 8 between and 2 within, by hand
    const { between, within, reliability, p } = varianceComponents([
      [0, 2],
      [2, 4],
      [4, 6],
    ])!;
    expect([between, within, reliability]).toEqual([3, 2, 0.6]);
    expect(p).toBeCloseTo(fisherTail(4, 2, 3), 12);
  });

  it('says nothing without repeats or groups', () => {
    expect(varianceComponents([[1], [2], [3]])).toBeUndefined();
    expect(varianceComponents([[1, 2]])).toBeUndefined();
    expect(
      varianceComponents([
        [1, 1],
        [1, 1],
      ]),
    ).toMatchObject({ between: 0, reliability: 0, p: 1 });
  });

  it.each([
    ['five designs with four seeds', five, 0],
    ['five designs with four seeds', five, 0.6],
    ['a search with repeats', search, 0],
    ['a search with repeats', search, 0.3],
    ['a search with repeats', search, 0.8],
  ] as const)('covers the reliability of %s', (_, sizes, r) => {
    const next = normals(createStream(1, 'components'));
    const [runs, counts] = [600, { covered: 0, found: 0 }];
    let predicted = 0;
    for (let i = 0; i < runs; i++) {
      const { interval, p, power } = varianceComponents(groupsOf(sizes, r, next))!;
      if (interval[0] <= r && r <= interval[1]) counts.covered++;
      if (p < 0.05) counts.found++;
      predicted = power(r);
    }
    expect(counts.covered / runs).toBeGreaterThan(0.925);
    if (r > 0) expect(counts.covered / runs).toBeLessThan(0.985);
    // the power that is stated is the power there is; without a difference it is the level of the test
    expect(Math.abs(counts.found / runs - predicted)).toBeLessThan(0.07);
  });
});

describe('pooledReliability', () => {
  it.each([0, 0.05, 0.3])('finds a common reliability of %d in twelve experiments', (r) => {
    const next = normals(createStream(8, 'pooled'));
    const runs = 300;
    let [covered, sum] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const parts = Array.from({ length: 12 }, () => varianceComponents(groupsOf(five, r, next))!);
      const { reliability, interval } = pooledReliability(parts)!;
      sum += reliability / runs;
      if (interval[0] <= r && r <= interval[1]) covered++;
    }
    expect(Math.abs(sum - r)).toBeLessThan(0.04);
    expect(covered / runs).toBeGreaterThan(0.92);
    expect(covered / runs).toBeLessThan(0.99);
  });

  it('is that of one experiment alone, and says nothing of values that do not vary', () => {
    const next = normals(createStream(9, 'one'));
    const one = varianceComponents(groupsOf(five, 0.6, next))!;
    const { reliability } = pooledReliability([one])!;
    expect(Math.abs(reliability - one.reliability)).toBeLessThan(0.06);
    expect(
      pooledReliability([
        varianceComponents([
          [1, 1],
          [1, 1],
        ])!,
      ]),
    ).toBeUndefined();
  });
});
