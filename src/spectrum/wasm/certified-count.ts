import type { CertifiedCount, Interval, Threshold } from '../engine.js';
import { checkShape, type Matrix } from '../matrix.js';
import { bidiagonalisationBound, sturmBound, triangularBound } from './error-bounds.js';
import { countByDistance } from './count-by-distance.js';
import { exactCount, exactCountBelowLargest } from './exact-count.js';
import { type Bidiagonal, bidiagonalOf, interleaved } from './full-reduction.js';
import { GramAccumulator } from './gram/gram-accumulator.js';
import { GramInertia, inertiaWorkBytes } from './gram/gram-inertia.js';
import type { GramMatrix } from './gram/gram-matrix.js';
import { tridiagonalOf } from './gram/gram-spectrum.js';
import type { KernelInstance } from '../../kernels/kernel-instance.js';
import { QuantisedGram } from './gram/quantised-gram.js';
import { checkThreshold, ScaledThreshold } from './scaled-threshold.js';
import {
  countTridiagonal,
  frobeniusNorm,
  largestEigenvalue,
  type TridiagonalForm,
} from './tridiagonal-count.js';
import { reductionBound } from './tridiagonal-reduction.js';

/** The rounded copy is tried from this size on; below, it saves nothing or seldom proves anything. */
const QUICK_SIZE = 64;
const QUICK_RATIO = 1.5;
/**
 * Maximum number of thresholds counted by inertia (one or two factorisations each); more share one tridiagonal form.
 */
const MAX_BY_INERTIA = 3;
/** An enclosure of σ₁² wider than this is refined. */
const FAR = 2 ** -20;

/**
 * Returns the number of singular values above a threshold, exactly or as a proved interval. Three methods are tried,
 * each slower and finer than the last: inertia counts of the Gram matrix, Sturm counts of its tridiagonal form, Sturm
 * counts of the bidiagonal form of the matrix itself (docs/numerics.md, "Certified rank").
 *
 * @throws RangeError for a negative or NaN threshold, an entry that is not finite, or unavailable memory
 */
export function certifiedCount(
  instance: KernelInstance,
  matrix: Matrix,
  threshold: Threshold,
): CertifiedCount {
  checkShape(matrix);
  checkThreshold(threshold);
  const size = Math.min(matrix.rows, matrix.columns);
  if (size === 0) return zero(threshold);
  const quick = countQuickly(instance, matrix, threshold);
  if (quick?.certified) return quick;
  const gram = gramOf(instance, matrix, size);
  const byGram = countGram(new GramInertia(instance, gram), instance, gram, threshold, quick?.lower);
  return byGram.certified ? byGram : countFinely(bidiagonalOf(instance, matrix), matrix, threshold, byGram);
}

/**
 * `certifiedCount` for several thresholds of one matrix, which share the Gram matrix and the other forms. Up to three
 * are counted by inertia, more by Sturm counts of the tridiagonal form, which costs as much as four inertia counts.
 */
export function certifiedCounts(
  instance: KernelInstance,
  matrix: Matrix,
  thresholds: readonly Threshold[],
): CertifiedCount[] {
  if (thresholds.length < 2)
    return thresholds.map((threshold) => certifiedCount(instance, matrix, threshold));
  checkShape(matrix);
  thresholds.forEach(checkThreshold);
  const size = Math.min(matrix.rows, matrix.columns);
  if (size === 0) return thresholds.map(zero);
  const gram = gramOf(instance, matrix, size);
  const inertia = new GramInertia(instance, gram);
  const form = thresholds.length > MAX_BY_INERTIA ? tridiagonalForm(inertia, instance, gram) : undefined;
  const byGram = thresholds.map((threshold) => {
    const count = form === undefined ? undefined : countForm(form, gram, threshold);
    return count?.certified ? count : countGram(inertia, instance, gram, threshold);
  });
  if (byGram.every((count) => count.certified)) return byGram;
  const bidiagonal = bidiagonalOf(instance, matrix);
  return byGram.map((count, i) =>
    count.certified ? count : countFinely(bidiagonal, matrix, thresholds[i]!, count),
  );
}

/**
 * Returns the Gram matrix of a matrix's smaller side, followed by work space. By default the space suffices for every
 * reduction.
 */
export function gramOf(
  instance: KernelInstance,
  matrix: Matrix,
  size: number,
  workBytes: number = inertiaWorkBytes(size),
): GramAccumulator {
  const gram = new GramAccumulator(instance, size, workBytes, purposeOf(matrix));
  if (matrix.rows <= matrix.columns) gram.addColumns(matrix);
  else gram.addRows(matrix);
  return gram;
}

/**
 * Proves a lower bound from a quantised copy of the matrix; it can certify only full rank. Undefined if nothing is
 * proved. Only tried on shapes whose random matrices are well conditioned.
 */
