import { invalid } from '../errors.js';
import { checkMatrix, type Dtype, dtypeOf, type Matrix } from '../spectrum/matrix.js';
import { singularValues, type SpectrumOptions } from '../spectrum/singular-values.js';
import { applyTolerance, type Shape } from './apply-tolerance.js';
import { checkSpectrum, type Spectrum } from './spectrum.js';
import type { ToleranceLike } from './tolerance.js';

/** The numerical rank of a matrix at one tolerance, with what it rests on. */
export interface RankResult {
  /** The number of singular values above the tolerance. */
  readonly rank: number;
  /** The rank lies between these two; they are the same until the error of the spectrum is taken into account. */
  readonly lower: number;
  readonly upper: number;
  /** Whether the rank is proven against the error of the computed spectrum. */
  readonly certified: boolean;
  /** rank / rows, in [0, 1]: how much of a layer's width is used when the rows are its channels; 0 without rows. */
  readonly rankRatio: number;
  /** The rule as written, and its threshold in the unit of the matrix: singular values above it count. */
  readonly tolerance: { readonly rule: string; readonly absolute: number };
}

export interface RanksOptions extends SpectrumOptions {
  /**
   * The singular values of the matrix, when they are known already: none are computed.
   * @default undefined
   */
  spectrum?: Spectrum;
}

export interface RankOptions extends RanksOptions {
  /**
   * The rule that says which singular values count as zero; see `Tolerance` for all of them.
   * @default 'numpy'
   */
  tolerance?: ToleranceLike;
}

/** The tolerance where none is given: that of `numpy.linalg.matrix_rank`. */
export const defaultTolerance = 'numpy';

/**
 * Returns the numerical rank of the matrix at one tolerance: the number of its singular values above it, the
 * share of the rows that is, and the tolerance with its threshold.
 *
 * The singular values are computed in float64; the rules that depend on precision (`numpy`, `torch`, `matlab`)
 * use that of the matrix's data. A matrix of zeros and an empty matrix have rank 0. The rank is not certified
 * yet: a tolerance that falls within rounding of a singular value can be off by one.
 * @throws RangeError for a NaN or an infinity in the matrix (with the position), sizes that do not fit the data,
 * an unknown or malformed tolerance, an unknown engine, or a spectrum that does not belong to the matrix.
 * @example
 * rank({ data: Float64Array.of(1, 2, 2, 4), rows: 2, columns: 2 }, { tolerance: 'relative:0.01' }).rankRatio; // 0.5
 */
export function rank(matrix: Matrix, options: RankOptions = {}): RankResult {
  return ranks(matrix, [options.tolerance ?? defaultTolerance], options)[0]!;
}

/**
 * Returns the ranks of the matrix at several tolerances, in their order, from one spectrum; else as `rank`.
 * @throws as `rank`.
 * @example
 * ranks(matrix, ['numpy', 'relative:0.01', 'energy:0.99']).map(({ rank }) => rank);
 */
export function ranks(
  matrix: Matrix,
  tolerances: readonly ToleranceLike[],
  options: RanksOptions = {},
): RankResult[] {
  const shape = checkMatrix(matrix);
  const spectrum = options.spectrum ?? singularValues(matrix, { engine: options.engine });
  return ranksOfSpectrum(spectrum, { ...shape, dtype: dtypeOf(matrix) }, tolerances);
}

/**
 * Returns the ranks at several tolerances, in their order, of a matrix whose singular values are known; the
 * matrix itself is not needed. `matrix` gives its sizes and the precision of its data.
 * @throws RangeError for a spectrum that is not descending, finite and >= 0 or not min(rows, columns) long, and
 * for an unknown or malformed tolerance.
 * @example
 * ranksOfSpectrum([4, 3, 0.01], { rows: 3, columns: 5, dtype: 'float32' }, ['relative:0.01'])[0].rank; // 2
 */
export function ranksOfSpectrum(
  spectrum: Spectrum,
  matrix: Shape & { readonly dtype: Dtype },
  tolerances: readonly ToleranceLike[],
): RankResult[] {
  const { rows, columns, dtype } = matrix;
  checkSpectrum(spectrum);
  if (spectrum.length !== Math.min(rows, columns)) {
    throw invalid('spectrum length', spectrum.length, `min(rows, columns) = ${Math.min(rows, columns)}`);
  }
  return tolerances.map((tolerance) => {
    const { rule, absolute, rank } = applyTolerance(spectrum, { rows, columns }, dtype, tolerance);
    return {
      rank,
      lower: rank,
      upper: rank,
      certified: false,
      rankRatio: rows === 0 ? 0 : rank / rows,
      tolerance: { rule, absolute },
    };
  });
}
