import { describe, expect, it } from 'vitest';
import { effectiveRank } from '../../src/rank/metrics.js';
import { alphaReq, rankMe } from '../../src/rank/representation-metrics.js';

describe('rankMe', () => {
  it('is the exponential of the entropy of the shares, each with 1e-7 added', () => {
    // by numpy: s = np.array([4, 2, 1, 0]); p = s / s.sum() + 1e-7; np.exp(-(p * np.log(p)).sum())
    expect(rankMe([4, 2, 1, 0])).toBeCloseTo(2.60049439468, 10);
    expect(Math.abs(rankMe([4, 2, 1]) - effectiveRank([4, 2, 1]))).toBeLessThan(1e-6);
  });

  it('does not depend on the unit, and is 0 of nothing', () => {
    expect(rankMe([4e-300, 2e-300, 1e-300])).toBeCloseTo(rankMe([4e300, 2e300, 1e300]), 12);
    expect([rankMe([]), rankMe([0, 0])]).toEqual([0, 0]);
    expect(() => rankMe([1, 2])).toThrow('invalid singular value at 1: 2');
  });
});

describe('alphaReq', () => {
  const law = (alpha: number, length: number) =>
    Array.from({ length }, (_, i) => 3 * (i + 1) ** (-alpha / 2));

  it('is the exponent of a power law, whatever the unit and the range', () => {
    for (const alpha of [0.5, 1, 2.2]) {
      expect(alphaReq(law(alpha, 200))).toBeCloseTo(alpha, 10);
      expect(alphaReq(law(alpha, 40))).toBeCloseTo(alpha, 10);
      expect(alphaReq(law(alpha, 200), { from: 1, to: 8 })).toBeCloseTo(alpha, 10);
    }
  });

  it('weights the eigenvalue j with 1 / j, and leaves the first ten out', () => {
    const spectrum = [100, ...Array<number>(9).fill(50), ...law(1, 60).slice(10)];
    expect(alphaReq(spectrum)).toBeCloseTo(1, 10);
    // by numpy: x = -np.log([1, 2, 3]), y = np.log([16., 4, 4]), w = 1 / np.array([1, 2, 3]); weighted least squares
    expect(alphaReq([4, 2, 2], { from: 1 })).toBeCloseTo(1.47493065, 8);
  });

  it('is null where there are too few eigenvalues, and refuses a range that is not one', () => {
    expect(alphaReq(law(1, 12))).toBeNull();
    expect(alphaReq([...law(1, 12), ...Array<number>(50).fill(0)])).toBeNull();
    expect(() => alphaReq(law(1, 50), { from: 5, to: 4 })).toThrow(
      'invalid to: 4 (allowed: a whole number >= 5)',
    );
    expect(() => alphaReq(law(1, 50), { from: 0 })).toThrow('invalid from: 0');
  });
});
