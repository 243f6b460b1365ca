import type { Matrix } from '../../../../src/spectrum/matrix.js';

/** Twin of the packing and product kernels: A Aᵀ, row-major. */
export function gram({ data, rows, columns }: Matrix): Float64Array {
  const result = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      for (let k = 0; k < columns; k++)
        result[i * rows + j]! += data[i * columns + k]! * data[j * columns + k]!;
    }
  }
  return result;
}
