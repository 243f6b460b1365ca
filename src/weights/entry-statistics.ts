import { formOf, isFloat } from '../formats/dtypes.js';
import type { Numbers } from '../formats/model-file.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';

/** Statistics of the entries of a matrix from one pass over its rows. */
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
  const isStep = quantisation !== undefined && !isFloat(dtype);
  const table = isStep ? undefined : squaredSpacings(dtype);
  // a float type with a scale has the spacing around what is stored
  const scale = isStep ? 1 : (quantisation?.scale ?? 1);
  const step = isStep ? quantisation.scale ** 2 : 0;
  const seen = new Set<number>();
  let [row, count, squares, spacings, deadRows, duplicateRows] = [0, 0, 0, 0, 0, 0];
  return {
    add(numbers, factors) {
      for (let start = 0; start < numbers.length; start += columns, row++) {
        let [a, b, sum, spread, zero] = [0x811c9dc5, 0x1b873593, 0, 0, true];
        for (let i = start; i < start + columns; i++) {
          const value = numbers[i]!;
          float[0] = value / scale;
          const high = word[1]!;
          const exponent = (high >>> 20) & 0x7ff;
          if (exponent === 0x7ff && !Number.isFinite(value))
            throw new RangeError(`${value} at row ${row}, column ${i - start} (counted from 0)`);
          sum += value * value;
          if (table) spread += table[exponent]!;
          if (value === 0) continue;
          zero = false;
          const place = i - start;
          a = Math.imul(a ^ word[0]! ^ place, 0x01000193);
          b = Math.imul(b ^ high ^ place, 0x85ebca6b) ^ (b >>> 13);
        }
        const factor = (factors?.[row] ?? 1) ** 2;
        squares += factor * sum;
        spacings += factor * scale ** 2 * (table ? spread : step * columns);
        count += columns;
        const key = (a >>> 0) * 2 ** 21 + ((b >>> 0) & 0x1fffff);
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

/**
 * Returns the squared spacings of a float type, indexed by the exponent bits of a number w as a float64. A spacing is
 * 2^max(floor(log2 |w|) + 1 - digits, minExponent).
 */
function squaredSpacings(dtype: WeightMatrix['dtype']): Float64Array {
  const { digits = 53, minExponent = -1074 } = formOf(dtype);
  return Float64Array.from(
    { length: 2048 },
    (_, bits) => 4 ** Math.max(bits - 1023 + 1 - digits, minExponent),
  );
}
