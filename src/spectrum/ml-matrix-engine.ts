import { Matrix as MlMatrix, SVD } from 'ml-matrix';

import type { SpectrumEngine } from './engine.js';
import { checkMatrix, type Matrix } from './matrix.js';
import { largestExponent, timesPowerOfTwo } from './power-of-two.js';
import { triangle } from './triangle.js';

/** Singular values below this share of the largest are returned as 0; float64 resolves far less. */
const FLOOR = 2 ** -300;

/**
 * The singular values of ml-matrix, in plain JavaScript, so it runs everywhere. Method: the JAMA / LINPACK algorithm
 * (Householder bidiagonalisation, then implicit QR), without vectors. Each singular value is off by at most about (rows
 * + columns) 2^-52 sigma_1; those below 2^-300 sigma_1 are returned as 0.
 *
 * ml-matrix never gets the matrix itself, for two reasons. Entries near 1e-300 or 1e300 would under- or overflow when
 * squared, so they are scaled by a power of two. On a matrix of low rank the bidiagonalisation shrinks by 2^-53 per
 * column down to subnormal numbers, where the QR iteration of ml-matrix 6.15.1 never ends (a 56 x 56 matrix of ones
 * suffices). So it gets the triangle of a pivoted QR factorisation, cut off before the noise. For a long matrix that is
 * also less work.
 */
export const mlMatrixEngine: SpectrumEngine = {
  name: 'ml-matrix',
  singularValues(matrix) {
    checkMatrix(matrix);
    const relativeError = (matrix.rows + matrix.columns) * 2 ** -52;
    return { values: decompose(matrix), relativeError, method: 'full' };
  },
};

function decompose(matrix: Matrix): Float64Array {
  const { rows, columns } = matrix;
  const count = Math.min(rows, columns);
  const values = new Float64Array(count);
  const exponent = largestExponent(matrix.data);
  if (exponent === -Infinity) return values;

  const { data, rank } = triangle(shorterSide(matrix, -exponent), count, Math.max(rows, columns), FLOOR);
  const factor = new MlMatrix(rank, count);
  for (let i = 0; i < rank; i++) {
    for (let j = i; j < count; j++) factor.set(i, j, data[i * count + j]!);
  }
  const { diagonal } = new SVD(factor, {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  });
  if (diagonal.length !== rank || diagonal.some(Number.isNaN)) {
    throw new Error(
      `ml-matrix failed on a ${rows} x ${columns} matrix: it returned ${diagonal.length} values, some NaN`,
    );
  }
  for (let i = 0; i < rank; i++) values[i] = timesPowerOfTwo(Math.abs(diagonal[i]!), exponent);
  return values.sort().reverse();
}

/** Returns the shorter side's vectors one after another: the rows, or the columns of a tall matrix; scaled. */
function shorterSide({ data, rows, columns }: Matrix, exponent: number): Float64Array {
  const vectors = new Float64Array(data.length);
  if (rows <= columns) {
    for (let i = 0; i < data.length; i++) vectors[i] = timesPowerOfTwo(data[i]!, exponent);
    return vectors;
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++)
      vectors[j * rows + i] = timesPowerOfTwo(data[i * columns + j]!, exponent);
  }
  return vectors;
}
