import { decodeNumbers } from '../formats/decode-numbers.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import type { Numbers } from '../formats/model-file.js';

/** All entries of a matrix in memory, row by row. */
export interface KeptEntries {
  /** The numbers, or their codes. Their order may be changed. */
  readonly values: Numbers | Uint16Array;
  /** Writes numbers from the entry `at` on. */
  set(numbers: Numbers, at: number): void;
  /** Returns a block as that of a `WeightMatrix`; a view of the numbers where it can be. */
  readonly read: WeightMatrix['read'];
}

/** Types of 16 bits, which are kept as codes. */
type HalfDtype = 'float16' | 'bfloat16';

/**
 * Returns room for all entries of a matrix, in the precision that the reader widens to. With `coded` a matrix of 16-bit
 * floats without a scale takes 16 bits an entry, exactly; its numbers are then only read and moved.
 */
export async function keepEntries(matrix: WeightMatrix, coded: boolean): Promise<KeptEntries> {
  const { rows, columns, dtype, quantisation } = matrix;
  const isHalf = (name: string): name is HalfDtype => name === 'float16' || name === 'bfloat16';
  if (coded && quantisation === undefined && isHalf(dtype)) {
    const values = new Uint16Array(rows * columns);
    return {
      values,
      set: (numbers, at) => encodeHalves(numbers as Float32Array, dtype, values.subarray(at)),
      read: readerOf(values, columns, (block) =>
        decodeNumbers(new Uint8Array(block.buffer, block.byteOffset, block.byteLength), dtype),
      ),
    };
  }
  const first = await matrix.read(0, Math.min(1, rows));
  const values =
    first instanceof Float64Array ? new Float64Array(rows * columns) : new Float32Array(rows * columns);
  return {
    values,
    set: (numbers, at) => values.set(numbers, at),
    read: readerOf<Numbers>(values, columns, (block) => block),
  };
}

function readerOf<T extends Numbers | Uint16Array>(
  values: T,
  columns: number,
  numbersOf: (block: T) => Numbers,
): WeightMatrix['read'] {
  return (row, count, column = 0, width = columns - column) => {
    if (width === columns)
      return Promise.resolve(numbersOf(values.subarray(row * columns, (row + count) * columns) as T));
    const block = new (values.constructor as new (length: number) => T)(count * width);
    for (let i = 0; i < count; i++) {
      const start = (row + i) * columns + column;
      block.set(values.subarray(start, start + width), i * width);
    }
    return Promise.resolve(numbersOf(block));
  };
}

/** Writes the codes of finite numbers of a 16-bit type: the inverse of `decodeNumbers`. */
export function encodeHalves(numbers: Float32Array, dtype: HalfDtype, codes: Uint16Array): void {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  if (dtype === 'bfloat16') for (let i = 0; i < words.length; i++) codes[i] = words[i]! >>> 16;
  else
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      const exponent = ((word >>> 23) & 0xff) - 112;
      // below the normal numbers a code counts steps of 2^-24
      const size =
        exponent > 0 ? (exponent << 10) | ((word >>> 13) & 0x3ff) : Math.abs(numbers[i]!) * 2 ** 24;
      codes[i] = ((word >>> 16) & 0x8000) | size;
    }
}
