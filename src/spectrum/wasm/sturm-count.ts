/**
 * A symmetric tridiagonal matrix: `squares` are the squared off-diagonal entries, one fewer than the diagonal's.
 */
export interface Tridiagonal {
  diagonal: Float64Array;
  squares: Float64Array;
}

/** Stands for a pivot of zero; the matrix is scaled so that this is nothing beside its norm. */
const TINY = 1e-290;

/**
 * How many eigenvalues of a symmetric tridiagonal matrix are greater than `shift`: the positive pivots of
 * T - shift I (Sturm; Kahan 1966). The computed count is exact for a matrix whose off-diagonal entries differ from
 * the given ones by a few units of roundoff (docs/numerics.md, "Sturm").
 */
export function sturmCount({ diagonal, squares }: Tridiagonal, shift: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const fill = i === 0 ? 0 : squares[i - 1]! / pivot;
    pivot = diagonal[i]! - shift - fill;
    if (Math.abs(pivot) < TINY) pivot = -TINY;
    if (pivot > 0) count++;
  }
  return count;
}
