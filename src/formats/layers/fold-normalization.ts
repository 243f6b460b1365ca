import { invalid } from '../../errors.js';
import type { Numbers } from '../model-file.js';
import type { WeightMatrix } from './weight-matrix.js';

/**
 * Returns the matrix of a layer with the normalization behind it folded in. Each row is multiplied by gamma /
 * sqrt(variance + epsilon); the function is the same. Its spectrum is another one, so folded and unfolded layers are
 * never compared.
 * @throws RangeError where the normalization is not known from a graph, or has another number of channels
 */
export async function foldNormalization(matrix: WeightMatrix): Promise<WeightMatrix> {
  const { name, columns, normalization } = matrix;
  const factors = await foldingFactors(matrix);
  if (!normalization || !factors)
    throw invalid('layer to fold', name, 'a layer whose normalization is in the graph');
  const read: WeightMatrix['read'] = async (row, count, column = 0, width = columns - column) =>
    timesFactors(Float64Array.from(await matrix.read(row, count, column, width)), width, factors, row);
  const note = `folded with ${normalization.name}`;
  return { ...matrix, notes: [...matrix.notes, note], normalization: undefined, read };
}

/**
 * Returns the factor of each row, gamma / sqrt(variance + epsilon); undefined where no graph tells the normalization.
 * @throws RangeError where the normalization has another number of channels
 */
export async function foldingFactors({
  rows,
  normalization,
}: WeightMatrix): Promise<Float64Array | undefined> {
  if (!normalization?.factors) return undefined;
  const factors = await normalization.factors();
  if (factors.length !== rows) throw invalid(`channels of ${normalization.name}`, factors.length, `${rows}`);
  return factors;
}

/** Multiplies rows, the first of which has the number `first`, by their factors, in place, and returns them. */
export function timesFactors(numbers: Numbers, width: number, factors: Float64Array, first: number): Numbers {
  for (let start = 0, row = first; start < numbers.length; start += width, row++) {
    const factor = factors[row]!;
    for (let i = start; i < start + width; i++) numbers[i]! *= factor;
  }
  return numbers;
}
