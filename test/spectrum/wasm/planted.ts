import type { Matrix } from '../../../src/spectrum/matrix.js';
import { normal } from './random.js';

/** A rows x columns matrix of standard normal entries. */
export function gaussian(
  random: () => number,
  rows: number,
  columns: number,
  type: 'float32' | 'float64' = 'float64',
): Matrix {
  const values = Float64Array.from({ length: rows * columns }, () => normal(random));
  return { data: type === 'float32' ? Float32Array.from(values) : values, rows, columns };
}

/**
 * Returns a row-major rows x columns matrix with the given singular values. They are exact up to a few units of
 * roundoff of the first.
 */
export function planted(
  random: () => number,
  rows: number,
  columns: number,
  singularValues: readonly number[],
): Matrix {
  const data = new Float64Array(rows * columns);
  singularValues.forEach((value, i) => {
    data[i * columns + i] = value;
  });
  const turns = Math.min(12, Math.max(rows, columns));
  for (let turn = 0; turn < turns; turn++) {
    reflectRows(
      data,
      rows,
      columns,
      Float64Array.from({ length: rows }, () => normal(random)),
    );
    reflectColumns(
      data,
      rows,
      columns,
      Float64Array.from({ length: columns }, () => normal(random)),
    );
  }
  return { data, rows, columns };
}

/** A = (I - 2 v vᵀ / vᵀv) A */
export function reflectRows(data: Float64Array, rows: number, columns: number, v: Float64Array): void {
  const scale = 2 / v.reduce((sum, x) => sum + x * x, 0);
  for (let c = 0; c < columns; c++) {
    let dot = 0;
    for (let r = 0; r < rows; r++) dot += v[r]! * data[r * columns + c]!;
    for (let r = 0; r < rows; r++) data[r * columns + c]! -= scale * dot * v[r]!;
  }
}

/** A = A (I - 2 v vᵀ / vᵀv) */
export function reflectColumns(data: Float64Array, rows: number, columns: number, v: Float64Array): void {
  const scale = 2 / v.reduce((sum, x) => sum + x * x, 0);
  for (let r = 0; r < rows; r++) {
    let dot = 0;
    for (let c = 0; c < columns; c++) dot += v[c]! * data[r * columns + c]!;
    for (let c = 0; c < columns; c++) data[r * columns + c]! -= scale * dot * v[c]!;
  }
}

export function transpose({ data, rows, columns }: Matrix): Matrix {
  const turned = data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) turned[c * rows + r] = data[r * columns + c]!;
  }
  return { data: turned, rows: columns, columns: rows };
}
