import { numberThat, orElse, readOptions, strict, type OptionEntries } from '../schema.js';
import { checkSpectrum, type SingularValues } from './spectrum.js';

/** A power law p(x) ~ x^-alpha fitted to the largest eigenvalues x = sigma^2 of A A^T. */
export interface PowerLaw {
  /** The exponent, greater than 1. */
  readonly alpha: number;
  /**
   * The fitted range of eigenvalues, in the squared unit of the matrix. An end is 0 or Infinity if it underflows or
   * overflows float64.
   */
  readonly xMin: number;
  readonly xMax: number;
  /** The number of eigenvalues in the range. */
  readonly count: number;
  /** The Kolmogorov-Smirnov distance between the fitted and the observed distribution, in [0, 1]. */
  readonly ksDistance: number;
}

/** The minimum number of eigenvalues for a fit; with fewer the exponent would be noise. */
export const minEigenvalues = 10;

/** Eigenvalues whose logarithms differ by less than this on average count as equal: it may be float32 rounding alone. */
const EQUAL = 2 ** -20;

export interface PowerLawOptions {
  /**
   * Singular values of at most this share of the largest are excluded as rounding noise.
   * @default 0
   */
  readonly resolution?: number | undefined;
}

const powerLawOptions = strict({
  resolution: orElse(
    numberThat((share) => share >= 0 && share < 1, 'a number from 0 to below 1'),
    0,
  ),
} satisfies OptionEntries<PowerLawOptions>);

/**
 * Returns the power law fitted to the spectrum's tail, or null if it cannot be fitted. The law has the exponent of the
 * distribution of the largest eigenvalues sigma^2 and the fitted range. It is null if fewer than 10 singular values are
 * greater than 0, or if all are equal up to float32 rounding.
 *
 * Every eigenvalue except the largest is tried as x_min. Its alpha is the maximum-likelihood estimate for continuous
 * data, 1 + n / sum ln(x_i / x_min) over the n eigenvalues >= x_min. The x_min with the smallest distance max |i / n -
 * F(x_i)| is kept, with i = 0, 1, ... over the ascending tail and F(x) = 1 - (x / x_min)^(1 - alpha). Clauset, Shalizi
 * and Newman, "Power-law distributions in empirical data", SIAM Review 51(4), 2009, sections 3.1 and 3.3, with the
 * distance as in their program `plfit`, the `powerlaw` package and WeightWatcher.
 *
 * The estimate is biased upwards by about alpha / n, and its standard error is (alpha - 1) / sqrt(n). A small distance
 * does not show that the tail is a power law. Only logarithms are used, so nothing over- or underflows. Time grows with
 * the square of the spectrum's length.
 * @throws RangeError for a spectrum that is not descending, finite and >= 0, or an invalid option.
 * @example
 * powerLaw(singularValues(matrix))?.alpha;
 */
export function powerLaw(spectrum: SingularValues, options: PowerLawOptions = {}): PowerLaw | null {
  const { resolution } = readOptions(powerLawOptions, options);
  checkSpectrum(spectrum);
  const min = resolution * (spectrum[0] ?? 0);
  // Logarithms of the eigenvalues over the largest, ascending: the order of the formula.
  const logs: number[] = [];
  for (let i = spectrum.length - 1; i >= 0; i--) {
    if (spectrum[i]! > min) logs.push(2 * logRatio(spectrum[i]!, spectrum[0]!));
  }
  if (logs.length < minEigenvalues) return null;

  let best: { alpha: number; start: number; ksDistance: number } | null = null;
  let sum = 0;
  for (let start = logs.length - 1; start >= 0; start--) {
    sum += logs[start]!;
    // Among equal values the tail starts at the first, so that it holds all of them.
    if (start > 0 && logs[start - 1] === logs[start]) continue;
    const count = logs.length - start;
    const excess = sum - count * logs[start]!;
    if (excess <= count * EQUAL) continue;
    const alpha = 1 + count / excess;
    const ksDistance = distance(logs, start, alpha);
    if (!best || ksDistance <= best.ksDistance) best = { alpha, start, ksDistance };
  }
  if (!best) return null;
  const sigma = spectrum[logs.length - 1 - best.start]!;
  return {
    alpha: best.alpha,
    xMin: sigma * sigma,
    xMax: spectrum[0]! * spectrum[0]!,
    count: logs.length - best.start,
    ksDistance: best.ksDistance,
  };
}

/** Returns ln(x / y) for 0 < x <= y, without cancellation or underflow. */
function logRatio(x: number, y: number): number {
  if (x > y / 2) return Math.log1p((x - y) / y);
  return x / y > 2 ** -1000 ? Math.log(x / y) : Math.log(x) - Math.log(y);
}

function distance(logs: readonly number[], start: number, alpha: number): number {
  const count = logs.length - start;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const fitted = -Math.expm1((1 - alpha) * (logs[start + i]! - logs[start]!));
    largest = Math.max(largest, Math.abs(i / count - fitted));
  }
  return largest;
}
