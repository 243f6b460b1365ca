import type { Spectrum } from '../engine.js';
import { bidiagonalisationBound, iterationBound, triangularBound } from './error-bounds.js';
import type { Bidiagonal } from './full-reduction.js';
import type { KernelInstance } from './kernel-instance.js';
import { timesPowerOfTwo } from '../power-of-two.js';

/**
 * The singular values of a matrix from its bidiagonal form B (`bidiagonalOf`): they are the positive eigenvalues of the symmetric
 * tridiagonal matrix with a zero diagonal and B's entries, interleaved, beside it (Golub and Kahan 1965).
 */
export function fullSpectrum(instance: KernelInstance, bidiagonal: Bidiagonal): Spectrum {
  const size = bidiagonal.diagonal.length;
  const [diagonal, squares, work] = instance.layout([16 * size, 16 * size, 256], 'the bidiagonal values') as [
    number,
    number,
    number,
  ];
  instance.float64(diagonal, 2 * size).fill(0);
  const entries = instance.float64(squares, 2 * size);
  for (let i = 0; i < size; i++) {
    entries[2 * i] = bidiagonal.diagonal[i]! ** 2;
    entries[2 * i + 1] = i + 1 < size ? bidiagonal.offDiagonal[i]! ** 2 : 0;
  }
  if (instance.kernels.tridiagonalEigenvalues(diagonal, squares, 2 * size, work) !== 0) {
    throw new Error('the singular value iteration did not converge');
  }
  const both = instance.float64(diagonal, 2 * size).sort();
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const value = Math.max(0, (both[2 * size - 1 - i]! - both[i]!) / 2);
    values[i] = timesPowerOfTwo(value, -bidiagonal.exponent);
  }
  const norm = Math.sqrt(bidiagonal.frobenius) * (1 + 1e-8);
  const bound =
    bidiagonalisationBound(size, bidiagonal.columns, norm) +
    triangularBound(bidiagonal.steps, norm) +
    iterationBound(2 * size, norm);
  return { values, errorBound: timesPowerOfTwo(bound, -bidiagonal.exponent), way: 'full' };
}
