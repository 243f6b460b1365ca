import type { CertifiedCount, Spectrum } from '../spectrum/engine.js';
import type { Tolerance } from './tolerance.js';

/**
 * Returns the bounds of a rank that counts how many singular values hold a share of a sum (`energy`: of the squares,
 * `srank`: of the values), given how far each value of the spectrum may be off.
 *
 * With terms t_i known to e, the sum of k of them lies within k e, and k values hold the share p for certain when
 * S_k - k e >= p (S + n e), and for certain do not when S_k + k e < p (S - n e). The bound e is that of the engine's
 * whole spectrum, whose share for the eigenvalue iteration is assumed, not proved (docs/numerics.md).
 */
export function shareBounds(
  { values, errorBound, way }: Spectrum,
  tolerance: Tolerance,
  rank: number,
): Omit<CertifiedCount, 'tau'> {
  const squares = tolerance.name === 'energy';
  const share =
    tolerance.name === 'energy' ? tolerance.p : tolerance.name === 'srank' ? 1 - tolerance.d : NaN;
  const largest = values[0] ?? 0;
  if (largest === 0) return { rank, lower: rank, upper: rank, certified: true, way };
  const n = values.length;
  // everything relative to the largest, so that squares neither over- nor underflow
  const terms = Array.from(values, (value) => (value / largest) ** (squares ? 2 : 1));
  const errors = terms.map((term) => errorOf(term, errorBound / largest, largest, squares, way));
  const rounding = n * 2 ** -52;
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
  return { rank: Math.min(upper, Math.max(lower, rank)), lower, upper, certified: lower === upper, way };
}

/** How far a term may be off; `bound` is errorBound / largest. */
function errorOf(
  term: number,
  bound: number,
  largest: number,
  squares: boolean,
  way: 'gram' | 'full',
): number {
  if (way === 'gram') {
    const square = bound / largest; // of (sigma / sigma_1)²
    if (squares) return square;
    // |a - b| <= |a² - b²| / (a + b), and never more than the root of |a² - b²|
    return Math.min(Math.sqrt(square), square / Math.max(term, Number.MIN_VALUE));
  }
  return squares ? bound * (2 * Math.sqrt(term) + bound) : bound;
}

const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0);
