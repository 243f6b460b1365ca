import { describe, expect, it } from 'vitest';
import { rank } from '../../../src/rank/rank.js';
import type { Matrix } from '../../../src/spectrum/matrix.js';
import { exactCount } from '../../../src/spectrum/wasm/exact-count.js';
import { exactCount as countByMinors } from './exact-count.js';
import { seeded } from './random.js';

const matrix = (rows: number, columns: number, entry: (i: number, j: number) => number): Matrix => ({
  data: Float64Array.from({ length: rows * columns }, (_, at) =>
    entry(Math.floor(at / columns), at % columns),
  ),
  rows,
  columns,
});
const diagonal = (...values: number[]) =>
  matrix(values.length, values.length, (i, j) => (i === j ? values[i]! : 0));
const at = (tau: number) => ({ lower: tau, upper: tau });

describe('exactCount', () => {
  it('tells a singular value from the next float', () => {
    const counts = [3 - 2 ** -51, 3, 4, 0].map((tau) => exactCount(diagonal(3, -4, 0), at(tau)));
    expect(counts).toEqual([2, 1, 0, 2].map((count) => ({ lower: count, upper: count })));
    expect(exactCount(diagonal(3, 4), { lower: 2.5, upper: 3.5 })).toEqual({ lower: 1, upper: 2 });
    expect(exactCount(diagonal(1e150, 1, 1e-150, 5e-324), at(1e-200))).toEqual({ lower: 3, upper: 3 });
  });

  it('counts what fraction-free elimination counts', () => {
    const random = seeded(8);
    let compared = 0;
    for (let trial = 0; trial < 60; trial++) {
      const [rows, columns] = [1 + Math.floor(7 * random()), 1 + Math.floor(7 * random())];
      const given = matrix(rows, columns, () => 2 * random() - 1);
      const tau = random() ** 3;
      const expected = countByMinors(given, tau);
      if (expected === undefined) continue;
      expect(exactCount(given, at(tau))).toEqual({ lower: expected, upper: expected });
      compared++;
    }
    expect(compared).toBeGreaterThan(50);
  });

  it('leaves large matrices, and infinite thresholds', () => {
    expect(exactCount(diagonal(...Array<number>(25).fill(1)), at(0.5))).toBeUndefined();
    expect(exactCount(diagonal(1), at(Infinity))).toBeUndefined();
  });
});

describe('rank of a small matrix', () => {
  it('certifies integers of a rank by construction, up to 12 x 20', () => {
    const random = seeded(9);
    for (let trial = 0; trial < 60; trial++) {
      const [rows, columns] = [2 + Math.floor(11 * random()), 2 + Math.floor(19 * random())];
      const r = 1 + Math.floor((Math.min(rows, columns) - 1) * random());
      const whole = () => Math.floor(19 * random()) - 9;
      // each factor has full rank: a unit triangle stands in it
      const left = matrix(rows, r, (i, j) => (i < r ? (i === j ? 1 : i > j ? whole() : 0) : whole()));
      const right = matrix(r, columns, (i, j) => (j < r ? (i === j ? 1 : i < j ? whole() : 0) : whole()));
      const product = matrix(rows, columns, (i, j) => {
        let sum = 0;
        for (let k = 0; k < r; k++) sum += left.data[i * r + k]! * right.data[k * columns + j]!;
        return sum;
      });
      expect(rank(product, { tolerance: 'absolute:0' })).toMatchObject({ rank: r, certified: true });
      expect(rank(product)).toMatchObject({ certified: true });
    }
  });

  it('certifies a threshold that is a singular value, if the largest is a number or the root of one', () => {
    const ranksAt = (given: Matrix, relative: readonly number[]) =>
      relative.map((r) => {
        const { rank: count, certified } = rank(given, { tolerance: `relative:${r}` });
        return certified ? count : NaN;
      });
    const halves = diagonal(4, 2, 1, 0.5);
    expect(ranksAt(halves, [0.5, 0.25, 0.125])).toEqual([1, 2, 3]);
    expect(ranksAt({ ...halves, data: Float32Array.from(halves.data) }, [0.5, 0.25])).toEqual([1, 2]);
    // neither is a short binary fraction, and 0.1 is more than a tenth
    expect(ranksAt(diagonal(0.15, 0.3), [0.5, 0.5 - 2 ** -54])).toEqual([1, 2]);
    expect(ranksAt(diagonal(10, 1), [0.1, 0.1 - 2 ** -56])).toEqual([1, 2]);
    // each row of a Hadamard matrix has the length 2
    const hadamard = (factors: readonly number[], columns: number) =>
      matrix(4, columns, (i, j) => factors[i]! * (-1) ** ((i & j & 1) + ((i & j) >> 1)));
    expect(ranksAt(hadamard([1, 4, 2, 4], 4), [0.5, 0.25])).toEqual([2, 3]);
    const rotated = matrix(2, 2, (i, j) => (i === 0 ? 2 : 1) * (i === 1 && j === 1 ? -1 : 1));
    expect(ranksAt(rotated, [0.5])).toEqual([1]);
    // singular values 1.618 and 0.618, and half of them: no number is the square of the largest
    const golden = matrix(4, 4, (i, j) =>
      i < 2 !== j < 2 || (i % 2 === 1 && j % 2 === 0) ? 0 : i < 2 ? 1 : 0.5,
    );
    expect(rank(golden, { tolerance: 'relative:0.5' })).toMatchObject({ lower: 1, upper: 2 });
  });

  it('certifies the first matrices one tries', () => {
    const magic = Float64Array.of(16, 2, 3, 13, 5, 11, 10, 8, 9, 7, 6, 12, 4, 14, 15, 1);
    expect(rank({ data: magic, rows: 4, columns: 4 })).toMatchObject({ rank: 3, certified: true });
    expect(rank(matrix(2, 2, (i, j) => (i + 1) * (j + 1)))).toMatchObject({ rank: 1, certified: true });
    expect(rank(matrix(5, 3, (i, j) => 3 * i + j))).toMatchObject({ rank: 2, certified: true });
    expect(rank(diagonal(1e150, 1, 1e-150), { tolerance: 'absolute:0' })).toMatchObject({
      rank: 3,
      certified: true,
    });
  });
});
