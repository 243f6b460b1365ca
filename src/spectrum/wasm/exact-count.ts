import type { Interval } from '../engine.js';
import type { Matrix } from '../matrix.js';

/** Maximum number of entries. */
const MAX_ENTRIES = 2048;
const MAX_SIZE = 24;
/** Maximum cost of n⁴ multiplications of integers of up to n bits(M) bits each: about 80 ms. */
const MAX_WORK = 1e12;

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
  const { data, rows, columns } = matrix;
  if (data.length > MAX_ENTRIES || Math.min(rows, columns) > MAX_SIZE) return undefined;
  if (!Number.isFinite(upper)) return undefined;
  const { gram, unit } = gramOf(matrix);
  const above = (tau: number) => {
    const shifted = lessSquare(gram, unit, tau);
    return shifted && positiveEigenvalues(shifted);
  };
  const min = above(upper);
  const max = lower === upper ? min : above(lower);
  return min === undefined || max === undefined ? undefined : { lower: min, upper: max };
}

/** A float as integer · 2^exponent, the integer odd; zero as 0 · 2^0. */
function partsOf(x: number): { integer: bigint; exponent: number } {
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

/** The Gram matrix of the smaller side, in units of 2^unit. */
function gramOf({ data, rows, columns }: Matrix): { gram: bigint[][]; unit: number } {
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
  return { gram, unit: 2 * lowest };
}

/** Returns G - tau² I in a unit that makes both integers; undefined if they have too many bits. */
function lessSquare(gram: readonly bigint[][], unit: number, tau: number): bigint[][] | undefined {
  const { integer, exponent } = partsOf(tau);
  const common = integer ? Math.min(unit, 2 * exponent) : unit;
  const [up, size] = [BigInt(unit - common), gram.length];
  const square = (integer * integer) << BigInt(integer ? 2 * exponent - common : 0);
  const largest = gram.reduce((max, row, i) => (row[i]! > max ? row[i]! : max), square >> up) << up;
  if (size ** 4 * (size * largest.toString(16).length * 4) ** 2 > MAX_WORK) return undefined;
  return gram.map((row, i) => row.map((value, j) => (value << up) - (i === j ? square : 0n)));
}

/** The positive eigenvalues of a symmetric matrix of integers. */
function positiveEigenvalues(a: readonly bigint[][]): number {
  const n = a.length;
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
  return changes;
}

function times(a: readonly bigint[][], b: readonly bigint[][]): bigint[][] {
  return a.map((row) => row.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0n)));
}