function countQuickly(
  instance: KernelInstance,
  matrix: Matrix,
  threshold: Threshold,
): CertifiedCount | undefined {
  const size = Math.min(matrix.rows, matrix.columns);
  if (size < QUICK_SIZE || Math.max(matrix.rows, matrix.columns) < QUICK_RATIO * size) return undefined;
  if ((threshold.relative ?? 0) >= 1) return undefined;
  const gram = QuantisedGram.of(instance, matrix, inertiaWorkBytes(size), purposeOf(matrix));
  if (gram === undefined) return undefined;
  const inertia = new GramInertia(instance, gram);
  const { lower, upper } = inertia.largestEigenvalueRoughly();
  const tau = new ScaledThreshold(threshold, gram.exponent).tau({
    lower: Math.max(0, Math.sqrt(lower) * (1 - 2 ** -50) - gram.distance),
    upper: Math.sqrt(upper) * (1 + 2 ** -50) + gram.distance,
  });
  const square = (tau.upper + gram.distance) ** 2 * (1 + 2 ** -48);
  if (!(square < inertia.frobenius)) return undefined;
  const count = inertia.atLeastAbove(square);
  return count === undefined ? undefined : verdict(count, count, size, tau, 'gram');
}

/**
 * Counts the singular values above a threshold from a Gram matrix alone. `inertia` keeps a copy of the matrix and
 * restores it afterwards. `known` is a lower bound proved before; the rank is then not expected to be full.
 */
export function countGram(
  inertia: GramInertia,
  instance: KernelInstance,
  gram: GramMatrix,
  threshold: Threshold,
  known?: number,
): CertifiedCount {
  const { size } = gram;
  const scaled = new ScaledThreshold(threshold, gram.exponent ?? 0);
  if (inertia.frobenius === 0) return zero(threshold);
  const unbounded = { lower: 0, upper: 0 };
  const largest = scaled.isRelative ? inertia.largestEigenvalue() : unbounded;
  const quick = countInertia(inertia, largest, scaled, size, known);
  if (quick?.certified) return quick;
  // below the error of the Gram matrix only the matrix itself can decide
  if (quick !== undefined && scaled.squared(largest).upper <= inertia.gramError) return quick;
  // next, both ends of a tighter threshold; if a factorisation was not accurate enough, another reduction
  if (quick !== undefined && largest.upper > largest.lower * (1 + FAR)) {
    const close = countInertia(inertia, inertia.largestEigenvalueClosely(), scaled, size);
    if (close !== undefined) return best(quick, close);
  }
  const form = countForm(tridiagonalForm(inertia, instance, gram), gram, threshold);
  return quick === undefined ? form : best(quick, form);
}

function tridiagonalForm(inertia: GramInertia, instance: KernelInstance, gram: GramMatrix): TridiagonalForm {
  const tridiagonal = tridiagonalOf(instance, inertia.lend());
  const norm = frobeniusNorm(tridiagonal) * (1 + 1e-4);
  const error = inertia.gramError + reductionBound(gram.size, norm) + sturmBound(norm);
  return { tridiagonal, norm, error };
}

/** Counts from a Gram matrix's tridiagonal form. */
export function countForm(
  { tridiagonal, norm, error }: TridiagonalForm,
  gram: Pick<GramMatrix, 'exponent' | 'size'>,
  threshold: Threshold,
): CertifiedCount {
  const scaled = new ScaledThreshold(threshold, gram.exponent ?? 0);
  const largest = scaled.isRelative ? largestEigenvalue(tridiagonal, norm, error) : { lower: 0, upper: 0 };
  const square = scaled.squared(largest);
  const tau = scaled.unscaled(rootsOf(square));
  if (scaled.coversAll(largest, square)) return verdict(0, 0, 0, tau, 'gram');
  const counts = countTridiagonal(tridiagonal, square, error, gram.size);
  return verdict(counts.estimate, counts.lower, counts.upper, tau, 'gram');
}

/**
 * Decides by inertia a count that Sturm counts of the tridiagonal form left open. That form encloses σ₁² tightly, and
 * ends it already proved need no factorisation.
 */
export function countNear(
  inertia: GramInertia,
  { tridiagonal, norm, error }: TridiagonalForm,
  { exponent, size }: Pick<GramMatrix, 'exponent' | 'size'>,
  threshold: Threshold,
  open: CertifiedCount,
): CertifiedCount {
  const scaled = new ScaledThreshold(threshold, exponent ?? 0);
  const largest = scaled.isRelative ? largestEigenvalue(tridiagonal, norm, error) : { lower: 0, upper: 0 };
  const square = scaled.squared(largest);
  const lower = open.rank === open.lower ? open.lower : inertia.atLeastAbove(square.upper);
  const upper = open.rank === open.upper ? open.upper : inertia.atMostAbove(square.lower);
  return verdict(
    open.rank,
    Math.max(open.lower, lower ?? 0),
    Math.min(open.upper, upper ?? size),
    open.tau,
    'gram',
  );
}

