import type { Matrix } from '../../src/spectrum/matrix.js';

/** Returns the float64 matrix with entries f(i, j). */
export function matrixOf(rows: number, columns: number, f: (i: number, j: number) => number): Matrix {
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) data[i * columns + j] = f(i, j);
  return { data, rows, columns };
}

export function transpose({ data, rows, columns }: Matrix): Matrix {
  return matrixOf(columns, rows, (i, j) => data[j * columns + i]!);
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  return matrixOf(a.rows, b.columns, (i, j) => {
    let sum = 0;
    for (let k = 0; k < a.columns; k++) sum += a.data[i * a.columns + k]! * b.data[k * b.columns + j]!;
    return sum;
  });
}

/** Returns a generator of numbers in [-0.5, 0.5) that is the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32 - 0.5;
  };
}

export function randomMatrix(rows: number, columns: number, random: () => number): Matrix {
  return matrixOf(rows, columns, () => random());
}

/** Returns an orthogonal n x n matrix: a product of n Householder reflections of random vectors. */
export function orthogonalMatrix(n: number, random: () => number): Matrix {
  let q = matrixOf(n, n, (i, j) => (i === j ? 1 : 0));
  for (let k = 0; k < n; k++) {
    const v = Array.from({ length: n }, random);
    const square = v.reduce((sum, x) => sum + x * x, 0);
    q = multiply(
      matrixOf(n, n, (i, j) => (i === j ? 1 : 0) - (2 * v[i]! * v[j]!) / square),
      q,
    );
  }
  return q;
}
