import { invalid, unknown, wrongKind } from '../errors.js';

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

/** @throws RangeError for anything but a dtype */
export function checkDtype(dtype: Dtype): void {
  const known: readonly Dtype[] = ['float32', 'float64'];
  if (!known.includes(dtype)) throw unknown('dtype', dtype, known);
}

/**
 * Returns the matrix if it is valid: whole non-negative sizes, rows x columns entries, all finite.
 * @throws RangeError that names the sizes, or the position of the first NaN or infinity.
 */
export function checkMatrix(matrix: Matrix): Matrix {
  checkShape(matrix);
  const { data } = matrix;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) throw nonFinite(matrix, i);
  return matrix;
}

/** Checks everything except the entries, which the engines check. @throws as `checkMatrix` */
export function checkShape(matrix: Matrix): void {
  const given: unknown = matrix;
  if (typeof given !== 'object' || given === null) {
    throw wrongKind('matrix', given, 'an object { data, rows, columns }');
  }
  const { data, rows, columns } = matrix;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw wrongKind('matrix data', data, 'a Float32Array or a Float64Array');
  }
  checkSizes(matrix);
  if (data.length !== rows * columns) {
    throw invalid(
      'matrix data length',
      data.length,
      `rows x columns = ${rows} x ${columns} = ${rows * columns}`,
    );
  }
}

/** @throws TypeError or RangeError if a size is missing or invalid */
export function checkSizes(matrix: Pick<Matrix, 'rows' | 'columns'>): void {
  const given: unknown = matrix;
  if (typeof given !== 'object' || given === null) {
    throw wrongKind('matrix', given, 'an object with rows and columns');
  }
  for (const name of ['rows', 'columns'] as const) {
    const value = matrix[name];
    if (!Number.isSafeInteger(value) || value < 0)
      throw invalid(`matrix ${name}`, value, 'a whole number >= 0');
  }
}

/** Returns the error for a matrix whose largest singular value overflows float64. */
export function beyondDoubles(): RangeError {
  return invalid(
    'largest singular value',
    Infinity,
    'at most 1.8e308; multiply the matrix by 1e-10 and try again',
  );
}

/** Returns the error for the entry at `index` of the data. */
export function nonFinite({ data, columns }: Matrix, index: number): RangeError {
  const place = `row ${Math.floor(index / columns)}, column ${index % columns}`;
  return invalid('matrix entry', data[index], `finite numbers; found at ${place}, counted from 0`);
}
