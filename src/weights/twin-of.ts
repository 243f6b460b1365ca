import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { Numbers } from '../formats/model-file.js';
import { drawBaseline, type BaselineName } from './baseline.js';

/** The kinds of twins of a model. */
export type TwinName = Exclude<BaselineName, 'none'>;
export const twinNames: readonly TwinName[] = ['permuted', 'gaussian'];

/**
 * Returns the random twin of a layer. Its entries are those of the layer in a random order, or normal ones of the same
 * mean square. They are those of the baseline of {@link measureWeights} for the same seed.
 */
export function twinOf(matrix: WeightMatrix, kind: TwinName, seed: number): WeightMatrix {
  const { rows, columns, name } = matrix;
  let entries: Numbers | undefined;
  return {
    ...matrix,
    notes: [],
    adapter: undefined,
    async read(row, count, column = 0, width = columns - column) {
      if (entries === undefined) {
        const own = (await matrix.read(0, rows)).slice();
        let squares = 0;
        for (const value of own) squares += value * value;
        const variance = squares / Math.max(1, own.length);
        drawBaseline(kind, own, { variance, seed, name });
        entries = own;
      }
      const whole = entries;
      if (count === rows && width === columns) {
        entries = undefined; // memory holds one layer at a time
        return whole;
      }
      const block = whole.slice(0, count * width);
      for (let i = 0; i < count; i++) {
        const start = (row + i) * columns + column;
        block.set(whole.subarray(start, start + width), i * width);
      }
      return block;
    },
  };
}
