import { invalid } from '../errors.js';
import { firstOf } from '../lookups.js';
import { orElse, any, readOptions, strict, type OptionEntries } from '../schema.js';
import type { CertifiedCount, Method, Spectrum, Threshold } from '../spectrum/engine.js';
import { resolveEngine } from '../spectrum/engines.js';
import { isResolved } from '../spectrum/is-resolved.js';
import { checkDtype, checkShape, checkSizes, type Dtype, dtypeOf, type Matrix } from '../spectrum/matrix.js';
import {
  checkFinite,
  readSpectrumOptions,
  spectrumOptions,
  type SpectrumOptions,
} from '../spectrum/singular-values.js';
import { type CentredOption, centredOption, GramSum } from '../spectrum/wasm/gram/gram-sum.js';
import { applyTolerance, type MatrixShape, thresholdOf } from './apply-tolerance.js';
import { shareBounds } from './share-bounds.js';
import { checkSpectrum, type SingularValues } from './spectrum.js';
import { formatTolerance, parseTolerances, type Tolerance, type ToleranceLike } from './tolerance.js';

/** The numerical rank of a matrix at one tolerance, with its proof and method. */
export interface RankResult {
  /** The number of singular values above the tolerance. */
  readonly rank: number;
  /** Lower bound of the exact rank; `upper` is the upper bound. Without a proof both equal `rank`. */
  readonly lower: number;
  readonly upper: number;
  /**
   * True if the rank is proved to be exact. It is then the number of exact singular values of the given matrix above
   * the exact tolerance (docs/numerics.md). Only the WebAssembly engine proves ranks.
   */
  readonly certified: boolean;
  /**
   * rank / rows, in [0, 1]; 0 without rows. If the rows are a layer's channels, it is the used share of the layer's
   * width.
   */
  readonly rankRatio: number;
  /**
   * The rule as written, and its threshold in the unit of the matrix. Singular values above the threshold count. The
   * exact threshold lies in [lower, upper], which is as wide as the enclosure of sigma_1; `rank` encloses sigma_1 only
   * as tightly as the proof needs. `absolute` is the computed threshold. Without a proof, and for `energy` and `srank`,
   * whose threshold is any number between two singular values, all three are equal.
   */
  readonly tolerance: {
    readonly rule: string;
    readonly absolute: number;
    readonly lower: number;
    readonly upper: number;
  };
  /** `gram`: computed from A Aᵀ; `full`: computed from A itself. */
  readonly method: Method;
}

export interface RankOptions extends SpectrumOptions {
  /**
   * The rule that decides which singular values count as zero; `Tolerance` lists the rules.
   * @default 'numpy'
   */
  readonly tolerance?: ToleranceLike | undefined;
}

/** The default tolerance: that of `numpy.linalg.matrix_rank`. */
export const defaultTolerance = 'numpy';

const rankOptions = strict({
  tolerance: orElse(any<ToleranceLike>(), defaultTolerance),
  ...spectrumOptions,
} satisfies OptionEntries<RankOptions>);

/**
 * Returns the numerical rank of the matrix: the number of its singular values above a tolerance. The result also says
 * whether the rank is proved, its ratio to the rows, and the tolerance with its threshold.
 *
 * If the tolerance is a threshold, the values above it are counted without computing them: by the inertia of A Aᵀ -
 * tau² I (Sylvester's law), and if that cannot decide, by finer methods. The rules that depend on precision (`numpy`,
 * `torch`, `matlab`) use that of the matrix's data. A matrix of zeros and an empty matrix have rank 0.
 * @throws RangeError for a NaN or an infinity in the matrix (with the position), sizes that do not fit the data,
 * an unknown or malformed tolerance, or an unknown option, engine or accuracy.
 * @example
 * rank({ data: Float64Array.of(1, 2, 2, 4), rows: 2, columns: 2 }, { tolerance: 'relative:0.01' }).rankRatio; // 0.5
 */
export function rank(matrix: Matrix, options: RankOptions = {}): RankResult {
  const { tolerance, ...others } = readOptions(rankOptions, options);
  return firstOf(ranks(matrix, [tolerance], others));
}

/**
 * Returns the ranks of the matrix at several tolerances, in their order. They share one computation; otherwise as
 * `rank`.
 * @throws as `rank`.
 * @example
 * ranks(matrix, ['numpy', 'relative:0.01', 'energy:0.99']).map(({ rank }) => rank);
 */
