import { invalid } from '../../errors.js';
import { countGram } from './certified-count.js';
import { checkShape, largestMagnitude } from './check-matrix.js';
import type { Spectrum } from '../engine.js';
import type { Matrix } from '../matrix.js';
import { GramAccumulator } from './gram-accumulator.js';
import { GramInertia, inertiaWorkBytes } from './gram-inertia.js';
import { gramSpectrum } from './gram-spectrum.js';
import { KernelInstance } from './kernel-instance.js';
import { checkThreshold } from './scaled-threshold.js';
import type { CertifiedCount, Threshold } from '../engine.js';

/**
 * The Gram matrix of features too long to hold: columns are added piece by piece, and the singular values of all of
 * them together can be asked for at any time. Only the Gram way is open, since A itself is gone.
 *
 * Memory: 1.5 times the number of rows squared, in doubles, and one piece of 256 columns twice.
 *
 * @example
 * const sum = new GramSum(512);
 * for (const batch of batches) sum.addColumns(batch);
 * sum.singularValues().values;
 */
export class GramSum {
  private readonly instance = new KernelInstance();
  private readonly gram: GramAccumulator;

  /** @throws RangeError when `rows` is not a whole number of at least 1, or the memory cannot be had */
  constructor(readonly rows: number) {
    if (!Number.isSafeInteger(rows) || rows < 1) {
      throw invalid('rows', rows, 'a whole number >= 1');
    }
    this.gram = new GramAccumulator(
      this.instance,
      rows,
      inertiaWorkBytes(rows),
      `the Gram matrix of ${rows} rows`,
    );
  }

  /** Columns added so far. */
  get columns(): number {
    return this.gram.length;
  }

  /**
   * Adds the columns of a matrix with as many rows. A matrix that is refused adds nothing.
   *
   * @throws RangeError when the rows differ or an entry is not finite
   */
  addColumns(matrix: Matrix): this {
    checkShape(matrix);
    largestMagnitude(matrix);
    this.gram.addColumns(matrix);
    return this;
  }

  /** The singular values of all columns added so far. */
  singularValues(): Spectrum {
    const kept = new GramInertia(this.instance, this.gram);
    const { spectrum } = gramSpectrum(this.instance, this.gram);
    kept.restore(0);
    return { ...spectrum, values: spectrum.values.subarray(0, Math.min(this.rows, this.columns)) };
  }

  /** How many singular values of all columns added so far are greater than max(absolute, relative · σ₁). */
  certifiedCount(threshold: Threshold): CertifiedCount {
    checkThreshold(threshold);
    const kept = new GramInertia(this.instance, this.gram);
    const count = countGram(kept, this.instance, this.gram, threshold);
    kept.restore(0);
    return { ...count, ...within(count, Math.min(this.rows, this.columns)) };
  }
}

/** No more singular values than columns. */
function within({ rank, lower, upper }: CertifiedCount, most: number): Partial<CertifiedCount> {
  const least = Math.min(upper, most);
  return { rank: Math.min(rank, most), lower, upper: least, certified: lower === least };
}
