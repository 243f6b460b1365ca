import { reflectColumns, reflectRows } from '../planted.js';

/**
 * Returns the vector of the reflection that sends x to a multiple of the unit vector `pivot`. Undefined for x near 0.
 */
function vectorOf(x: Float64Array, pivot: number): Float64Array | undefined {
  const length = Math.hypot(...x);
  if (length < 1e-140) return undefined;
  const v = x.slice();
  v[pivot]! += v[pivot]! < 0 ? -length : length;
  return v;
}

/** Twin of `tridiagonalise`: rows are taken away from the bottom, each with whole-matrix reflections. */
export function tridiagonalise(
  a: Float64Array,
  n: number,
): { diagonal: Float64Array; offDiagonal: Float64Array } {
  const work = a.slice();
  for (let i = n - 1; i >= 2; i--) {
    const x = Float64Array.from({ length: n }, (_, c) => (c < i ? work[i * n + c]! : 0));
    const v = vectorOf(x, i - 1);
    if (v === undefined) continue;
    reflectRows(work, n, n, v);
    reflectColumns(work, n, n, v);
  }
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => work[i * n + i]!),
    offDiagonal: Float64Array.from({ length: n - 1 }, (_, i) => work[(i + 1) * n + i]!),
  };
}

/** Twin of `bidiagonalise`: a lower bidiagonal matrix with the singular values of A, rows <= columns. */
export function bidiagonalise(
  a: Float64Array,
  rows: number,
  columns: number,
): { diagonal: Float64Array; offDiagonal: Float64Array } {
  const work = a.slice();
  for (let i = 0; i < rows; i++) {
    const row = Float64Array.from({ length: columns }, (_, c) => (c >= i ? work[i * columns + c]! : 0));
    const right = vectorOf(row, i);
    if (right !== undefined) reflectColumns(work, rows, columns, right);
    if (i === rows - 1) break;
    const column = Float64Array.from({ length: rows }, (_, r) => (r > i ? work[r * columns + i]! : 0));
    const left = vectorOf(column, i + 1);
    if (left !== undefined) reflectRows(work, rows, columns, left);
  }
  return {
    diagonal: Float64Array.from({ length: rows }, (_, i) => work[i * columns + i]!),
    offDiagonal: Float64Array.from({ length: rows - 1 }, (_, i) => work[(i + 1) * columns + i]!),
  };
}

/** Twin of `triangularise`: the upper triangular R (n x n) with RᵀR = B Bᵀ, B n x width. */
export function triangularise(b: Float64Array, n: number, width: number): Float64Array {
  const rows = n + width;
  const work = new Float64Array(rows * n);
  for (let c = 0; c < n; c++) {
    for (let k = 0; k < width; k++) work[(n + k) * n + c] = b[c * width + k]!;
  }
  for (let j = 0; j < n; j++) {
    const column = Float64Array.from({ length: rows }, (_, r) => (r >= j ? work[r * n + j]! : 0));
    const v = vectorOf(column, j);
    if (v !== undefined) reflectRows(work, rows, n, v);
  }
  return work.slice(0, n * n);
}