export function ranks(
  matrix: Matrix,
  tolerances: readonly ToleranceLike[],
  options: SpectrumOptions = {},
): RankResult[] {
  const { accuracy } = readSpectrumOptions(options);
  const parsed = parseTolerances(tolerances);
  checkShape(matrix);
  const { rows, columns } = matrix;
  const engine = resolveEngine(options.engine);
  const thresholds = parsed.map((tolerance) => thresholdOf(tolerance, matrix, dtypeOf(matrix)));
  const countable = thresholds.every((threshold) => threshold !== undefined);
  if (!engine.certifiedCounts || !countable || accuracy !== 'auto') {
    return spectrumAndRanks(matrix, tolerances, options).ranks;
  }
  if (rows * columns === 0) return emptyRanks(matrix, parsed, methodOfEmpty(options));
  return engine
    .certifiedCounts(matrix, thresholds)
    .map((count, i) => resultOf(count, rows, { rule: formatTolerance(parsed[i]!), ...closest(count) }));
}

/**
 * Returns the singular values of the matrix and its ranks at several tolerances, from one computation. The ranks are
 * certified as in `rank`; for `energy` and `srank`, which sum singular values, the error of each value is proved first.
 * If `auto` takes the Gram method and a rank stays open, the full method decides it. The full method also computes a
 * spectrum whose smallest value the Gram method loses in rounding. The spectrum does not depend on the tolerances.
 * @throws as `rank`.
 * @example
 * const { spectrum, ranks } = spectrumAndRanks(matrix, ['numpy', 'relative:0.01']);
 */
export function spectrumAndRanks(
  matrix: Matrix,
  tolerances: readonly ToleranceLike[],
  options: SpectrumOptions = {},
): { spectrum: Float64Array; ranks: RankResult[]; method: Method } {
  const { accuracy } = readSpectrumOptions(options);
  const parsed = parseTolerances(tolerances);
  const engine = resolveEngine(options.engine);
  checkShape(matrix);
  const { rows, columns } = matrix;
  if (rows * columns === 0) {
    const spectrum = new Float64Array(Math.min(rows, columns));
    const method = methodOfEmpty(options);
    return { spectrum, ranks: emptyRanks(matrix, parsed, method), method };
  }
  const dtype = dtypeOf(matrix);
  const thresholds = parsed.map((tolerance) => thresholdOf(tolerance, matrix, dtype));
  const known = thresholds.filter((threshold): threshold is Threshold => threshold !== undefined);
  const verify = known.length < parsed.length;
  const { spectrum, counts } = engine.spectrumAndCounts?.(matrix, known, { accuracy, verify }) ?? {
    spectrum: engine.singularValues(matrix, { accuracy }),
    counts: undefined,
  };
  const { values, method } = checkFinite(spectrum);
  let full: Spectrum | undefined;
  const finer = () => (full ??= engine.singularValues(matrix, { accuracy: 'full', verify }));
  const canBeFiner = method === 'gram' && (accuracy ?? 'auto') === 'auto';
  const ranks = resultsOf(spectrum, counts, parsed, matrix, dtype, canBeFiner ? finer : undefined);
  if (canBeFiner && !isResolved(spectrum, matrix)) return { spectrum: finer().values, ranks, method: 'full' };
  return { spectrum: values, ranks, method };
}

/**
 * Returns the singular values of all columns added to a `GramSum` and their ranks at several tolerances. It corresponds
 * to `spectrumAndRanks`, but A itself is not available. So a tolerance closer to a singular value than A Aᵀ resolves
 * (docs/numerics.md) gives an interval.
 *
 * @param dtype the precision for the rules `numpy`, `torch` and `matlab`; default: that of the data. Give it for
 * float32 data that was added as float64.
 * @param options `centred` counts A less the mean of each row, of a sum with `means`
 * @throws RangeError for an unknown or malformed tolerance, an unknown dtype, or `centred` of a sum without means
 * @example
 * spectrumAndRanksOfSum(new GramSum(64).addRows(positions), ['relative:0.001']).ranks[0].rankRatio;
 */
export function spectrumAndRanksOfSum(
  sum: GramSum,
  tolerances: readonly ToleranceLike[],
  dtype?: Dtype,
  options: CentredOption = {},
): { spectrum: Float64Array; ranks: RankResult[] } {
  const { centred } = readOptions(strict(centredOption), options);
  if (!(sum instanceof GramSum)) throw new TypeError(`invalid sum: ${typeof sum} (allowed: a GramSum)`);
  const precision = dtype ?? sum.dtype;
  checkDtype(precision);
  const { rows, columns } = sum;
  const shape = { rows, columns };
  const parsed = parseTolerances(tolerances);
  if (columns === 0) {
    const empty = new Float64Array();
    return { spectrum: empty, ranks: emptyRanks({ data: new Float32Array(), ...shape }, parsed, 'gram') };
  }
  const thresholds = parsed.map((tolerance) => thresholdOf(tolerance, shape, precision));
  const known = thresholds.filter((threshold): threshold is Threshold => threshold !== undefined);
  const { spectrum, counts } = sum.spectrumAndCounts(known, {
    verify: known.length < parsed.length,
    centred,
  });
  checkFinite(spectrum);
  return { spectrum: spectrum.values, ranks: resultsOf(spectrum, counts, parsed, shape, precision) };
}

