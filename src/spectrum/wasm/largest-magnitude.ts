import { type Matrix, nonFinite } from '../matrix.js';

/**
 * The largest magnitude among the entries.
 *
 * @throws RangeError naming the first entry that is NaN or infinite
 */
export function largestMagnitude(matrix: Matrix): number {
  const { data } = matrix;
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const magnitude = Math.abs(data[i]!);
    if (!(magnitude < Infinity)) throw nonFinite(matrix, i);
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}
