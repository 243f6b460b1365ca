import type { KernelInstance } from '../../../kernels/kernel-instance.js';
import { entriesIn, frobeniusOf, type GramMatrix, placeOf } from './gram-matrix.js';
import type { RowSums } from '../row-sums.js';

/** Roundings of s s^T / N and its subtraction, with a margin. */
const SUBTRACTION = 8;

/**
 * Returns the result of `use` for the Gram matrix of A less the mean of each row. That is G - s sᵀ / N, in the place of
 * G. G is restored afterwards. Its error bounds are those of numerics.md, "Centred Gram matrix": relative to ‖A‖²_F,
 * not to the centred matrix.
 *
 * Memory: half the number of rows squared, in doubles, for the copy of G.
 */
export function withCentredGram<T>(
  instance: KernelInstance,
  gram: GramMatrix,
  { values, chain }: RowSums,
  columns: number,
  use: (centred: GramMatrix) => T,
): T {
  const { size, offset, panels, extra, exponent } = gram;
  const frobenius = frobeniusOf(instance, gram);
  const scale = 2 ** (exponent ?? 0);
  const entries = instance.float64(offset, entriesIn(panels));
  const copy = entries.slice();
  for (let i = 0; i < size; i++) {
    const mean = (values[i]! * scale) / Math.max(1, columns);
    for (let j = 0; j <= i; j++) entries[placeOf(i, j)]! -= mean * (values[j]! * scale);
  }
  try {
    return use({
      ...{ size, offset, panels, extra, exponent, frobenius },
      chain: gram.chain + 2 * chain + SUBTRACTION,
    });
  } finally {
    // the memory may have grown
    instance.float64(offset, entriesIn(panels)).set(copy);
  }
}
