import { meanAndSd } from './moments.js';
import { studentQuantile } from './student.js';

/**
 * Returns the 95% confidence interval [low, high] for the mean of a quantity in [0, 1], here the rank ratio of
 * a random layer, from independent layers.
 *
 * Method: Student's t interval on the logit scale. With mean m, standard deviation s of n values,
 * logit(m) ± t(0.975, n - 1) s / (sqrt(n) m (1 - m)), taken back to (0, 1) (delta method). Unlike m ± 2 s / sqrt(n) it
 * never leaves [0, 1] and is longer on the side away from the nearer end, as the error of a mean near an end
 * is. Approximate for few layers, as every interval that assumes no distribution and is not absurdly wide.
 *
 * A rank ratio moves in steps of 1 / channels. Where the layers agree more closely than one layer of the n
 * being one step off (all have full rank, say), they are taken to spread and to fall short by just that, so
 * that ten equal values do not pass for certainty. With one value nothing is known: [0, 1].
 *
 * @param values in [0, 1], at least one
 * @param step the resolution of the values; for rank ratios the mean of 1 / channels
 */
export function meanInterval(values: ArrayLike<number>, step: number): [low: number, high: number] {
  return intervalOf({ n: values.length, ...meanAndSd(values) }, step);
}

/** Returns the interval of {@link meanInterval} where only number, mean and standard deviation are at hand. */
export function intervalOf(
  { n, mean, sd }: { readonly n: number; readonly mean: number; readonly sd: number },
  step: number,
): [low: number, high: number] {
  if (n < 2) return [0, 1];
  const least = Math.min(0.5, step / n);
  const centre = Math.min(1 - least, Math.max(least, mean));
  const spread = Math.max(sd, step / Math.sqrt(n));
  const half = (studentQuantile(n - 1) * spread) / (Math.sqrt(n) * centre * (1 - centre));
  const at = Math.log(centre / (1 - centre));
  return [Math.min(mean, inverseLogit(at - half)), Math.max(mean, inverseLogit(at + half))];
}

const inverseLogit = (x: number) => 1 / (1 + Math.exp(-x));
