import type { Spectrum } from '../engine.js';
import {
  bidiagonalisationBound,
  iterationBound,
  shareOf,
  sturmBound,
  triangularBound,
} from './error-bounds.js';
import { type Bidiagonal, interleaved } from './full-reduction.js';
import type { KernelInstance } from '../../kernels/kernel-instance.js';
import { timesPowerOfTwo } from '../power-of-two.js';
import { provedDistance } from './proved-distance.js';

/**
 * Returns the singular values of a matrix from its bidiagonal form (`bidiagonalOf`). They are the positive eigenvalues
 * of the interleaved tridiagonal matrix. With `verify` their error is proved.
 */
export function fullSpectrum(instance: KernelInstance, bidiagonal: Bidiagonal, verify = false): Spectrum {
  const size = bidiagonal.diagonal.length;
  const tridiagonal = interleaved(bidiagonal);
  const [diagonal, squares, work] = instance.layout([16 * size, 16 * size, 256], 'the bidiagonal values') as [
    number,
    number,
    number,
  ];
  instance.float64(diagonal, 2 * size).fill(0);
  instance
    .float64(squares, 2 * size)
    .fill(0)
    .set(tridiagonal.squares);
  if (instance.kernels.tridiagonalEigenvalues(diagonal, squares, 2 * size, work) !== 0) {
    throw new Error('the singular value iteration did not converge');
  }
  const both = instance.float64(diagonal, 2 * size).sort();
  const scaled = new Float64Array(size);
  for (let i = 0; i < size; i++) scaled[i] = Math.max(0, (both[2 * size - 1 - i]! - both[i]!) / 2);
  const norm = Math.sqrt(bidiagonal.frobenius) * (1 + 1e-8);
  const iterated = iterationBound(2 * size, norm);
  const bound =
    bidiagonalisationBound(size, bidiagonal.columns, norm) +
    triangularBound(bidiagonal.steps, norm) +
    (verify ? sturmBound(norm) + provedDistance(tridiagonal, scaled, iterated) : iterated);
  const values = scaled.map((value) => timesPowerOfTwo(value, -bidiagonal.exponent));
  return { values, relativeError: shareOf(bound, scaled[0]!), method: 'full' };
}
