import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { Numbers } from '../formats/model-file.js';
import type { GramSum } from '../spectrum/wasm/gram/gram-sum.js';

/** Entries of a piece. */
const PIECE_ENTRIES = 2 ** 20;

/** Yields the rows of a matrix in their order, a piece at a time. */
export async function* rowPieces({
  rows,
  columns,
  read,
}: Pick<WeightMatrix, 'rows' | 'columns' | 'read'>): AsyncGenerator<{ row: number; numbers: Numbers }> {
  const step = Math.max(1, Math.floor(PIECE_ENTRIES / Math.max(1, columns)));
  for (let row = 0; row < rows; row += step)
    yield { row, numbers: await read(row, Math.min(step, rows - row)) };
}

/** Adds the matrix to the Gram matrix of its shorter side, a piece at a time. */
export async function addMatrix(
  sum: GramSum,
  matrix: Pick<WeightMatrix, 'rows' | 'columns' | 'read'>,
): Promise<void> {
  const { rows, columns, read } = matrix;
  if (rows > columns) {
    for await (const { numbers } of rowPieces(matrix))
      sum.addRows({ data: numbers, rows: numbers.length / columns, columns });
    return;
  }
  // blocks of columns; many, since the file has them row by row
  const step = Math.max(1, Math.floor((4 * PIECE_ENTRIES) / rows));
  for (let column = 0; column < columns; column += step) {
    const width = Math.min(step, columns - column);
    sum.addColumns({ data: await read(0, rows, column, width), rows, columns: width });
  }
}
