import type { CertifiedCount, Spectrum } from '../spectrum/engine.js';
import type { Tolerance } from './tolerance.js';

/**
 * Returns the bounds of a rank that counts how many singular values hold a share of a sum (`energy`: of the squares,
 * `srank`: of the values), given how far each value of the spectrum may be off.
 *
 * With terms t_i known to e, the sum of k of them lies within k e, and k values hold the share p for certain when
 * S_k - k e >= p (S + n e), and for certain do not when S_k + k e < p (S - n e). That is a proof where the error of the
 * spectrum is proved (`verify`).
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
  // everything relative to the largest, so that squares neither over- nor underflow
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

/** More than the spacing of subnormal numbers, to which values that small are rounded, as a share of the largest. */
const spacing = ({ values }: Spectrum): number => 2 ** -1073 / values[0]!;

/** The relative error, of what was the largest value before it was rounded. */
const boundOf = (spectrum: Spectrum): number => spectrum.relativeError * (1 + spacing(spectrum)) ** 2;

/** How far the ratio of a value to the largest may be off. */
function errorOf(ratio: number, spectrum: Spectrum): number {
  const bound = boundOf(spectrum);
  const rounded = spacing(spectrum);
  if (spectrum.method === 'full') return bound + rounded;
  // |a - b| <= |a² - b²| / (a + b), and never more than the root of |a² - b²|
  return Math.min(Math.sqrt(bound), bound / Math.max(ratio - rounded, Number.MIN_VALUE)) + rounded;
}

/** The same of its square, which the Gram method knows better than twice the error of the ratio. */
function squareError(ratio: number, error: number, spectrum: Spectrum): number {
  const rounded = spacing(spectrum);
  return spectrum.method === 'gram'
    ? boundOf(spectrum) + rounded * (2 * ratio + rounded)
    : error * (2 * ratio + error);
}

const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0);
