import type { Matrix } from '../spectrum/matrix.js';
import { symmetricEigen } from '../spectrum/symmetric-eigen.js';

/** Directions below this share of the largest singular value are noise of the Gram matrix. */
const NOISE = 1e-7;

/**
 * Returns the leading left singular vectors of a matrix, one after another; fewer if its rank is lower. They come from
 * the eigenvectors of the Gram matrix of its shorter side.
 */
export function leftVectors({ data, rows, columns }: Matrix, count: number): Float64Array {
  const isWide = rows <= columns;
  const size = isWide ? rows : columns;
  const gram = new Float64Array(size * size);
  if (isWide)
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k < columns; k++) sum += data[i * columns + k]! * data[j * columns + k]!;
        gram[i * size + j] = sum;
      }
  else
    for (let k = 0; k < rows; k++)
      for (let i = 0; i < size; i++) {
        const own = data[k * columns + i]!;
        for (let j = 0; j <= i; j++) gram[i * size + j]! += own * data[k * columns + j]!;
      }
  const { values, vectors } = symmetricEigen(gram, size);
  const usable = values.filter((value) => value > NOISE ** 2 * values[0]!).length;
  const wanted = Math.min(count, usable);
  const found = vectors(wanted);
  if (isWide) return found;
  const out = new Float64Array(wanted * rows);
  for (let v = 0; v < wanted; v++) {
    const sigma = Math.sqrt(values[v]!);
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += data[i * columns + j]! * found[v * columns + j]!;
      out[v * rows + i] = sum / sigma;
    }
  }
  return out;
}
