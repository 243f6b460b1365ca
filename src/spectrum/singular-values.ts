import { invalid } from '../errors.js';
import { type EngineChoice, resolveEngine } from './engines.js';
import { checkMatrix, type Matrix } from './matrix.js';

export interface SpectrumOptions {
  /**
   * What computes the singular values.
   * @default 'auto'
   */
  engine?: EngineChoice;
}

/**
 * Returns the singular values of the matrix, its spectrum: a Float64Array of min(rows, columns) numbers, none
 * negative, descending. They are computed in float64 also when the matrix is float32, and have the unit of its
 * entries. Each is off by at most about (rows + columns) 2^-52 times the largest.
 *
 * An empty matrix has an empty spectrum; a matrix of zeros one of zeros. The matrix is left as it was.
 * @throws RangeError where the matrix holds a NaN or an infinity (with the position), its sizes do not fit its
 * data, the engine is unknown, or the largest singular value is beyond the largest float64, 1.8e308.
 * @example
 * singularValues({ data: Float64Array.of(3, 0, 0, -4), rows: 2, columns: 2 }); // Float64Array [4, 3]
 */
export function singularValues(matrix: Matrix, options: SpectrumOptions = {}): Float64Array {
  const engine = resolveEngine(options.engine);
  const { data } = checkMatrix(matrix);
  if (data.length === 0) return new Float64Array(Math.min(matrix.rows, matrix.columns));
  const values = engine.singularValues(matrix);
  if (values[0] === Infinity) {
    throw invalid(
      'largest singular value',
      Infinity,
      'at most 1.8e308; multiply the matrix by 1e-10 and try again',
    );
  }
  return values;
}
