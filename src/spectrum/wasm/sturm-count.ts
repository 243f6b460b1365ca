/** A symmetric tridiagonal matrix. `squares` are the squared off-diagonal entries, one fewer than the diagonal's. */
export interface Tridiagonal {
  diagonal: Float64Array;
  squares: Float64Array;
}

/** Replaces a zero pivot; the matrix is scaled so that this is negligible beside its norm. */
const TINY = 1e-290;

/**
 * Returns the number of eigenvalues of a symmetric tridiagonal matrix T greater than `shift`. It is the number of
 * positive pivots of T - shift I (Sturm; Kahan 1966). The computed count is exact for a matrix whose off-diagonal
 * entries differ from the given ones by a few units of roundoff (docs/numerics.md, "Sturm").
 */
export function sturmCount(tridiagonal: Tridiagonal, shift: number): number {
  return sturmCounts(tridiagonal, shift, shift)[0];
}

/** Counts at two shifts in little more time than at one, because neither waits for the other's divisions. */
export function sturmCounts(
  { diagonal, squares }: Tridiagonal,
  first: number,
  second: number,
): [number, number] {
  let firstCount = 0;
  let secondCount = 0;
  let firstPivot = 1;
  let secondPivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const entry = diagonal[i]!;
    const square = i === 0 ? 0 : squares[i - 1]!;
    firstPivot = entry - first - square / firstPivot;
    secondPivot = entry - second - square / secondPivot;
    if (Math.abs(firstPivot) < TINY) firstPivot = -TINY;
    if (Math.abs(secondPivot) < TINY) secondPivot = -TINY;
    if (firstPivot > 0) firstCount++;
    if (secondPivot > 0) secondCount++;
  }
  return [firstCount, secondCount];
}
