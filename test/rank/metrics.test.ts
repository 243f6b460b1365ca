import { describe, expect, it } from 'vitest';

import * as all from '../../src/rank/metrics.js';
import { battery } from './battery.js';

const { metrics } = all;
const eps = 2 ** -52;

describe('metrics', () => {
  it.each(battery)('agrees with scipy and math.fsum: $name', ({ singularValues, metrics: expected }) => {
    const actual = metrics(singularValues);
    for (const [name, value] of Object.entries(expected) as [
      keyof all.Metrics,
      number | 'Infinity' | null,
    ][]) {
      if (typeof value !== 'number') expect(actual[name], name).toBe(value === null ? null : Infinity);
      // Sums of n terms, then a few operations; exp and ln move by the entropy's absolute error.
      else
        expect(Math.abs(actual[name]! - value), name).toBeLessThanOrEqual(
          4 * (singularValues.length + 4) * eps * value,
        );
    }
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
  });

  it('counts k equal values as k', () => {
    const { stableRank, effectiveRank, participationRatio, spectralEntropy, nuclearNorm } = metrics([
      3, 3, 3, 3, 0,
    ]);
    expect(stableRank).toBe(4);
    expect(participationRatio).toBe(4);
    expect(spectralEntropy).toBeCloseTo(Math.log(4), 14);
    expect(effectiveRank).toBeCloseTo(4, 14);
    expect(nuclearNorm).toBe(12);
  });

  it('gives one value 1, and no negative zero', () => {
    const one = {
      stableRank: 1,
      effectiveRank: 1,
      participationRatio: 1,
      spectralEntropy: 0,
      nuclearNorm: 7,
      conditionNumber: 1,
    };
    expect(metrics([7])).toEqual(one);
  });

  it.each([1e-300, 1e300])('is free of the unit %d', (unit) => {
    const plain = metrics([4, 2, 1]);
    const scaled = metrics([4 * unit, 2 * unit, unit]);
    for (const name of [
      'stableRank',
      'effectiveRank',
      'participationRatio',
      'spectralEntropy',
      'conditionNumber',
    ] as const) {
      expect(Math.abs(scaled[name]! / plain[name]! - 1), name).toBeLessThanOrEqual(8 * eps);
    }
    expect(Math.abs(scaled.nuclearNorm / unit / 7 - 1)).toBeLessThanOrEqual(8 * eps);
  });

  it('orders as the theory says: stable rank <= participation ratio... <= effective rank <= rank', () => {
    for (const { singularValues, numpy } of battery.filter(({ name }) => name.startsWith('random'))) {
      const { stableRank, participationRatio, effectiveRank } = metrics(singularValues);
      expect(stableRank).toBeLessThanOrEqual(participationRatio);
      expect(participationRatio).toBeLessThanOrEqual(effectiveRank);
      expect(effectiveRank).toBeLessThanOrEqual(numpy!);
    }
  });

  it.each([[[]], [[0]], [[0, 0, 0]]])('is 0, without a condition number, for %j', (spectrum: number[]) => {
    expect(metrics(spectrum)).toEqual({
      stableRank: 0,
      effectiveRank: 0,
      participationRatio: 0,
      spectralEntropy: 0,
      nuclearNorm: 0,
      conditionNumber: null,
    });
    expect(all.largest(spectrum)).toBe(0);
    expect(all.smallest(spectrum)).toBe(0);
  });

  it('has an infinite condition number where the smallest value is 0', () => {
    expect(all.conditionNumber([2, 1, 0])).toBe(Infinity);
    expect(all.conditionNumber([2, 1])).toBe(2);
  });

  it('refuses what is no spectrum', () => {
    for (const f of Object.values(all)) {
      expect(() => f([1, 2])).toThrow(/invalid singular value at 1: 2/);
      expect(() => f([2, -1])).toThrow(/invalid singular value at 1: -1/);
      expect(() => f([NaN])).toThrow(/invalid singular value at 0: NaN/);
    }
  });
});
