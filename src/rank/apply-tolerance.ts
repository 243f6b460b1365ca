import { exponentOf } from '../spectrum/power-of-two.js';
import type { Threshold } from '../spectrum/engine.js';
import type { Dtype } from '../spectrum/matrix.js';
import type { SingularValues } from './spectrum.js';
import { formatTolerance, parseTolerance, type Tolerance, type ToleranceLike } from './tolerance.js';

/** The sizes of a matrix, which some tolerances depend on. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
}

/** The result of a tolerance on one spectrum. */
export interface AppliedTolerance {
  /** The tolerance as written. */
  readonly rule: string;
  /** The threshold in the unit of the matrix: the rank counts the singular values above it. */
  readonly absolute: number;
  readonly rank: number;
}

/** The distance from 1 to the next number: numpy's `finfo(dtype).eps`. */
const epsilon = { float32: 2 ** -23, float64: 2 ** -52 } as const;
/** The exponent of the smallest subnormal number, which bounds the spacing from below. */
const smallestExponent = { float32: -149, float64: -1074 } as const;

/**
 * Returns the rule as written, the threshold and the rank of a spectrum at a tolerance. Only this function decides
 * which singular values count as zero; `Tolerance` gives the formulas.
 *
 * `energy` and `srank` count k values directly; their `absolute` is then halfway between sigma_k and sigma_{k+1} (0
 * after the last), so that counting sigma > absolute gives k again. If sigma_k = sigma_{k+1}, no threshold separates
 * the two: `absolute` is that value and the rank is still k. Sums are scaled by sigma_1, so they neither over- nor
 * underflow; whether a sum that equals its share exactly counts is left to rounding.
 *
 * A spectrum of zeros and an empty one have rank 0. The spectrum must be descending (`checkSpectrum`).
 * @throws RangeError for a malformed tolerance.
 * @example
 * applyTolerance([4, 3, 1e-9], { rows: 3, columns: 3 }, 'float32', 'numpy');
 * // { rule: 'numpy', absolute: 0.0000014305114746, rank: 2 }
 */
export function applyTolerance(
  spectrum: SingularValues,
  shape: MatrixShape,
  dtype: Dtype,
  tolerance: ToleranceLike,
): AppliedTolerance {
  const parsed = parseTolerance(tolerance);
  const rule = formatTolerance(parsed);
  if (parsed.name === 'energy' || parsed.name === 'srank') {
    const rank = parsed.name === 'energy' ? head(spectrum, 2, parsed.p) : head(spectrum, 1, 1 - parsed.d);
    return { rule, absolute: between(spectrum[rank - 1] ?? 0, spectrum[rank] ?? 0), rank };
  }
  const absolute = evaluate(thresholdOf(parsed, shape, dtype)!, spectrum[0] ?? 0);
  return { rule, absolute, rank: countAbove(spectrum, absolute) };
}

/**
 * Returns the threshold of a tolerance as a rule on the largest singular value. An engine can count above it. Undefined
 * for `energy` and `srank`, which need all singular values.
 */
export function thresholdOf(tolerance: Tolerance, shape: MatrixShape, dtype: Dtype): Threshold | undefined {
  const size = Math.max(shape.rows, shape.columns);
  switch (tolerance.name) {
    case 'numpy':
      return { relative: size * epsilon[dtype] };
    case 'torch': {
      const absolute = tolerance.atol ?? 0;
      return { absolute, relative: tolerance.rtol ?? (absolute > 0 ? 0 : size * epsilon[dtype]) };
    }
    case 'matlab':
      return { rule: (largest) => size * spacing(largest, dtype) };
    case 'relative':
      return { relative: tolerance.r };
    case 'absolute':
      return { absolute: tolerance.t };
    default:
      return undefined;
  }
}

function evaluate({ absolute = 0, relative = 0, rule }: Threshold, largest: number): number {
  return rule ? rule(largest) : Math.max(absolute, relative * largest);
}

/** Returns the distance from x to the next larger number of the dtype: MATLAB's `eps(x)`. */
function spacing(x: number, dtype: Dtype): number {
  const single = Math.fround(x);
  const exponent = exponentOf(dtype === 'float32' && single < Infinity ? single : x);
  return epsilon[dtype] * 2 ** Math.max(exponent, smallestExponent[dtype] - Math.log2(epsilon[dtype]));
}

/** Returns the number of values in the descending spectrum that exceed the threshold. */
function countAbove(spectrum: SingularValues, threshold: number): number {
  let low = 0;
  let high = spectrum.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spectrum[middle]! > threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the smallest k with sum_{i<=k} sigma_i^power >= share of the whole sum. */
function head(spectrum: SingularValues, power: 1 | 2, share: number): number {
  const nonzero = countAbove(spectrum, 0);
  // With share 1, values lost to rounding in the sum count too.
  if (nonzero === 0 || share === 1) return nonzero;
  const sums = new Float64Array(nonzero);
  let sum = 0;
  for (let i = 0; i < nonzero; i++) {
    sum += (spectrum[i]! / spectrum[0]!) ** power;
    sums[i] = sum;
  }
  return sums.findIndex((partial) => partial >= share * sum) + 1;
}

/** Returns a number t with low <= t < high, halfway if floating point allows; high if high = low. */
function between(high: number, low: number): number {
  const middle = high / 2 + low / 2;
  return middle < high ? middle : low;
}
