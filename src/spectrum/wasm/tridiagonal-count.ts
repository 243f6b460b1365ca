import type { Interval } from '../engine.js';
import { sturmCount, type Tridiagonal } from './sturm-count.js';

/** The tridiagonal form of a Gram matrix, with its norm and the error of its eigenvalues. */
export interface TridiagonalForm {
  readonly tridiagonal: Tridiagonal;
  readonly norm: number;
  readonly error: number;
}

/** A threshold at least this many times the error counts as equal to the values within the error of it. */
const SHARP = 2 ** 20;

/**
 * Counts at both ends of the threshold, moved outwards by the error, and estimates the count between them. The estimate
 * is the count in the middle; at a sharp threshold it is the lower one, since a value equal to the threshold does not
 * exceed it. Counts are limited to `max`.
 */
export function countTridiagonal(
  tridiagonal: Tridiagonal,
  threshold: Interval,
  error: number,
  max: number,
): Interval & { estimate: number } {
  // only a zero matrix has error 0, and it has no value above any threshold
  if (error === 0) return { lower: 0, upper: 0, estimate: 0 };
  const count = (shift: number): number => Math.min(max, sturmCount(tridiagonal, shift));
  const below = threshold.lower - error;
  const lower = count(threshold.upper + error * (1 + 2 ** -50) + threshold.upper * 2 ** -50);
  const upper = below <= 0 ? max : count(below - threshold.lower * 2 ** -50);
  const isSharp = below > SHARP * error;
  return { lower, upper, estimate: isSharp ? lower : count((threshold.lower + threshold.upper) / 2) };
}

/** Returns an enclosure of the largest eigenvalue, by bisection on Sturm counts, widened by the error. */
export function largestEigenvalue(tridiagonal: Tridiagonal, norm: number, error: number): Interval {
  let low = 0;
  let high = norm;
  for (let step = 0; step < 60 && high - low > error / 4; step++) {
    const middle = (low + high) / 2;
    if (sturmCount(tridiagonal, middle) > 0) low = middle;
    else high = middle;
  }
  return { lower: Math.max(0, low - error), upper: high + error };
}

/** ‖T‖_F */
export function frobeniusNorm({ diagonal, squares }: Tridiagonal): number {
  let sum = 0;
  for (const value of diagonal) sum += value * value;
  for (const value of squares) sum += 2 * value;
  return Math.sqrt(sum);
}
