import type { CertifiedCount, Spectrum } from '../spectrum/engine.js';
import type { Tolerance } from './tolerance.js';

/**
 * Returns the bounds of a rank by share of a sum, given the error of each singular value. The sum is that of the
 * squares (`energy`) or of the values (`srank`).
 *
 * If each term t_i is known to within e, the sum of k terms is known to within k e. So k values certainly hold the
 * share p if S_k - k e >= p (S + n e), and certainly do not if S_k + k e < p (S - n e). This is a proof if the error of
 * the spectrum is proved (`verify`).
 */
export function shareBounds(
  spectrum: Spectrum,
  tolerance: Tolerance,
  rank: number,
): Omit<CertifiedCount, 'tau'> {
  const { values, method } = spectrum;
  const squares = tolerance.name === 'energy';
  const share =
    tolerance.name === 'energy' ? tolerance.p : tolerance.name === 'srank' ? 1 - tolerance.d : NaN;
  const largest = values[0] ?? 0;
  if (largest === 0) return { rank, lower: rank, upper: rank, certified: true, method };
  const n = values.length;
  // relative to the largest, so that squares neither over- nor underflow
  const ratios = Array.from(values, (value) => value / largest);
  const terms = ratios.map((ratio) => (squares ? ratio ** 2 : ratio));
  const errors = ratios.map((ratio) => {
    const error = errorOf(ratio, spectrum);
    return squares ? squareError(ratio, error, spectrum) : error;
  });
  const rounding = (n + 8) * 2 ** -52;
  const total = sum(terms);
  const slack = sum(errors) + rounding * total;
  let [held, off, lower, upper] = [0, 0, 0, n];
  for (let k = 1; k <= n; k++) {
    held += terms[k - 1]!;
    off += errors[k - 1]!;
    const doubt = off + rounding * total;
    if (held + doubt < share * (total - slack)) lower = k;
    if (held - doubt >= share * (total + slack)) {
      upper = k;
      break;
    }
  }
  lower = Math.min(lower + 1, upper);
  return { rank: Math.min(upper, Math.max(lower, rank)), lower, upper, certified: lower === upper, method };
}

/** A bound on the spacing of subnormal numbers, as a share of the largest value. */
const spacing = ({ values }: Spectrum): number => 2 ** -1073 / values[0]!;

/** The relative error with respect to the largest value before rounding. */
const boundOf = (spectrum: Spectrum): number => spectrum.relativeError * (1 + spacing(spectrum)) ** 2;

/**
 * Returns a bound on the error of the ratio's square. For the Gram method it is tighter than twice the error of the
 * ratio.
 */
function errorOf(ratio: number, spectrum: Spectrum): number {
  const bound = boundOf(spectrum);
  const rounded = spacing(spectrum);
  if (spectrum.method === 'full') return bound + rounded;
  // |a - b| <= |a² - b²| / (a + b), and never more than the root of |a² - b²|
  return Math.min(Math.sqrt(bound), bound / Math.max(ratio - rounded, Number.MIN_VALUE)) + rounded;
}

/**
 * Returns a bound on the error of the ratio's square. For the Gram method it is tighter than twice the error of the
 * ratio.
 */
function squareError(ratio: number, error: number, spectrum: Spectrum): number {
  const rounded = spacing(spectrum);
  return spectrum.method === 'gram'
    ? boundOf(spectrum) + rounded * (2 * ratio + rounded)
    : error * (2 * ratio + error);
}

const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0);
