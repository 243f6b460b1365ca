import { sturmCounts, type Tridiagonal } from './sturm-count.js';

/**
 * Returns how far values, descending, may be off the largest eigenvalues of a symmetric tridiagonal matrix, as Sturm
 * counts prove it: `expected` where that is enough, else as many times four as it takes. What the counts themselves are
 * off (`sturmBound`) comes on top. Values and eigenvalues below zero count as zero.
 *
 * Two counts a value: n² operations in all, beside the n³ of a reduction.
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
