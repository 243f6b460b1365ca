import { type Matrix } from '../matrix.js';
import { gamma, UNIT_ROUNDOFF } from './error-bounds.js';

/** Exceeds the sum of all underflowing products and squares, for entries of the order of 1. */
const UNDERFLOW = 2 ** -500;

/**
 * Returns a proved bound on the Frobenius distance of 2ᵉ A from matrices of at most the given rank. It also bounds the
 * singular values after that rank. The bound is the residual of A = C Q, computed to about twice the working precision
 * (docs/numerics.md, "Low-rank distance"). The factors come from a pivoted Gram-Schmidt process; the proof does not
 * depend on them.
 */
export function lowRankDistance(matrix: Matrix, rank: number, exponent: number): number {
  const a = shortVectors(matrix, 2 ** exponent);
  return residualBound(a, factors(a, rank));
}

/** Vectors one after another, row-major. */
interface Rows {
  readonly data: Float64Array;
  readonly count: number;
  readonly length: number;
}

/** Returns the vectors of the shorter side, scaled. */
function shortVectors({ data, rows, columns }: Matrix, scale: number): Rows {
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const out = new Float64Array(data.length);
  if (rows <= columns) for (let i = 0; i < data.length; i++) out[i] = data[i]! * scale;
  else
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]! * scale;
  return { data: out, count, length };
}

/** Returns C and Q with A ≈ C Q. Each step takes the longest remaining vector and subtracts its direction from all. */
function factors(a: Rows, rank: number): { c: Rows; q: Rows } {
  const { count, length } = a;
  const left = a.data.slice();
  const q = new Float64Array(rank * length);
  const c = new Float64Array(count * rank);
  const squares = new Float64Array(count);
  for (let i = 0; i < count; i++) squares[i] = dot(left, i * length, left, i * length, length);
  for (let k = 0; k < rank; k++) {
    const pivot = squares.indexOf(squares.reduce((max, square) => Math.max(max, square), 0));
    if (!(squares[pivot]! > 0)) break;
    const at = k * length;
    q.set(left.subarray(pivot * length, (pivot + 1) * length), at);
    for (let j = 0; j < k; j++) subtract(q, at, dot(q, at, q, j * length, length), q, j * length, length);
    const norm = Math.sqrt(dot(q, at, q, at, length));
    if (!(norm > 0)) break;
    for (let j = at; j < at + length; j++) q[j]! /= norm;
    for (let i = 0; i < count; i++) {
      const share = dot(left, i * length, q, at, length);
      c[i * rank + k] = share;
      squares[i] = subtract(left, i * length, share, q, at, length);
    }
  }
  return { c: { data: c, count, length: rank }, q: { data: q, count: rank, length } };
}

function dot(x: Float64Array, at: number, y: Float64Array, from: number, length: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a += x[at + i]! * y[from + i]!;
    b += x[at + i + 1]! * y[from + i + 1]!;
    c += x[at + i + 2]! * y[from + i + 2]!;
    d += x[at + i + 3]! * y[from + i + 3]!;
  }
  for (; i < length; i++) a += x[at + i]! * y[from + i]!;
  return a + b + (c + d);
}

/** x -= factor y; returns the squared norm of the new x. */
function subtract(
  x: Float64Array,
  at: number,
  factor: number,
  y: Float64Array,
  from: number,
  length: number,
): number {
  let square = 0;
  for (let i = 0; i < length; i++) {
    const left = x[at + i]! - factor * y[from + i]!;
    x[at + i] = left;
    square += left * left;
  }
  return square;
}

/**
 * Bounds ‖A - C Q‖_F. C = C₁ + C₂ and Q = Q₁ + Q₂ are split exactly, C₁ and Q₁ short enough for C₁Q₁ to be summed
 * without rounding; the rest is smaller by their bits, and so are its rounding errors.
 */
function residualBound(a: Rows, { c, q }: { c: Rows; q: Rows }): number {
  const { count, length } = a;
  const rank = q.count;
  const bits = Math.floor((53 - Math.ceil(Math.log2(Math.max(1, rank)))) / 2);
  const top = powerAbove(q.data, 0, q.data.length);
  const q1 = split(q.data, 0, q.data.length, top, bits);
  const q2 = q.data.map((value, i) => value - q1[i]!);
  const exact = new Float64Array(length);
  const small = new Float64Array(length);
  let [rest, difference, sums, tops] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const own = powerAbove(c.data, i * rank, rank);
    const c1 = split(c.data, i * rank, rank, own, bits);
    exact.fill(0);
    small.fill(0);
    let sum = 0;
    for (let k = 0; k < rank; k += 2) {
      // two at a time; the second of an odd number is multiplied by zero
      const [at, next] = [k * length, Math.min(k + 1, rank - 1) * length];
      const [head, head2] = [c1[k]!, k + 1 < rank ? c1[k + 1]! : 0];
      const [tail, tail2] = [
        c.data[i * rank + k]! - head,
        k + 1 < rank ? c.data[i * rank + k + 1]! - head2 : 0,
      ];
      sum += Math.abs(head) + Math.abs(head2);
      for (let j = 0; j < length; j++) {
        exact[j]! += head * q1[at + j]! + head2 * q1[next + j]!;
        small[j]! +=
          head * q2[at + j]! + tail * q.data[at + j]! + (head2 * q2[next + j]! + tail2 * q.data[next + j]!);
      }
    }
    for (let j = 0; j < length; j++) {
      const d = a.data[i * length + j]! - exact[j]!;
      const r = d - small[j]!;
      difference += d * d;
      rest += r * r;
    }
    sums += sum * sum;
    tops += own * own;
  }
  const columnSums = new Float64Array(length);
  for (let k = 0; k < rank; k++)
    for (let j = 0; j < length; j++) columnSums[j]! += Math.abs(q.data[k * length + j]!);
  const columns = columnSums.reduce((total, x) => total + x * x, 0);
  const unit = 2 ** -bits;
  const rounded = gamma(2 * rank + 4) * unit * (top * Math.sqrt(length * sums) + Math.sqrt(tops * columns));
  const bound = Math.sqrt(rest) + 4 * UNIT_ROUNDOFF * (Math.sqrt(rest) + Math.sqrt(difference)) + rounded;
  return bound < Infinity ? bound * (1 + gamma(2 * count * length + 64)) + UNDERFLOW : Infinity;
}

/** Returns a power of two of at least the largest magnitude; 0 for zeros. */
function powerAbove(data: Float64Array, at: number, length: number): number {
  let largest = 0;
  for (let i = at; i < at + length; i++) largest = Math.max(largest, Math.abs(data[i]!));
  if (largest === 0) return 0;
  const power = 2 ** Math.ceil(Math.log2(largest));
  return power < largest ? 2 * power : power;
}

/** Returns the numbers rounded to multiples of top 2^-bits. */
function split(data: Float64Array, at: number, length: number, top: number, bits: number): Float64Array {
  // doubles near `shift` are spaced by that multiple
  const shift = 1.5 * 2 ** (52 - bits) * top;
  return data.slice(at, at + length).map((value) => value + shift - shift);
}
