import { meanAndSd } from './moments.js';
import { studentQuantile } from './student.js';

/** A mean with its interval, which needs at least two values. */
export interface MeanOfValues {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | null;
  readonly n: number;
}

/** Returns the mean of values with Student's 95% interval. The mean of no values is NaN. */
export function studentInterval(values: readonly number[]): MeanOfValues {
  const n = values.length;
  if (n === 0) return { mean: NaN, interval: null, n };
  const { mean, sd } = meanAndSd(values);
  if (n < 2) return { mean, interval: null, n };
  const half = (studentQuantile(n - 1) * sd) / Math.sqrt(n);
  return { mean, interval: [mean - half, mean + half], n };
}
