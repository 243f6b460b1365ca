import { describe, expect, it } from 'vitest';

import { applyTolerance } from '../../src/rank/apply-tolerance.js';
import { battery } from './battery.js';

describe('applyTolerance', () => {
  // From numpy's own singular values: only the rule is tested here.
  it.each(battery)(
    'counts as numpy and torch do: $name',
    ({ singularValues, dtype, rows, columns, ...expected }) => {
      const apply = (tolerance: string) =>
        applyTolerance(singularValues, { rows, columns }, dtype, tolerance);
      if (expected.numpy !== null) expect(apply('numpy').rank).toBe(expected.numpy);
      expect(apply('matlab').absolute).toBe(expected.matlab);
      for (const [p, rank] of Object.entries(expected.energy)) {
        if (rank !== null) expect(apply(`energy:${p}`).rank).toBe(rank);
      }
      for (const [d, rank] of Object.entries(expected.srank)) {
        if (rank !== null) expect(apply(`srank:${d}`).rank).toBe(rank);
      }
    },
  );

  const spectrum = [8, 4, 2, 1, 0];
  const wide = { rows: 5, columns: 10 };

  it.each([
    ['numpy', 8 * 10 * 2 ** -23],
    ['torch', 8 * 10 * 2 ** -23],
    ['torch:atol=0', 8 * 10 * 2 ** -23],
    ['torch:atol=1', 1],
    ['torch:rtol=0.5', 4],
    ['torch:rtol=0.5,atol=5', 5],
    ['torch:rtol=0.5,atol=3', 4],
    ['matlab', 10 * 2 ** -20],
    ['relative:0.25', 2],
    ['absolute:3', 3],
  ])('%s has its threshold', (tolerance, absolute) => {
    const applied = applyTolerance(spectrum, wide, 'float32', tolerance);
    expect(applied.rule).toBe(tolerance);
    expect(applied.absolute).toBe(absolute);
    expect(applied.rank).toBe(spectrum.filter((value) => value > absolute).length);
  });

  it('takes the precision of the data', () => {
    expect(applyTolerance(spectrum, wide, 'float64', 'numpy').absolute).toBe(8 * 10 * 2 ** -52);
    expect(applyTolerance(spectrum, wide, 'float64', 'torch').absolute).toBe(8 * 10 * 2 ** -52);
    expect(applyTolerance([9], wide, 'float64', 'matlab').absolute).toBe(10 * 2 ** -49);
    // As float32, 8 - 2^-40 is 8.
    expect(applyTolerance([8 - 2 ** -40], wide, 'float32', 'matlab').absolute).toBe(10 * 2 ** -20);
    expect(applyTolerance([8 - 2 ** -40], wide, 'float64', 'matlab').absolute).toBe(10 * 2 ** -50);
  });

  it('does not count a singular value that equals the threshold', () => {
    expect(applyTolerance(spectrum, wide, 'float64', 'absolute:4').rank).toBe(1);
    expect(applyTolerance(spectrum, wide, 'float64', 'absolute:0').rank).toBe(4);
  });

  it.each([
    // Squares 64, 16, 4, 1: shares 0.753, 0.941, 0.988, 1.
    ['energy:0.75', 1, 6],
    ['energy:0.76', 2, 3],
    ['energy:0.95', 3, 1.5],
    ['energy:0.99', 4, 0.5],
    ['energy:1', 4, 0.5],
    // Values 8, 4, 2, 1 of 15: shares 0.533, 0.8, 0.933, 1.
    ['srank:0.5', 1, 6],
    ['srank:0.25', 2, 3],
    ['srank:0.07', 3, 1.5],
    ['srank:0.01', 4, 0.5],
    ['srank:0', 4, 0.5],
  ])('%s counts %i, with the threshold halfway to the next value', (tolerance, rank, absolute) => {
    expect(applyTolerance(spectrum, wide, 'float64', tolerance)).toEqual({ rule: tolerance, absolute, rank });
  });

  it.each([1e-300, 1e300])('takes shares of values of %d without under- or overflow', (unit) => {
    const scaled = spectrum.map((value) => value * unit);
    expect(applyTolerance(scaled, wide, 'float64', 'energy:0.95').rank).toBe(3);
    expect(applyTolerance(scaled, wide, 'float64', 'srank:0.01').rank).toBe(4);
  });

  it('finds a threshold between neighbours, and says the value where two are equal', () => {
    const next = 1 + 2 ** -52;
    const close = applyTolerance([next, 1], wide, 'float64', 'energy:0.4');
    expect(close.rank).toBe(1);
    expect([next, 1].filter((value) => value > close.absolute).length).toBe(1);
    expect(applyTolerance([3, 3], wide, 'float64', 'energy:0.4')).toEqual({
      rule: 'energy:0.4',
      absolute: 3,
      rank: 1,
    });
  });

  it('gives a spectrum of zeros and an empty one rank 0', () => {
    for (const tolerance of [
      'numpy',
      'torch',
      'matlab',
      'relative:0',
      'absolute:0',
      'energy:1',
      'srank:0.1',
    ]) {
      expect(applyTolerance([0, 0], wide, 'float32', tolerance).rank).toBe(0);
      expect(applyTolerance([], { rows: 0, columns: 3 }, 'float32', tolerance).rank).toBe(0);
    }
  });
});
