import type { Matrix } from './matrix.js';

/**
 * Returns R of the QR factorisation of a matrix: min(rows, columns) x columns, so that RᵀR = AᵀA. Householder reflections, as
 * Golub and Van Loan, "Matrix Computations", algorithm 5.2.1; without pivoting, so columns keep their order.
 */
export function upperTriangle({ data, rows, columns }: Matrix): Matrix {
  const work = new Float64Array(rows * columns);
  // column after column
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) work[j * rows + i] = data[i * columns + j]!;
  const steps = Math.min(rows, columns);
  for (let step = 0; step < steps; step++) {
    const start = step * rows + step;
    const end = (step + 1) * rows;
    let sum = 0;
    for (let i = start; i < end; i++) sum += work[i]! * work[i]!;
    const norm = Math.sqrt(sum);
    if (norm === 0) continue;
    const alpha = work[start]! < 0 ? norm : -norm;
    work[start]! -= alpha;
    const scale = 1 / (alpha * work[start]!);
    for (let j = step + 1; j < columns; j++) {
      const offset = (j - step) * rows;
      let dot = 0;
      for (let i = start; i < end; i++) dot += work[i]! * work[i + offset]!;
      const factor = dot * scale;
      for (let i = start; i < end; i++) work[i + offset]! += factor * work[i]!;
    }
    work[start] = alpha;
  }
  const out = new Float64Array(steps * columns);
  for (let i = 0; i < steps; i++)
    for (let j = i; j < columns; j++) out[i * columns + j] = work[j * rows + i]!;
  return { data: out, rows: steps, columns };
}
