import type { Matrix } from './matrix.js';

/**
 * Returns the matrix with each row less its mean. For features with one row per channel these are the features less
 * their means. Means are summed in float64; the differences are rounded to the precision of the data, which is what a
 * rank is then proved for. A row with a NaN or an infinity stays as it is.
 * @example
 * rank(centerRows(features)).rank;
 */
export function centerRows(matrix: Matrix): Matrix {
  const { columns } = matrix;
  return centered(matrix, matrix.rows, columns, columns, 1);
}

/** Returns the matrix with each column less its mean; else as {@link centerRows}. */
export function centerColumns(matrix: Matrix): Matrix {
  return centered(matrix, matrix.columns, matrix.rows, 1, matrix.columns);
}

/** `groups` sets of `count` entries, `step` apart; the sets begin `stride` apart. */
function centered(
  { data, ...sizes }: Matrix,
  groups: number,
  count: number,
  stride: number,
  step: number,
): Matrix {
  const out = data.slice();
  for (let group = 0; group < groups; group++) {
    const first = group * stride;
    const end = first + count * step;
    let sum = 0;
    for (let i = first; i < end; i += step) sum += data[i] ?? NaN;
    let mean = sum / count;
    if (!Number.isFinite(mean)) {
      // the sum may have left float64 though the mean has not
      mean = 0;
      for (let i = first; i < end; i += step) mean += (data[i] ?? NaN) / count;
      if (!Number.isFinite(mean)) continue;
    }
    for (let i = first; i < end; i += step) out[i] = (data[i] ?? NaN) - mean;
  }
  return { data: out, ...sizes };
}
