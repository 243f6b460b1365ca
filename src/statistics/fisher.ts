import { incompleteBeta } from './incomplete-beta.js';

/** Returns P(F > x) for the F distribution with d1 and d2 degrees of freedom (Abramowitz and Stegun 26.6.2). */
export function fisherTail(x: number, d1: number, d2: number): number {
  if (!(x > 0)) return 1;
  if (x === Infinity) return 0;
  const both = d2 + d1 * x;
  return incompleteBeta(d2 / both, d2 / 2, d1 / 2, (d1 * x) / both);
}

/** Returns the x that the F distribution exceeds with probability `tail`, in (0, 1), to ten digits. */
export function fisherQuantile(tail: number, d1: number, d2: number): number {
  let [low, high] = [0, 1];
  while (fisherTail(high, d1, d2) > tail) [low, high] = [high, 2 * high];
  while (high - low > 1e-11 * high) {
    const middle = (low + high) / 2;
    if (fisherTail(middle, d1, d2) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