/**
 * Returns the ranks at several tolerances, in their order, from known singular values. `matrix` gives its sizes and the
 * precision of its data. Nothing is proved.
 * @throws RangeError for a spectrum that is not descending, finite and >= 0 or not min(rows, columns) long, and
 * for an unknown dtype, or an unknown or malformed tolerance.
 * @example
 * ranksOfSpectrum([4, 3, 0.01], { rows: 3, columns: 5, dtype: 'float32' }, ['relative:0.01'])[0].rank; // 2
 */
export function ranksOfSpectrum(
  spectrum: SingularValues,
  matrix: MatrixShape & { readonly dtype: Dtype },
  tolerances: readonly ToleranceLike[],
): Omit<RankResult, 'method'>[] {
  checkSpectrum(spectrum);
  checkSizes(matrix);
  const { rows, columns, dtype } = matrix;
  checkDtype(dtype);
  if (spectrum.length !== Math.min(rows, columns)) {
    throw invalid('spectrum length', spectrum.length, `min(rows, columns) = ${Math.min(rows, columns)}`);
  }
  return parseTolerances(tolerances).map((tolerance) => {
    const { rule, absolute, rank } = applyTolerance(spectrum, matrix, dtype, tolerance);
    const { method: _, ...result } = resultOf(unproved(rank, 'full'), rows, {
      rule,
      absolute,
      lower: absolute,
      upper: absolute,
    });
    return result;
  });
}

/**
 * Returns the ranks at tolerances. Thresholds use certified counts; other rules use the singular values, or `finer`
 * ones if those leave a rank open.
 */
function resultsOf(
  spectrum: Spectrum,
  counts: readonly CertifiedCount[] | undefined,
  tolerances: readonly Tolerance[],
  shape: MatrixShape,
  dtype: Dtype,
  finer?: () => Spectrum,
): RankResult[] {
  let next = 0;
  return tolerances.map((tolerance) => {
    const { rule, absolute, rank } = applyTolerance(spectrum.values, shape, dtype, tolerance);
    const computed = { rule, absolute, lower: absolute, upper: absolute };
    const threshold = thresholdOf(tolerance, shape, dtype);
    if (!counts) {
      const count = unproved(rank, spectrum.method);
      // no singular value exceeds the largest: that needs no proof
      const certified = (threshold?.relative ?? 0) >= 1;
      return resultOf({ ...count, certified }, shape.rows, computed);
    }
    if (threshold === undefined) {
      const bounds = shareBounds(spectrum, tolerance, rank);
      if (bounds.certified || !finer) return resultOf(bounds, shape.rows, computed);
      return firstOf(resultsOf(finer(), [], [tolerance], shape, dtype));
    }
    const count = counts[next++]!;
    const { lower, upper } = count.tau;
    const enclosed = { rule, absolute: Math.min(upper, Math.max(lower, absolute)), lower, upper };
    return resultOf(count, shape.rows, enclosed);
  });
}

function resultOf(
  { rank, lower, upper, certified, method }: Omit<CertifiedCount, 'tau'>,
  rows: number,
  tolerance: RankResult['tolerance'],
): RankResult {
  return { rank, lower, upper, certified, rankRatio: rows === 0 ? 0 : rank / rows, tolerance, method };
}

/** Returns the count of an engine without proofs. */
function unproved(rank: number, method: Method): Omit<CertifiedCount, 'tau'> {
  return { rank, lower: rank, upper: rank, certified: false, method };
}

/** Returns the interval of a count's threshold and its middle. */
function closest({ tau }: CertifiedCount): { absolute: number; lower: number; upper: number } {
  const { lower, upper } = tau;
  return { absolute: lower === upper ? lower : lower / 2 + upper / 2, lower, upper };
}

/** An empty matrix has no singular values: rank 0 at every tolerance, and no proof is needed. */
function emptyRanks(matrix: Matrix, tolerances: readonly Tolerance[], method: Method): RankResult[] {
  return tolerances.map((tolerance) => {
    const { rule, absolute } = applyTolerance([], matrix, dtypeOf(matrix), tolerance);
    const count = { rank: 0, lower: 0, upper: 0, certified: true, method };
    return resultOf(count, matrix.rows, { rule, absolute, lower: absolute, upper: absolute });
  });
}

function methodOfEmpty({ accuracy, engine }: SpectrumOptions): Method {
  return accuracy === 'full' || engine === 'ml-matrix' ? 'full' : 'gram';
}
