import { invalid, messageOf } from '../../../errors.js';
import { flag, orElse, type OptionEntries, readOptions, strict } from '../../../schema.js';
import { countForm, countGram, countNear } from '../certified-count.js';
import { largestMagnitude } from '../largest-magnitude.js';
import type { CertifiedCount, EngineOptions, Spectrum, Threshold } from '../../engine.js';
import { checkShape, type Dtype, dtypeOf, type Matrix } from '../../matrix.js';
import { GramAccumulator, MAX_DEPTH } from './gram-accumulator.js';
import { GramInertia, inertiaWorkBytes } from './gram-inertia.js';
import { withCentredGram } from './centred-gram.js';
import { entriesIn, type GramMatrix, panelsOf, placeOf } from './gram-matrix.js';
import { gramSpectrum } from './gram-spectrum.js';
import { RowSums } from '../row-sums.js';
import { KernelInstance, kernelsProblem } from '../../../kernels/kernel-instance.js';
import { checkThreshold } from '../scaled-threshold.js';

export interface GramSumOptions {
  /** Sums the rows too, so that the matrix less the mean of each row can be counted. @default false */
  readonly means?: boolean | undefined;
}

export interface CentredOption {
  /** Of A less the mean of each row; needs `means`. @default false */
  readonly centred?: boolean | undefined;
}

const sumOptions = strict({ means: orElse(flag, false) } satisfies OptionEntries<GramSumOptions>);
export const centredOption = { centred: orElse(flag, false) } satisfies OptionEntries<CentredOption>;

/**
 * The Gram matrix of features that do not fit in memory. Columns are added piece by piece; the singular values of all
 * columns so far are available at any time. Only the Gram method can be used, since A itself is not kept.
 *
 * Memory: one and a half times the number of rows squared, in doubles, and one piece of 256 columns twice.
 *
 * @example
 * const sum = new GramSum(512);
 * for (const batch of batches) sum.addColumns(batch);
 * sum.singularValues().values;
 */
export class GramSum {
  private readonly instance = new KernelInstance();
  private readonly gram: GramAccumulator;
  private readonly rowSums: RowSums | undefined;
  private widest: Dtype = 'float32';

  /**
   * Starts with a sum of zero.
   * @throws RangeError if `rows` is not a whole number of at least 1 or the memory is not available; Error if
   * WebAssembly does not start, because no other engine can add pieces
   */
  constructor(
    readonly rows: number,
    options: GramSumOptions = {},
  ) {
    const { means } = readOptions(sumOptions, options);
    if (!Number.isSafeInteger(rows) || rows < 1) {
      throw invalid('rows', rows, 'a whole number >= 1');
    }
    const cause = kernelsProblem();
    if (cause !== undefined) {
      throw new Error(`features in pieces need WebAssembly, which does not start: ${messageOf(cause)}`, {
        cause,
      });
    }
    this.gram = new GramAccumulator(
      this.instance,
      rows,
      inertiaWorkBytes(rows),
      `the Gram matrix of ${rows} rows`,
    );
    this.rowSums = means ? new RowSums(rows) : undefined;
  }

  /** The precision of the data so far: float64 as soon as one piece was float64, as when arrays are joined. */
  get dtype(): Dtype {
    return this.widest;
  }

  /** Columns added so far. */
  get columns(): number {
    return this.gram.length;
  }

  /**
   * Adds the columns of a matrix with the same number of rows. A refused matrix adds nothing.
   *
   * @throws RangeError when the rows differ or an entry is not finite
   */
  addColumns(matrix: Matrix): this {
    checkShape(matrix);
    largestMagnitude(matrix);
    this.gram.addColumns(matrix);
    this.rowSums?.addColumns(matrix);
    return this.note(matrix);
  }

  /**
   * Adds the rows of a matrix as columns. Features in tensor order, position by position with channels side by side,
   * need no transposing.
   *
   * @throws RangeError if the matrix does not have `rows` columns, or if an entry is not finite
   */
  addRows(matrix: Matrix): this {
    checkShape(matrix);
    largestMagnitude(matrix);
    this.gram.addRows(matrix);
    this.rowSums?.addRows(matrix);
    return this.note(matrix);
  }

