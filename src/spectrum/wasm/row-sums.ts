import { invalid } from '../../errors.js';
import type { Matrix } from '../matrix.js';

/** Numbers summed by themselves, before they join the rest: bounds the chain of roundings. */
const PIECE = 256;

/** The sums of a matrix's rows, whose columns come piece by piece, in float64. */
export class RowSums {
  readonly values: Float64Array;
  /** The longest chain of additions behind a sum. */
  chain = PIECE;

  constructor(readonly rows: number) {
    this.values = new Float64Array(rows);
  }

  /** Adds the columns of a matrix. */
  addColumns({ data, rows, columns }: Matrix): void {
    for (let row = 0; row < rows; row++) {
      const end = (row + 1) * columns;
      for (let from = row * columns; from < end; from += PIECE) {
        const to = Math.min(end, from + PIECE);
        let sum = 0;
        for (let i = from; i < to; i++) sum += data[i]!;
        this.values[row]! += sum;
      }
    }
    this.chain += Math.ceil(columns / PIECE);
  }

  /** Adds the rows of a matrix as columns. */
  addRows({ data, rows: columns, columns: rows }: Matrix): void {
    const piece = new Float64Array(rows);
    for (let from = 0; from < columns; from += PIECE) {
      piece.fill(0);
      const to = Math.min(columns, from + PIECE);
      for (let column = from, at = from * rows; column < to; column++)
        for (let row = 0; row < rows; row++) piece[row]! += data[at++]!;
      for (let row = 0; row < rows; row++) this.values[row]! += piece[row]!;
    }
    this.chain += Math.ceil(columns / PIECE);
  }

  /** @throws RangeError for a sum beyond float64 */
  check(): void {
    const row = this.values.findIndex((value) => !Number.isFinite(value));
    if (row >= 0) throw invalid(`sum of row ${row}`, this.values[row], 'a finite number');
  }
}
