import type { Spectrum } from '../../engine.js';
import { iterationBound, productBound, shareOf, sturmBound } from '../error-bounds.js';
import { provedDistance } from '../proved-distance.js';
import { frobeniusOf, type GramMatrix } from './gram-matrix.js';
import type { KernelInstance } from '../../../kernels/kernel-instance.js';
import { timesPowerOfTwo } from '../../power-of-two.js';
import type { Tridiagonal } from '../sturm-count.js';
import type { TridiagonalForm } from '../tridiagonal-count.js';
import { reductionBound, reductionWorkBytes, tridiagonalise } from '../tridiagonal-reduction.js';

/** Bytes of work space needed behind a Gram matrix of the given size. */
export function spectrumWorkBytes(size: number): number {
  return 8 * 2 * (size + 5) + reductionWorkBytes(size);
}

/**
 * Returns the singular values behind a Gram matrix and its tridiagonal form. The Gram matrix is overwritten. With
 * `verify` the error is proved.
 */
export function gramSpectrum(
  instance: KernelInstance,
  gram: GramMatrix,
  verify = false,
): { spectrum: Spectrum; form: TridiagonalForm } {
  const { size } = gram;
  const exponent = gram.exponent ?? 0;
  const frobenius = frobeniusOf(instance, gram);
  const norm = Math.min(frobenius, reduce(instance, gram));
  const { diagonal, squares, work } = placesOf(gram);
  const tridiagonal = copyOf(instance, gram);
  if (instance.kernels.tridiagonalEigenvalues(diagonal, squares, size, work) !== 0) {
    throw new Error('the eigenvalue iteration did not converge');
  }
  const squared = instance.float64(diagonal, size).slice().sort().reverse();
  const values = squared.map((square) => timesPowerOfTwo(Math.sqrt(Math.max(0, square)), -exponent));
  const reduced = productBound(gram.chain, frobenius) + reductionBound(size, norm);
  const form = { tridiagonal, norm, error: reduced + sturmBound(norm) };
  const iterated = iterationBound(size, norm);
  const bound = verify ? form.error + provedDistance(tridiagonal, squared, iterated) : reduced + iterated;
  return { spectrum: { values, relativeError: shareOf(bound, squared[0]!), method: 'gram' }, form };
}

/** The tridiagonal form of a Gram matrix, which is overwritten. */
export function tridiagonalOf(instance: KernelInstance, gram: GramMatrix): Tridiagonal {
  reduce(instance, gram);
  return copyOf(instance, gram);
}

function copyOf(instance: KernelInstance, gram: GramMatrix): Tridiagonal {
  const { diagonal, squares } = placesOf(gram);
  return {
    diagonal: instance.float64(diagonal, gram.size).slice(),
    squares: instance.float64(squares, gram.size - 1).slice(),
  };
}

/** Tridiagonalises in place; returns a bound on the Frobenius norm. */
function reduce(instance: KernelInstance, gram: GramMatrix): number {
  const { size } = gram;
  const at = placesOf(gram);
  tridiagonalise(instance.kernels, gram.offset, size, at.diagonal, at.squares, at.work);
  const diagonal = instance.float64(at.diagonal, size);
  const squares = instance.float64(at.squares, size);
  let sum = 0;
  for (let i = 0; i < size; i++) {
    sum += diagonal[i]! ** 2;
    if (i < size - 1) {
      squares[i]! *= squares[i]!;
      sum += 2 * squares[i]!;
    }
  }
  // the reduction is backward stable to far better than this
  return Math.sqrt(sum) * (1 + 1e-4);
}

/** Returns the offsets of the diagonal, the squared off-diagonal and the work space. */
function placesOf(gram: GramMatrix): { diagonal: number; squares: number; work: number } {
  const bytes = 8 * (gram.size + (gram.size % 2) + 4);
  return { diagonal: gram.extra, squares: gram.extra + bytes, work: gram.extra + 2 * bytes };
}
