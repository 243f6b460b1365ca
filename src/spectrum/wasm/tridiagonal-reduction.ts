import { bandBound, tridiagonalisationBound } from './error-bounds.js';
import type { Kernels } from '../../kernels/kernel-instance.js';

/**
 * Above this order a symmetric matrix is reduced by way of a band. It is then read from memory once in 24 rows instead of
 * once a row, which saves more than the second step costs when no cache holds it; the error bound is smaller from 1550 on.
 */
const LARGE = 2048;

/** Reduces a symmetric matrix in tiles, which is destroyed, to tridiagonal form. All places are byte offsets. */
export function tridiagonalise(
  kernels: Kernels,
  matrix: number,
  size: number,
  diagonal: number,
  offDiagonal: number,
  work: number,
): void {
  const reduce = size > LARGE ? kernels.tridiagonaliseByBand : kernels.tridiagonalise;
  reduce(matrix, size, diagonal, offDiagonal, work);
}

/** Bounds the error of the tridiagonal form, as a backward error of the matrix, from its Frobenius norm. */
export function reductionBound(size: number, norm: number): number {
  return size > LARGE ? bandBound(size, norm) : tridiagonalisationBound(size, norm);
}

/** Returns the bytes of work space that `tridiagonalise` needs; they suffice for the eigenvalues afterwards. */
export function reductionWorkBytes(size: number): number {
  return size > LARGE ? bandWorkBytes(size) : 8 * (34 * (size + 4) + 16);
}

/** Entries below the diagonal of the band (kernels/assembly/spectrum/band/band.ts). */
const WIDTH = 24;
/** Rows that are multiplied together (kernels/assembly/spectrum/band/symmetric-times-vectors.ts). */
const ROWS = 72;

/**
 * Returns the bytes of work space that the kernel `tridiagonaliseByBand` needs. It holds the band, two sets of vectors,
 * two sides of an update with twice as many columns, reflection factors and products, and a square of tiles with the
 * vectors' entries beside it.
 */
export function bandWorkBytes(size: number): number {
  const padded = 12 * Math.ceil(size / 12);
  const band = (size + 2 * WIDTH) * 2 * WIDTH;
  const vectors = 2 * WIDTH * (padded + 12) + 2 * (2 * WIDTH) * padded;
  return 8 * (band + vectors + WIDTH + 4 + ROWS * ROWS + 24 + ROWS * WIDTH);
}
