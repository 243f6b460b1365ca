import { describe, expect, it } from 'vitest';
import { provedDistance } from '../../../src/spectrum/wasm/proved-distance.js';
import { sturmCounts } from '../../../src/spectrum/wasm/sturm-count.js';

// the second difference of 12 points: its eigenvalues are 2 - 2 cos(k pi / 13)
const n = 12;
const tridiagonal = { diagonal: new Float64Array(n).fill(2), squares: new Float64Array(n - 1).fill(1) };
const eigenvalues = Array.from({ length: n }, (_, i) => 2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)));

describe('sturmCounts', () => {
  it('counts the eigenvalues above each of two shifts, whichever is the greater', () => {
    const shifts = [-1, 1e-3, 0.3, 1, 2, 3.1, 3.9, 5];
    const above = (shift: number) => eigenvalues.filter((value) => value > shift).length;
    for (const first of shifts) {
      for (const second of shifts) {
        expect(sturmCounts(tridiagonal, first, second)).toEqual([above(first), above(second)]);
      }
    }
  });
});

describe('provedDistance', () => {
  it('is the expected distance where the values are that close', () => {
    const distance = provedDistance(tridiagonal, eigenvalues, 1e-13);
    expect(distance).toBeGreaterThanOrEqual(1e-13);
    expect(distance).toBeLessThan(1.1e-13);
  });

  it.each([-1e-3, -1e-9, 1e-9, 1e-3, 0.2, Infinity])(
    'finds a value that is %d off, wherever it is',
    (off) => {
      for (let i = 0; i < n; i++) {
        const values = eigenvalues.slice();
        values[i] = Math.min(5, values[i]! + off);
        const error = Math.abs(values[i]! - eigenvalues[i]!);
        const distance = provedDistance(tridiagonal, values, 1e-13);
        expect(distance).toBeGreaterThanOrEqual(error * (1 - 1e-12));
        expect(distance).toBeLessThan(5 * error + 1e-12);
      }
    },
  );

  it('finds a value that is missing and one that is there twice', () => {
    const missing = [...eigenvalues.slice(0, 5), ...eigenvalues.slice(6), 0];
    const twice = [...eigenvalues.slice(0, 5), ...eigenvalues.slice(4, -1)];
    for (const values of [missing, twice]) {
      const apart = Math.max(...values.map((value, i) => Math.abs(value - eigenvalues[i]!)));
      expect(provedDistance(tridiagonal, values, 1e-13)).toBeGreaterThanOrEqual(apart * (1 - 1e-12));
    }
  });

  it('has zero for values below it, and for a matrix of zeros no distance at all', () => {
    expect(
      provedDistance({ diagonal: new Float64Array(3), squares: new Float64Array(2) }, [0, 0, 0], 0),
    ).toBe(0);
    const one = { diagonal: Float64Array.of(1, 0), squares: Float64Array.of(0) };
    expect(provedDistance(one, [1, -1e-3], 1e-14)).toBeLessThan(1.1e-14);
  });
});
