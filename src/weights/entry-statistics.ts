import { formOf, isFloat } from '../formats/dtypes.js';
import type { Numbers } from '../formats/model-file.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';

/** What is known of the entries of a matrix after one pass over its rows. */
export interface EntryStatistics {
  /** Mean square of the entries. */
  readonly variance: number;
  /** Root mean square of the spacing between neighbouring numbers of the stored type, at the entries. */
  readonly spacing: number;
  /** Rows of zeros. */
  readonly deadRows: number;
  /** Rows that repeat an earlier row, number for number, rows of zeros not among them. */
  readonly duplicateRows: number;
}

/** An accumulator of {@link EntryStatistics}, fed whole rows in their order. */
export interface EntryAccumulator {
  /**
   * Adds rows as stored; `factors` of all rows make the folded layer of them.
   * @throws RangeError that names the place of a NaN or an infinity
   */
  add(numbers: Numbers, factors?: Float64Array): void;
  statistics(): EntryStatistics;
}

/** Returns an accumulator for the rows of a matrix. */
export function entryStatistics({ columns, dtype, quantisation }: WeightMatrix): EntryAccumulator {
  const spacing =
    quantisation && !isFloat(dtype) ? () => quantisation.scale : spacingOf(dtype, quantisation?.scale);
  const seen = new Set<string>();
  let [row, count, squares, spacings, deadRows, duplicateRows] = [0, 0, 0, 0, 0, 0];
  return {
    add(numbers, factors) {
      for (let start = 0; start < numbers.length; start += columns, row++) {
        const factor = factors?.[row] ?? 1;
        let [a, b, zero] = [0x811c9dc5, 0x1b873593, true];
        for (let i = start; i < start + columns; i++) {
          const value = numbers[i] as number;
          if (!Number.isFinite(value))
            throw new RangeError(`${value} at row ${row}, column ${i - start} (counted from 0)`);
          squares += (factor * value) ** 2;
          const step = factor * spacing(value);
          spacings += step * step;
          if (value === 0) continue;
          zero = false;
          float[0] = value;
          a = Math.imul(a ^ word[0]! ^ (i - start), 0x01000193);
          b = Math.imul(b ^ word[1]! ^ (i - start), 0x85ebca6b) ^ (b >>> 13);
        }
        count += columns;
        const key = `${a >>> 0} ${b >>> 0}`;
        if (zero) deadRows++;
        else if (seen.has(key)) duplicateRows++;
        else seen.add(key);
      }
    },
    statistics: () => ({
      variance: count === 0 ? 0 : squares / count,
      spacing: count === 0 ? 0 : Math.sqrt(spacings / count),
      deadRows,
      duplicateRows,
    }),
  };
}

const float = new Float64Array(1);
const word = new Uint32Array(float.buffer);

/** Returns the spacing of a float type around a number: 2^max(floor(log2 |w|) + 1 - digits, minExponent). */
function spacingOf(dtype: WeightMatrix['dtype'], scale = 1): (value: number) => number {
  const { digits = 53, minExponent = -1074 } = formOf(dtype);
  return (value) => {
    float[0] = value / scale;
    const exponent = ((word[1]! >>> 20) & 0x7ff) - 1023;
    return scale * 2 ** Math.max(exponent + 1 - digits, minExponent);
  };
}
