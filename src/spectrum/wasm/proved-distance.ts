import { sturmCounts, type Tridiagonal } from './sturm-count.js';

/**
 * Returns a bound, proved by Sturm counts, on the error of descending eigenvalues of a symmetric tridiagonal matrix.
 * The bound is `expected` if that suffices, or else `expected` times the smallest sufficient power of four. The error
 * of the counts themselves (`sturmBound`) must be added. Values and eigenvalues below zero count as zero.
 *
 * It takes two counts per value: n² operations in all, beside the n³ of a reduction.
 */
export function provedDistance(
  tridiagonal: Tridiagonal,
  values: ArrayLike<number>,
  expected: number,
): number {
  let distance = expected;
  const holds = (value: number, i: number): boolean => {
    const [below, above] = sturmCounts(tridiagonal, value - distance, value + distance);
    return (value <= distance || below > i) && above <= i;
  };
  for (let i = 0; i < values.length; i++) {
    const value = Math.max(0, values[i]!);
    while (distance < Infinity && !holds(value, i)) distance *= 4;
  }
  // the ends were rounded
  return 1.01 * distance;
}
