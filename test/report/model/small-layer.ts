import type { LayerWeights } from '../../../src/weights/measure-layer-weights.js';
import { measureLayerWeights } from '../../../src/weights/measure-layer-weights.js';
import { parseTolerances } from '../../../src/rank/tolerance.js';
import type { BaselineName } from '../../../src/weights/baseline.js';
import type { WeightMatrix } from '../../../src/formats/layers/weight-matrix.js';
import { createStream, nextUnit } from '../../../src/random/stream.js';

/**
 * Returns measured weights of a layer with uniform entries of a rank. Rows of zeros and repeated rows stand at the end.
 */
export async function smallLayer({
  name = 'layer',
  rows = 24,
  columns = 32,
  rank = Math.min(rows, columns),
  zeros = 0,
  repeated = 0,
  baseline = 'permuted' as BaselineName,
  ...rest
}: Partial<WeightMatrix> & {
  rank?: number;
  zeros?: number;
  repeated?: number;
  baseline?: BaselineName;
} = {}): Promise<LayerWeights> {
  const stream = createStream(1, 'layer');
  const draw = (count: number) => Float64Array.from({ length: count }, () => nextUnit(stream) - 0.5);
  const [left, right] = [draw(rows * rank), draw(rank * columns)];
  const data = Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    if (rank === Math.min(rows, columns)) return nextUnit(stream) - 0.5;
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += left[row * rank + k]! * right[k * columns + column]!;
    return sum;
  });
  data.fill(0, (rows - zeros) * columns);
  for (let row = rows - zeros - repeated; row < rows - zeros; row++)
    data.copyWithin(row * columns, 0, columns);
  const matrix: WeightMatrix = {
    ...{
      name,
      rows,
      columns,
      kind: 'linear',
      shape: [rows, columns],
      dtype: 'float32',
      aliases: [],
      notes: [],
    },
    read: async (row, count, column = 0, width = columns) => {
      const block = new Float32Array(count * width);
      for (let i = 0; i < count; i++)
        block.set(
          data.subarray((row + i) * columns + column, (row + i) * columns + column + width),
          i * width,
        );
      return block;
    },
    ...rest,
  };
  const tolerances = parseTolerances(['numpy', 'relative:0.01']);
  return measureLayerWeights(matrix, { tolerances, baseline, seed: 0, fold: false });
}
