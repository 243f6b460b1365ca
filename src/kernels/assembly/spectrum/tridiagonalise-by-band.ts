import { COLUMN, WIDTH } from './band/band';
import { chase } from './band/chase';
import { toBand } from './band/to-band';

/**
 * Reduces a symmetric n x n matrix in tiles to tridiagonal form like `tridiagonalise`, in two steps. Products reduce it
 * to a band; they read the matrix once per WIDTH rows instead of once per row. Bulge chasing reduces the band.
 */
export function tridiagonaliseByBand(
  a: usize,
  n: i32,
  diagonal: usize,
  offDiagonal: usize,
  work: usize,
): void {
  const bytes = <usize>(n + 2 * WIDTH) * (COLUMN + 8);
  memory.fill(work, 0, bytes);
  toBand(a, n, work, work + bytes);
  chase(work, n, diagonal, offDiagonal, work + bytes);
}
