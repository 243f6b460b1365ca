import { meanAndSd } from './moments.js';
import { studentQuantile } from './student.js';

/** A mean with its interval, which fewer than two values do not have. */
export interface MeanOfValues {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | null;
  readonly n: number;
}

/** Returns the mean of values with Student's 95% interval, as of accuracies over seeds; the mean of none is NaN. */
export function studentInterval(values: readonly number[]): MeanOfValues {
  const n = values.length;
  if (n === 0) return { mean: NaN, interval: null, n };
  const { mean, sd } = meanAndSd(values);
  if (n < 2) return { mean, interval: null, n };
  const half = (studentQuantile(n - 1) * sd) / Math.sqrt(n);
  return { mean, interval: [mean - half, mean + half], n };
}
