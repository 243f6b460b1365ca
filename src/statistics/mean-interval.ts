import { meanAndSd } from './moments.js';
import { studentQuantile } from './student.js';

/**
 * Returns the 95% confidence interval [low, high] for the mean of independent values in [0, 1]. Here these are the rank
 * ratios of random layers.
 *
 * Method: Student's t interval on the logit scale. For n values with mean m and standard deviation s it is logit(m) ±
 * t(0.975, n - 1) s / (sqrt(n) m (1 - m)), transformed back to (0, 1) (delta method). Unlike m ± 2 s / sqrt(n), it
 * never leaves [0, 1], and it is longer on the side away from the nearer end, like the error of a mean near an end. For
 * few layers it is approximate.
 *
 * A rank ratio moves in steps of 1 / channels. If the layers agree more closely than if one of the n were one step off
 * (for example, all have full rank), that spread and that shortfall are assumed instead, so that ten equal values are
 * not taken for certainty. One value gives [0, 1].
 *
 * @param values in [0, 1], at least one
 * @param step the resolution of the values; for rank ratios the mean of 1 / channels
 */
export function meanInterval(values: ArrayLike<number>, step: number): [low: number, high: number] {
  return intervalOf({ n: values.length, ...meanAndSd(values) }, step);
}

/** Returns the interval of {@link meanInterval} from the number, mean and standard deviation of the values. */
export function intervalOf(
  { n, mean, sd }: { readonly n: number; readonly mean: number; readonly sd: number },
  step: number,
): [low: number, high: number] {
  if (n < 2) return [0, 1];
  const min = Math.min(0.5, step / n);
  const centre = Math.min(1 - min, Math.max(min, mean));
  const spread = Math.max(sd, step / Math.sqrt(n));
  const half = (studentQuantile(n - 1) * spread) / (Math.sqrt(n) * centre * (1 - centre));
  const at = Math.log(centre / (1 - centre));
  return [Math.min(mean, inverseLogit(at - half)), Math.max(mean, inverseLogit(at + half))];
}

const inverseLogit = (x: number) => 1 / (1 + Math.exp(-x));
