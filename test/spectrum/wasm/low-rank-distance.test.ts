import { describe, expect, it } from 'vitest';
import { rank, ranks, spectrumAndRanks } from '../../../src/rank/rank.js';
import type { Matrix } from '../../../src/spectrum/matrix.js';
import { lowRankDistance } from '../../../src/spectrum/wasm/low-rank-distance.js';
import { exactCount } from './exact-count.js';
import { gaussian, planted, transpose } from './planted.js';
import { normal, seeded } from './random.js';

/** The product of two Gaussian matrices, rounded. */
function product(random: () => number, rows: number, columns: number, inner: number): Matrix {
  const [w, x] = [gaussian(random, rows, inner).data, gaussian(random, inner, columns).data];
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++)
      for (let j = 0; j < columns; j++) data[i * columns + j]! += w[i * inner + k]! * x[k * columns + j]!;
  return { data, rows, columns };
}

const normOf = ({ data }: Matrix) => Math.hypot(...data);

describe('lowRankDistance', () => {
  it('is never below the singular value after the rank, in exact arithmetic', () => {
    const random = seeded(41);
    let close = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const rows = 1 + Math.floor(6 * random());
      const columns = 1 + Math.floor(7 * random());
      const size = Math.min(rows, columns);
      const true_ = Math.floor((size + 1) * random());
      const kind = trial % 4;
      const matrix: Matrix =
        kind === 0
          ? gaussian(random, rows, columns, trial % 8 === 0 ? 'float32' : 'float64')
          : kind === 1
            ? product(random, rows, columns, true_)
            : kind === 2
              ? { ...product(random, rows, columns, true_), rows, columns }
              : planted(
                  random,
                  rows,
                  columns,
                  Array.from({ length: size }, (_, i) => 10 ** (-4 * i)),
                );
      if (kind === 2)
        for (let i = 0; i < matrix.data.length; i++) matrix.data[i] = Math.round(9 * matrix.data[i]!);
      for (let k = 0; k <= size; k++) {
        const bound = lowRankDistance(matrix, k, 0);
        expect(bound).toBeLessThan(1e3 * (1 + normOf(matrix)));
        const above = exactCount(matrix, bound);
        if (above !== undefined) expect([trial, k, above <= k]).toEqual([trial, k, true]);
        if (bound < 2 ** -48 * normOf(matrix)) close++;
      }
    }
    // most ranks from the true one on are seen to be within rounding
    expect(close).toBeGreaterThan(1000);
  }, 60_000);

  it('is close to the distance, wide and tall, at any scale', () => {
    const random = seeded(42);
    for (const [rows, columns, inner] of [
      [12, 40, 5],
      [40, 12, 7],
      [30, 30, 29],
      [9, 9, 0],
    ] as const) {
      const matrix = product(random, rows, columns, inner);
      const norm = normOf(matrix);
      const bound = lowRankDistance(matrix, inner, 0);
      expect(bound).toBeLessThan(inner === 0 ? 1e-100 : 2 ** -50 * Math.sqrt(inner) * norm);
      expect(lowRankDistance(transpose(matrix), inner, 0)).toBeLessThan(2 * bound + 1e-100);
      const tiny = { ...matrix, data: matrix.data.map((x) => x * 2 ** -800) };
      if (inner > 0) expect(lowRankDistance(tiny, inner, 800)).toBeCloseTo(bound, 15);
      // a rank too low leaves what is there
      if (inner > 1) expect(lowRankDistance(matrix, inner - 1, 0)).toBeGreaterThan(1e-6 * norm);
    }
  });
});

describe('float64 matrices of low rank', () => {
  const random = seeded(43);
  const sizes: [number, number, number][] = [
    [64, 256, 16],
    [256, 64, 16],
    [100, 120, 60],
    [200, 30, 29],
  ];

  it.each(sizes)("are certified at numpy's default tolerance: %d x %d of rank %d", (rows, columns, inner) => {
    const matrix = product(random, rows, columns, inner);
    const expected = { rank: inner, lower: inner, upper: inner, certified: true };
    expect(rank(matrix)).toMatchObject(expected);
    expect(spectrumAndRanks(matrix, ['numpy', 'matlab']).ranks).toMatchObject([expected, expected]);
    expect(rank(matrix, { tolerance: 'relative:1e-15' })).toMatchObject({ rank: inner });
  });

  it('are not certified at a lower rank than they have', () => {
    const size = 40;
    for (let trial = 0; trial < 20; trial++) {
      // the 21st value lies around the threshold, 40 eps = 8.9e-15
      const last = 8.9e-15 * 2 ** (6 * random() - 3);
      const values = Array.from({ length: size }, (_, i) => (i < 20 ? 1 - i / 40 : i === 20 ? last : 0));
      const scale = 1 + Math.abs(normal(random));
      const diagonal = new Float64Array(size * size);
      values.forEach((value, i) => (diagonal[i * size + ((7 * i) % size)] = scale * value));
      const [found, at] = ranks({ data: diagonal, rows: size, columns: size }, [
        'numpy',
        `absolute:${scale * last}`,
      ]);
      if (found!.certified) expect(found!.rank).toBe(last > size * 2 ** -52 ? 21 : 20);
      if (at!.certified) expect(at!.rank).toBe(20);
    }
  });
});
