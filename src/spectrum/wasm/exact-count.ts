import type { Interval } from '../engine.js';
import type { Matrix } from '../matrix.js';

/** Maximum number of entries. */
const MAX_ENTRIES = 2048;
const MAX_SIZE = 24;
/** Maximum cost of n⁴ multiplications of integers of up to n bits(M) bits each: about 80 ms. */
const MAX_WORK = 1e12;
/** Maximum number of integers that are tried as the largest eigenvalue. */
const MAX_TRIALS = 4;

/**
 * Returns the bounds of the count of a small matrix in exact arithmetic, for a threshold in [lower, upper]. This
 * decides cases that rounding cannot, such as whether a matrix of integers is singular. Every float is an integer times
 * a power of two, so M = A Aᵀ - tau² I is a matrix of integers in a suitable unit. Its eigenvalues are real, so the
 * number of positive ones is the number of sign changes among the coefficients of its characteristic polynomial
 * (Descartes' rule, exact when all roots are real). The coefficients come from the algorithm of Faddeev and LeVerrier,
 * whose divisions are exact.
 *
 * Undefined if the matrix is too large, or if its entries and the threshold differ too much in size.
 */
export function exactCount(matrix: Matrix, { lower, upper }: Interval): Interval | undefined {
  if (isTooLarge(matrix) || !Number.isFinite(upper)) return undefined;
  const { gram, unit } = gramOf(matrix);
  const above = (tau: number) => {
    const { integer, exponent } = partsOf(tau);
    return positiveEigenvalues(gram, { integer: integer * integer, exponent: 2 * exponent - unit })?.count;
  };
  const min = above(upper);
  const max = lower === upper ? min : above(lower);
  return min === undefined || max === undefined ? undefined : { lower: min, upper: max };
}

/**
 * Returns the count of a small matrix above `relative` times σ₁, which a singular value may equal. This needs σ₁² as an
 * exact number: it is tried whether it is the square of an entry or an integer in the unit of A Aᵀ, as any rational one
 * is.
 *
 * @param relative a number in (0, 1)
 * @param tau encloses the threshold
 * @returns undefined if σ₁² is none of these, or as `exactCount`
 */
export function exactCountBelowLargest(matrix: Matrix, relative: number, tau: Interval): number | undefined {
  if (isTooLarge(matrix) || !Number.isFinite(tau.upper / relative)) return undefined;
  const { gram, unit, entries } = gramOf(matrix);
  const squareOf = (x: number) => {
    const { integer, exponent } = partsOf(x);
    const shift = 2 * exponent - unit;
    return shift >= 0 ? (integer * integer) << BigInt(shift) : (integer * integer) >> BigInt(-shift);
  };
  // the quotients are rounded
  const low = squareOf((tau.lower / relative) * (1 - 2 ** -51));
  const high = squareOf((tau.upper / relative) * (1 + 2 ** -51)) + 1n;
  const few = high - low < MAX_TRIALS ? Array.from({ length: MAX_TRIALS }, (_, k) => low + BigInt(k)) : [];
  const trials = new Set([...few, ...entries.map((entry) => entry * entry)]);
  const r = partsOf(relative);
  for (const square of trials) {
    if (square < low || square > high) continue;
    const beyond = positiveEigenvalues(gram, { integer: square, exponent: 0 });
    if (beyond === undefined) return undefined;
    if (beyond.count > 0 || !beyond.isSingular) continue; // not the largest eigenvalue, or none
    return positiveEigenvalues(gram, { integer: r.integer * r.integer * square, exponent: 2 * r.exponent })
      ?.count;
  }
  return undefined;
}

const isTooLarge = ({ data, rows, columns }: Matrix) =>
  data.length > MAX_ENTRIES || Math.min(rows, columns) > MAX_SIZE;

interface Dyadic {
  readonly integer: bigint;
  readonly exponent: number;
}

/** A float as integer · 2^exponent, the integer odd; zero as 0 · 2^0. */
function partsOf(x: number): Dyadic {
  if (x === 0) return { integer: 0n, exponent: 0 };
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const word = bits.getBigUint64(0);
  const biased = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const integer = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const zeros = (integer & -integer).toString(2).length - 1;
  const odd = integer >> BigInt(zeros);
  return { integer: x < 0 ? -odd : odd, exponent: Math.max(biased, 1) - 1075 + zeros };
}

/** The Gram matrix of the smaller side in units of 2^unit, and the entries in units of 2^(unit / 2). */
function gramOf({ data, rows, columns }: Matrix): { gram: bigint[][]; unit: number; entries: bigint[] } {
  const parts = Array.from(data, partsOf);
  const lowest = parts.reduce((min, { integer, exponent }) => (integer ? Math.min(min, exponent) : min), 0);
  const entries = parts.map(({ integer, exponent }) => (integer ? integer << BigInt(exponent - lowest) : 0n));
  const wide = rows <= columns;
  const [size, length] = wide ? [rows, columns] : [columns, rows];
  const entry = (i: number, k: number) => entries[wide ? i * columns + k : k * columns + i]!;
  const gram = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      let sum = 0n;
      for (let k = 0; k < length; k++) sum += entry(i, k) * entry(j, k);
      return sum;
    }),
  );
  return { gram, unit: 2 * lowest, entries };
}

/**
 * Returns how many eigenvalues of a symmetric matrix of integers are above a number, and whether one equals it.
 * Undefined if the integers have too many bits.
 */
function positiveEigenvalues(
  gram: readonly bigint[][],
  { integer, exponent }: Dyadic,
): { readonly count: number; readonly isSingular: boolean } | undefined {
  // in a unit in which both are integers
  const [up, over] = [BigInt(Math.max(0, -exponent)), BigInt(Math.max(0, exponent))];
  const [n, shift] = [gram.length, integer << over];
  const largest = gram.reduce((max, row, i) => (row[i]! > max ? row[i]! : max), shift >> up) << up;
  if (n ** 4 * (n * largest.toString(16).length * 4) ** 2 > MAX_WORK) return undefined;
  const a = gram.map((row, i) => row.map((value, j) => (value << up) - (i === j ? shift : 0n)));
  let changes = 0;
  let last = 1n;
  let coefficient = 1n;
  // M A of the previous step, plus the coefficient times A
  let product = a.map((row) => row.map(() => 0n));
  for (let k = 1; k <= n; k++) {
    const m = product.map((row, i) => row.map((value, j) => (i === j ? value + coefficient : value)));
    product = times(a, m);
    coefficient = -product.reduce((sum, row, i) => sum + row[i]!, 0n) / BigInt(k);
    if (coefficient === 0n) continue;
    if (coefficient > 0n !== last > 0n) changes++;
    last = coefficient;
  }
  return { count: changes, isSingular: coefficient === 0n };
}

function times(a: readonly bigint[][], b: readonly bigint[][]): bigint[][] {
  return a.map((row) => row.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0n)));
}