  /** Forgets all columns; the next ones take the same memory. */
  clear(): this {
    this.gram.clear();
    this.widest = 'float32';
    return this;
  }

  private note(matrix: Matrix): this {
    if (dtypeOf(matrix) === 'float64') this.widest = 'float64';
    return this;
  }

  /** The sum of each row over all columns so far. @throws RangeError without `means` */
  get sums(): Float64Array {
    return this.sumsOf().values.slice();
  }

  /** Returns A Aᵀ of all columns so far, not centred: full, rows x rows, row-major. */
  entries(): Float64Array {
    const { rows, gram } = this;
    const entries = this.instance.float64(gram.offset, entriesIn(gram.panels));
    const factor = 2 ** (-2 * (gram.exponent ?? 0));
    const full = new Float64Array(rows * rows);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j <= i; j++) full[i * rows + j] = full[j * rows + i] = entries[placeOf(i, j)]! * factor;
    return full;
  }

  /** Returns the singular values of all columns added so far. */
  singularValues(options: CentredOption = {}): Spectrum {
    return this.spectrumAndCounts([], options).spectrum;
  }

  /**
   * Returns the singular values of all columns added so far and certified counts above several thresholds. Both come
   * from one reduction, which is faster than two. `verify` is as in `EngineOptions`.
   */
  spectrumAndCounts(
    thresholds: readonly Threshold[],
    { verify, centred }: Pick<EngineOptions, 'verify'> & CentredOption = {},
  ): { spectrum: Spectrum; counts: CertifiedCount[] } {
    thresholds.forEach(checkThreshold);
    const max = Math.min(this.rows, this.columns);
    return this.read(centred, (gram) => {
      const kept = new GramInertia(this.instance, gram);
      const { spectrum, form } = gramSpectrum(this.instance, kept.lend(), verify);
      const scale = { exponent: gram.exponent, size: this.rows };
      const counts = thresholds.map((threshold) => {
        const count = countForm(form, scale, threshold);
        return count.certified ? count : countNear(kept, form, scale, threshold, count);
      });
      kept.restore();
      return {
        spectrum: { ...spectrum, values: spectrum.values.subarray(0, max) },
        counts: counts.map((count) => ({ ...count, ...within(count, max) })),
      };
    });
  }

  /** Returns the certified number of singular values, of all columns so far, above max(absolute, relative · σ₁). */
  certifiedCount(threshold: Threshold, { centred }: CentredOption = {}): CertifiedCount {
    checkThreshold(threshold);
    return this.read(centred, (gram) => {
      const kept = new GramInertia(this.instance, gram);
      const count = countGram(kept, this.instance, gram, threshold);
      kept.restore();
      return { ...count, ...within(count, Math.min(this.rows, this.columns)) };
    });
  }

  private read<T>(centred: boolean | undefined, use: (gram: GramMatrix) => T): T {
    if (!centred) return use(this.gram);
    return withCentredGram(this.instance, this.gram, this.sumsOf(), this.columns, use);
  }

  private sumsOf(): RowSums {
    if (!this.rowSums) throw invalid('sum', 'one without means', 'new GramSum(rows, { means: true })');
    this.rowSums.check();
    return this.rowSums;
  }
}

/** Returns the approximate number of bytes that a `GramSum` of `rows` rows takes. */
export function gramSumBytes(rows: number): number {
  return 8 * entriesIn(panelsOf(rows)) + inertiaWorkBytes(rows) + 2 * 8 * rows * MAX_DEPTH;
}

/** Limits a count to the number of columns. */
function within({ rank, lower, upper }: CertifiedCount, max: number): Partial<CertifiedCount> {
  const min = Math.min(upper, max);
  return { rank: Math.min(rank, max), lower, upper: min, certified: lower === min };
}
