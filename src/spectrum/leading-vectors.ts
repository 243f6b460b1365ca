import { Matrix as MlMatrix, SVD } from 'ml-matrix';
import type { Matrix } from './matrix.js';

/** The leading singular vectors of a matrix. */
export interface LeadingVectors {
  /** The largest singular values, descending. */
  readonly values: Float64Array;
  /** Left vectors, one after another, `rows` numbers each; right ones have `columns` numbers. */
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** A residual below this share of the largest singular value counts as converged. */
const CONVERGED = 1e-8;
/** A coefficient below this share of the largest ends a Krylov space; another one begins. */
const BREAKDOWN = 1e-13;
/** Found values agree with known ones within this share of the largest. */
const AGREES = 1e-6;

/**
 * Returns the `count` leading singular vectors of both sides, by the bidiagonalisation of Golub and Kahan (1965) with
 * full reorthogonalisation. It extends its space until the residuals are below 1e-8 of the largest value.
 *
 * One starting vector sees one vector of a multiple singular value; the space also grows until the values are those of
 * `known`, the spectrum from elsewhere. Memory: two vectors per step, mostly a few times `count` steps.
 */
export function leadingVectors(matrix: Matrix, count: number, known?: ArrayLike<number>): LeadingVectors {
  const { rows, columns } = matrix;
  // the side that begins is complete after as many steps as it is long
  const isWide = rows < columns;
  const [long, short] = isWide ? [columns, rows] : [rows, columns];
  const [toLong, toShort] = isWide ? [transposedTimes, times] : [times, transposedTimes];
  const max = Math.min(rows, columns);
  const wanted = Math.min(count, max);
  const [longs, shorts]: [Float64Array[], Float64Array[]] = [[], []];
  const [diagonal, above]: [number[], number[]] = [[], []];
  let next = orthonormal(fresh(short, 0), shorts, 0)!.vector;
  let scale = 0;
  for (let check = Math.min(max, 2 * wanted + 8); ;) {
    while (longs.length < check) {
      const step = longs.length;
      shorts.push(next);
      const x = toLong(matrix, next);
      subtract(x, longs.at(-1), above[step - 1] ?? 0);
      const ahead = orthonormal(x, longs, BREAKDOWN * scale);
      diagonal.push(ahead?.norm ?? 0);
      longs.push(ahead?.vector ?? another(long, longs));
      scale = Math.max(scale, diagonal[step]!);
      if (longs.length === max) {
        above.push(0);
        break;
      }
      const y = toShort(matrix, longs[step]!);
      subtract(y, next, diagonal[step]!);
      const back = orthonormal(y, shorts, BREAKDOWN * scale);
      above.push(back?.norm ?? 0);
      next = back?.vector ?? another(short, shorts);
      scale = Math.max(scale, above[step]!);
    }
    const { values, u, v } = bidiagonalVectors(diagonal, above);
    const size = diagonal.length;
    const limit = CONVERGED * (values[0] ?? 0);
    const converged = values
      .slice(0, wanted)
      .every(
        (value, i) =>
          above[size - 1]! * Math.abs(u.get(size - 1, i)) <= limit &&
          (known === undefined || Math.abs(value - known[i]!) <= AGREES * known[0]!),
      );
    if (converged || size === max)
      return {
        values: Float64Array.from(values.slice(0, wanted)),
        left: isWide ? combined(shorts, v, wanted, rows) : combined(longs, u, wanted, rows),
        right: isWide ? combined(longs, u, wanted, columns) : combined(shorts, v, wanted, columns),
      };
    check = Math.min(max, Math.ceil(1.5 * check));
  }
}

/** Singular vectors of an upper bidiagonal matrix, values descending. */
function bidiagonalVectors(diagonal: readonly number[], above: readonly number[]) {
  const size = diagonal.length;
  const b = new MlMatrix(size, size);
  for (let i = 0; i < size; i++) {
    b.set(i, i, diagonal[i]!);
    if (i + 1 < size) b.set(i, i + 1, above[i]!);
  }
  const svd = new SVD(b);
  return { values: svd.diagonal, u: svd.leftSingularVectors, v: svd.rightSingularVectors };
}

/** Returns the first columns of `basis` times `factors`, one after another. */
function combined(
  basis: readonly Float64Array[],
  factors: MlMatrix,
  count: number,
  length: number,
): Float64Array {
  const out = new Float64Array(count * length);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < basis.length; j++)
      subtract(out.subarray(i * length, (i + 1) * length), basis[j], -factors.get(j, i));
  return out;
}

/** Returns the unit vector left after two projections, and its norm; undefined for a norm of at most `floor`. */
function orthonormal(
  vector: Float64Array,
  basis: readonly Float64Array[],
  floor: number,
): { vector: Float64Array; norm: number } | undefined {
  for (let pass = 0; pass < 2; pass++)
    for (const one of basis) {
      let dot = 0;
      for (let i = 0; i < vector.length; i++) dot += one[i]! * vector[i]!;
      subtract(vector, one, dot);
    }
  const norm = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  if (!(norm > floor)) return undefined;
  return { vector: vector.map((x) => x / norm), norm };
}

/** Returns a unit vector orthogonal to a basis that is not complete. */
function another(length: number, basis: readonly Float64Array[]): Float64Array {
  for (let draw = 1; ; draw++) {
    const found = orthonormal(fresh(length, basis.length + 7919 * draw), basis, 1e-6);
    if (found) return found.vector;
  }
}

/** Returns a fixed vector of numbers in [-1, 1), which has a component in every direction. */
function fresh(length: number, seed: number): Float64Array {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x85ebca6b) >>> 0;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    return mixed / 2 ** 31 - 1;
  });
}

function subtract(vector: Float64Array, other: Float64Array | undefined, factor: number): void {
  if (other === undefined || factor === 0) return;
  for (let i = 0; i < vector.length; i++) vector[i]! -= factor * other[i]!;
}

function times({ data, rows, columns }: Matrix, x: Float64Array): Float64Array {
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0, at = i * columns; j < columns; j++, at++) sum += data[at]! * x[j]!;
    y[i] = sum;
  }
  return y;
}

function transposedTimes({ data, rows, columns }: Matrix, x: Float64Array): Float64Array {
  const y = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const factor = x[i]!;
    for (let j = 0, at = i * columns; j < columns; j++, at++) y[j]! += factor * data[at]!;
  }
  return y;
}
