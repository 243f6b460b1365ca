import { invalid, messageOf } from '../../errors.js';
import { countForm, countGram, countNear } from './certified-count.js';
import { largestMagnitude } from './largest-magnitude.js';
import type { CertifiedCount, EngineOptions, Spectrum, Threshold } from '../engine.js';
import { checkShape, type Dtype, dtypeOf, type Matrix } from '../matrix.js';
import { GramAccumulator, MAX_DEPTH } from './gram-accumulator.js';
import { GramInertia, inertiaWorkBytes } from './gram-inertia.js';
import { entriesIn, panelsOf } from './gram-matrix.js';
import { gramSpectrum } from './gram-spectrum.js';
import { KernelInstance, kernelsProblem } from '../../kernels/kernel-instance.js';
import { checkThreshold } from './scaled-threshold.js';

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
  private widest: Dtype = 'float32';

  /**
   * @throws RangeError if `rows` is not a whole number of at least 1 or the memory is not available; Error if
   * WebAssembly does not start, because no other engine can add pieces
   */
  constructor(readonly rows: number) {
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

  /** Returns the singular values of all columns added so far. */
  singularValues(): Spectrum {
    return this.spectrumAndCounts([]).spectrum;
  }

  /**
   * Returns the singular values of all columns added so far and certified counts above several thresholds. Both come
   * from one reduction, which is faster than two. `verify` is as in `EngineOptions`.
   */
  spectrumAndCounts(
    thresholds: readonly Threshold[],
    { verify }: Pick<EngineOptions, 'verify'> = {},
  ): { spectrum: Spectrum; counts: CertifiedCount[] } {
    thresholds.forEach(checkThreshold);
    const max = Math.min(this.rows, this.columns);
    const kept = new GramInertia(this.instance, this.gram);
    const { spectrum, form } = gramSpectrum(this.instance, kept.lend(), verify);
    const scale = { exponent: this.gram.exponent, size: this.rows };
    const counts = thresholds.map((threshold) => {
      const count = countForm(form, scale, threshold);
      return count.certified ? count : countNear(kept, form, scale, threshold, count);
    });
    kept.restore();
    return {
      spectrum: { ...spectrum, values: spectrum.values.subarray(0, max) },
      counts: counts.map((count) => ({ ...count, ...within(count, max) })),
    };
  }

  /** Returns the certified number of singular values, of all columns so far, above max(absolute, relative · σ₁). */
  certifiedCount(threshold: Threshold): CertifiedCount {
    checkThreshold(threshold);
    const kept = new GramInertia(this.instance, this.gram);
    const count = countGram(kept, this.instance, this.gram, threshold);
    kept.restore();
    return { ...count, ...within(count, Math.min(this.rows, this.columns)) };
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
