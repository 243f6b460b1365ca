import { KernelInstance, kernelsProblem } from '../../kernels/kernel-instance.js';
import { timesPowerOfTwo } from '../power-of-two.js';
import { symmetricEigen } from '../symmetric-eigen.js';
import { entriesIn, panelsOf, placeOf } from './gram/gram-matrix.js';
import { reductionWorkBytes, tridiagonalise } from './tridiagonal-reduction.js';

/**
 * Returns the eigenvalues of a symmetric matrix (row-major; the lower triangle is read), descending, by the kernels.
 * They are several times as fast as `symmetricEigen`, which computes them where WebAssembly does not start. Errors are
 * about n 2^-53 of the largest magnitude.
 * @throws RangeError if the memory is not available: 4 n² bytes
 */
export function symmetricValues(matrix: Float64Array, size: number): Float64Array {
  if (size < 2 || kernelsProblem() !== undefined) return symmetricEigen(matrix, size).values;
  let largest = 0;
  for (const entry of matrix) largest = Math.max(largest, Math.abs(entry));
  if (largest === 0) return new Float64Array(size);
  // a power of two, so that squares neither over- nor underflow and nothing is rounded
  const exponent = -Math.floor(Math.log2(largest));
  const instance = new KernelInstance();
  const panels = panelsOf(size);
  const beside = 8 * (size + (size % 2) + 4);
  const [tiles, diagonal, squares, work] = instance.layout(
    [8 * entriesIn(panels), beside, beside, reductionWorkBytes(size)],
    `the eigenvalues of ${size} rows`,
  ) as [number, number, number, number];
  const entries = instance.float64(tiles, entriesIn(panels)).fill(0);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) entries[placeOf(i, j)] = timesPowerOfTwo(matrix[i * size + j]!, exponent);
  tridiagonalise(instance.kernels, tiles, size, diagonal, squares, work);
  const offDiagonal = instance.float64(squares, size);
  for (let i = 0; i < size - 1; i++) offDiagonal[i]! *= offDiagonal[i]!;
  if (instance.kernels.tridiagonalEigenvalues(diagonal, squares, size, work) !== 0)
    throw new Error('the eigenvalue iteration did not converge');
  return instance
    .float64(diagonal, size)
    .map((value) => timesPowerOfTwo(value, -exponent))
    .sort()
    .reverse();
}
