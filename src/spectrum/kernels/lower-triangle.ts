import { squaredNorm } from './reflection';

/**
 * A copy of a symmetric matrix's lower triangle, row after row without gaps, to put back what a factorisation
 * overwrites. The matrix is row-major, `stride` doubles a row.
 */

/** Copies the triangle of an n x n matrix aside; returns the sum of the squares of all its n² entries. */
export function saveTriangle(s: usize, stride: i32, n: i32, copy: usize): f64 {
  const rowBytes: usize = (<usize>stride) << 3;
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const bytes: usize = (<usize>(i + 1)) << 3;
    memory.copy(copy, s, bytes);
    const last = load<f64>(s + bytes - 8);
    sum += 2 * squaredNorm(s, i) + last * last;
    copy += bytes;
    s += rowBytes;
  }
  return sum;
}

/** Puts the triangle back, less shift I. */
export function restoreTriangle(copy: usize, s: usize, stride: i32, n: i32, shift: f64): void {
  const rowBytes: usize = (<usize>stride) << 3;
  for (let i = 0; i < n; i++) {
    const bytes: usize = (<usize>(i + 1)) << 3;
    memory.copy(s, copy, bytes);
    const last = s + bytes - 8;
    store<f64>(last, load<f64>(last) - shift);
    copy += bytes;
    s += rowBytes;
  }
}
