import { incompleteBeta } from './incomplete-beta.js';

/**
 * Returns P(|T| > t) for Student's t distribution, with small relative error far into the tails. With v degrees of
 * freedom, which need not be whole, it is the regularised incomplete beta function I_x(v / 2, 1 / 2) at x = v / (v +
 * t²) (Abramowitz and Stegun 26.7.1).
 */
export function studentTail(t: number, degreesOfFreedom: number): number {
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(
    degreesOfFreedom / (degreesOfFreedom + t * t),
    degreesOfFreedom / 2,
    0.5,
    (t * t) / (degreesOfFreedom + t * t),
  );
}

/**
 * Returns the 0.975 quantile of Student's t, to ten digits: the half-length of a 95% interval in standard errors.
 * @param degreesOfFreedom at least 1
 */
export function studentQuantile(degreesOfFreedom: number): number {
  let low = 1.9; // below the normal distribution's 1.96; t with one degree of freedom has 12.7
  let high = 13;
  while (high - low > 1e-11 * high) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degreesOfFreedom) > 0.05) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
