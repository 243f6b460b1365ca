import { invalid } from '../../errors.js';
import type { Matrix } from '../matrix.js';

/**
 * @throws TypeError when `data` is not a Float32Array or Float64Array
 * @throws RangeError when the sizes are not whole numbers or do not fit the data
 */
export function checkShape(matrix: Matrix): void {
  const { data, rows, columns } = matrix;
  if (!(data instanceof Float32Array) && !(data instanceof Float64Array)) {
    throw new TypeError('invalid matrix data: expected a Float32Array or a Float64Array');
  }
  for (const [name, value] of [
    ['rows', rows],
    ['columns', columns],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw invalid(`matrix ${name}`, value, 'a whole number >= 0');
    }
  }
  if (data.length !== rows * columns) {
    throw invalid(
      'matrix data length',
      data.length,
      `rows x columns = ${rows} x ${columns} = ${rows * columns}`,
    );
  }
}

/**
 * The largest magnitude among the entries.
 *
 * @throws RangeError naming the first entry that is NaN or infinite
 */
export function largestMagnitude(matrix: Matrix): number {
  const { data } = matrix;
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const magnitude = Math.abs(data[i]!);
    if (!(magnitude < Infinity)) throw nonFinite(matrix, i);
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}

/** The error for the entry at `index` of the data. */
export function nonFinite(matrix: Matrix, index: number): RangeError {
  const row = Math.floor(index / matrix.columns);
  const column = index - row * matrix.columns;
  return invalid(
    'matrix entry',
    matrix.data[index],
    `finite numbers; found at row ${row}, column ${column}, counted from 0`,
  );
}