/**
 * Counts by inertia, for σ₁² in the given interval; undefined if inertia cannot decide. `known` is a lower bound found
 * before.
 */
function countInertia(
  inertia: GramInertia,
  largest: Interval,
  scaled: ScaledThreshold,
  size: number,
  known?: number,
): CertifiedCount | undefined {
  const square = scaled.squared(largest);
  const tau = scaled.unscaled(rootsOf(square));
  if (square.lower > inertia.frobenius || scaled.coversAll(largest, square))
    return verdict(0, 0, 0, tau, 'gram');
  const lower = known ?? inertia.atLeastAbove(square.upper);
  if (lower === undefined) return undefined;
  if (lower === size) return verdict(size, size, size, tau, 'gram');
  const upper = inertia.atMostAbove(square.lower);
  return upper === undefined ? undefined : verdict(lower, lower, upper, tau, 'gram');
}

/**
 * Refines a coarse count with the matrix's bidiagonal form. If the count is still open, the distance from a matrix of
 * the computed rank may close it, and a small matrix is counted exactly.
 */
export function countFinely(
  bidiagonal: Bidiagonal,
  matrix: Matrix,
  threshold: Threshold,
  coarse?: CertifiedCount,
): CertifiedCount {
  const full = countFull(bidiagonal, threshold);
  const bySturm = coarse ? best(coarse, full) : full;
  if (bySturm.certified) return bySturm;
  const count = countByDistance(bidiagonal, matrix, bySturm);
  if (count.certified) return count;
  const { absolute = 0, relative = 0, rule } = threshold;
  const isExact = relative === 0 && rule === undefined;
  // the ends of an interval of subnormal numbers are rounded
  if (!isExact && count.tau.lower < SMALLEST_END) return count;
  const exact = exactCount(matrix, isExact ? { lower: absolute, upper: absolute } : count.tau);
  if (exact === undefined) return count;
  const isMultiple = exact.lower < exact.upper && rule === undefined && absolute === 0;
  const tie = isMultiple ? exactCountBelowLargest(matrix, relative, count.tau) : undefined;
  return verdict(count.rank, tie ?? exact.lower, tie ?? exact.upper, count.tau, 'full');
}

const SMALLEST_END = 1e-290;

/** Counts from the matrix's bidiagonal form. */
function countFull(bidiagonal: Bidiagonal, threshold: Threshold): CertifiedCount {
  const { exponent, columns, steps, frobenius } = bidiagonal;
  const size = bidiagonal.diagonal.length;
  const norm = Math.sqrt(frobenius) * (1 + 1e-8);
  const error = bidiagonalisationBound(size, columns, norm) + triangularBound(steps, norm) + sturmBound(norm);
  const tridiagonal = interleaved(bidiagonal);
  const scaled = new ScaledThreshold(threshold, exponent);
  const largest = scaled.isRelative ? largestEigenvalue(tridiagonal, norm, error) : { lower: 0, upper: 0 };
  const tau = scaled.tau(largest);
  if (scaled.coversAll(largest, tau)) return verdict(0, 0, 0, scaled.unscaled(tau), 'full');
  const counts = countTridiagonal(tridiagonal, tau, error, size);
  return verdict(counts.estimate, counts.lower, counts.upper, scaled.unscaled(tau), 'full');
}

function rootsOf({ lower, upper }: Interval): Interval {
  return { lower: Math.sqrt(lower), upper: Math.sqrt(upper) };
}

/** Returns the count; the estimate `guess` is clamped to the proved interval. */
function verdict(
  guess: number,
  lower: number,
  upper: number,
  tau: Interval,
  method: 'gram' | 'full',
): CertifiedCount {
  return {
    rank: Math.min(upper, Math.max(lower, guess)),
    lower,
    upper,
    certified: lower === upper,
    tau,
    method,
  };
}

/** Returns the count of an empty or zero matrix: no singular value exceeds a threshold. */
function zero({ absolute = 0, rule }: Threshold): CertifiedCount {
  const tau = rule === undefined ? absolute : rule(0);
  return verdict(0, 0, 0, { lower: tau, upper: tau }, 'gram');
}

/** Intersects two proved intervals; keeps the finer estimate. */
function best(coarse: CertifiedCount, fine: CertifiedCount): CertifiedCount {
  const lower = Math.max(coarse.lower, fine.lower);
  const upper = Math.min(coarse.upper, fine.upper);
  return verdict(fine.rank, lower, upper, fine.tau, fine.method);
}

function purposeOf({ rows, columns }: Matrix): string {
  return `a ${rows} x ${columns} matrix`;
}
