import { invalid } from '../../errors.js';
import type { WeightMatrix } from './weight-matrix.js';

/**
 * Returns the matrix of a layer with the normalization behind it folded in: each row times gamma / sqrt(variance +
 * epsilon), the same function. Its spectrum is another one, so folded and unfolded layers are never compared.
 * @throws RangeError where the normalization is not known from a graph, or has another number of channels
 */
export async function foldNormalization(matrix: WeightMatrix): Promise<WeightMatrix> {
  const { name, rows, columns, normalization } = matrix;
  if (!normalization?.factors)
    throw invalid('layer to fold', name, 'a layer whose normalization its graph tells');
  const factors = await normalization.factors();
  if (factors.length !== rows) throw invalid(`channels of ${normalization.name}`, factors.length, `${rows}`);
  const read: WeightMatrix['read'] = async (row, count, column = 0, width = columns - column) => {
    const block = Float64Array.from(await matrix.read(row, count, column, width));
    for (let i = 0; i < block.length; i++) block[i]! *= factors[row + Math.floor(i / width)]!;
    return block;
  };
  const note = `folded with ${normalization.name}`;
  return { ...matrix, notes: [...matrix.notes, note], normalization: undefined, read };
}
