import { invalid } from '../errors.js';

/** A dense matrix, row-major: entry (i, j) is `data[i * columns + j]`. */
export interface Matrix {
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** The precision a matrix was stored in; it decides the default tolerance of its rank. */
export type Dtype = 'float32' | 'float64';

/** Returns the dtype of the matrix's data. */
export function dtypeOf(matrix: Matrix): Dtype {
  return matrix.data instanceof Float32Array ? 'float32' : 'float64';
}

/**
 * Returns the matrix if it is one: whole non-negative sizes, as many entries as they say, all of them finite.
 * @throws RangeError that names the sizes, or the position of the first NaN or infinity.
 */
export function checkMatrix(matrix: Matrix): Matrix {
  const { data, rows, columns } = matrix;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new TypeError('invalid matrix data: expected a Float32Array or a Float64Array');
  }
  if (!Number.isSafeInteger(rows) || rows < 0) throw invalid('matrix rows', rows, 'a whole number >= 0');
  if (!Number.isSafeInteger(columns) || columns < 0)
    throw invalid('matrix columns', columns, 'a whole number >= 0');
  if (data.length !== rows * columns) {
    throw invalid(
      'matrix data length',
      data.length,
      `rows x columns = ${rows} x ${columns} = ${rows * columns}`,
    );
  }
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      const row = Math.floor(i / columns);
      throw invalid(
        'matrix entry',
        data[i],
        `finite numbers; found at row ${row}, column ${i % columns}, counted from 0`,
      );
    }
  }
  return matrix;
}
