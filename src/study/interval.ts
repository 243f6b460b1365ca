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

/** Returns the mean and the sample standard deviation (n - 1 below; 0 for one value) by Welford's recurrence. */
export function meanAndSd(values: ArrayLike<number>): { mean: number; sd: number } {
  const moments = createMoments();
  for (let i = 0; i < values.length; i++) moments.add(values[i]!);
  const { mean, sd } = moments.result();
  return { mean, sd };
}

/** Returns what takes values one by one and gives their number, mean and sample standard deviation so far. */
export function createMoments() {
  let n = 0;
  let mean = 0;
  let squares = 0;
  return {
    add(value: number): void {
      const delta = value - mean;
      mean += delta / ++n;
      squares += delta * (value - mean);
    },
    result: () => ({ n, mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : 0 }),
  };
}

/**
 * Returns the 0.975 quantile of Student's t with `freedom` degrees of freedom, to ten digits: bisection on the
 * distribution function, which for whole degrees of freedom is a finite sum (Abramowitz and Stegun 26.7.3-4).
 */
export function studentQuantile(freedom: number): number {
  let low = 1.9;
  let high = 13;
  while (high - low > 1e-11 * high) {
    const t = (low + high) / 2;
    if (twoSided(t, freedom) < 0.95) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/** P(|T| <= t) for Student's t. */
function twoSided(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const cosine2 = Math.cos(angle) ** 2;
  const odd = freedom % 2 === 1;
  let term = odd ? Math.cos(angle) : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= (cosine2 * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

const inverseLogit = (x: number) => 1 / (1 + Math.exp(-x));
