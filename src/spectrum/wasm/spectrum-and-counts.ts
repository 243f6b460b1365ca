import type { CertifiedCount, Spectrum, Threshold, Method } from '../engine.js';
import type { Matrix } from '../matrix.js';
import { countFinely, countForm, countNear, gramOf } from './certified-count.js';
import { bidiagonalOf } from './full-reduction.js';
import { fullSpectrum } from './full-spectrum.js';
import { GramInertia } from './gram/gram-inertia.js';
import { gramSpectrum } from './gram/gram-spectrum.js';
import type { KernelInstance } from '../../kernels/kernel-instance.js';
import { checkThreshold } from './scaled-threshold.js';

/**
 * Returns the singular values of a non-empty matrix and certified counts above several thresholds. Both come from one
 * reduction; a Sturm count costs next to nothing beside it. If a count stays open, inertia counts of the Gram matrix,
 * with their far smaller error bound, are tried. If these do not decide either, the bidiagonal form is computed once
 * for all thresholds. The singular values stay those of the Gram method.
 *
 * @throws RangeError for a negative or NaN threshold, or unavailable memory
 */
export function spectrumAndCounts(
  instance: KernelInstance,
  matrix: Matrix,
  thresholds: readonly Threshold[],
  method: Method,
  verify?: boolean,
): { spectrum: Spectrum; counts: CertifiedCount[] } {
  thresholds.forEach(checkThreshold);
  if (method === 'full') {
    const bidiagonal = bidiagonalOf(instance, matrix);
    const counts = thresholds.map((threshold) => countFinely(bidiagonal, matrix, threshold));
    return { spectrum: fullSpectrum(instance, bidiagonal, verify), counts };
  }
  const size = Math.min(matrix.rows, matrix.columns);
  const gram = gramOf(instance, matrix, size);
  const scale = { exponent: gram.exponent, size };
  const inertia = new GramInertia(instance, gram);
  const { spectrum, form } = gramSpectrum(instance, inertia.lend(), verify);
  const byGram = thresholds.map((threshold) => {
    const count = countForm(form, scale, threshold);
    return count.certified ? count : countNear(inertia, form, scale, threshold, count);
  });
  if (byGram.every((count) => count.certified)) return { spectrum, counts: byGram };
  const bidiagonal = bidiagonalOf(instance, matrix);
  const counts = byGram.map((count, i) =>
    count.certified ? count : countFinely(bidiagonal, matrix, thresholds[i]!, count),
  );
  return { spectrum, counts };
}
