import { largestMagnitude } from './largest-magnitude.js';
import type { Matrix } from '../matrix.js';
import type { KernelInstance } from './kernel-instance.js';
import { exponentOf } from '../power-of-two.js';

/** From this ratio of the sides on, a triangular factor is taken first: it costs less than it saves. */
const LONG = 1.5;
/** Columns of the long side taken into the triangular factor at once. */
export const WIDTH = 128;

/** A bidiagonal matrix with the singular values of 2ᵉ A. */
export interface Bidiagonal {
  diagonal: Float64Array;
  /** One entry fewer. */
  offDiagonal: Float64Array;
  /** e */
  exponent: number;
  /** ‖2ᵉ A‖²_F */
  frobenius: number;
  /** Columns of the matrix that was bidiagonalised. */
  columns: number;
  /** Reflections spent on a triangular factor before. */
  steps: number;
}

/**
 * Reduces A to bidiagonal form by Householder reflections, in float64; a long matrix to its triangular factor
 * first, piece by piece.
 *
 * Memory: the smaller side squared and one piece when long, else the matrix as float64.
 *
 * @throws RangeError naming the first entry that is NaN or infinite, or the memory needed when it cannot be had
 */
export function bidiagonalOf(instance: KernelInstance, matrix: Matrix): Bidiagonal {
  const short = Math.min(matrix.rows, matrix.columns);
  const long = Math.max(matrix.rows, matrix.columns);
  const triangular = long >= LONG * short;
  const columns = triangular ? short : long;
  const stride = Math.ceil(columns / 2) * 2 + (columns % 64 < 2 ? 2 : 0);
  const vector = 8 * (columns + 4);
  const [a, diagonal, below, work, piece] = instance.layout(
    [8 * short * stride, vector, vector, 32 + 7 * vector + 16 * WIDTH, triangular ? 8 * short * WIDTH : 0],
    `the full spectrum of a ${matrix.rows} x ${matrix.columns} matrix`,
  ) as [number, number, number, number, number];
  const largest = largestMagnitude(matrix);
  const exponent = largest === 0 ? 0 : -exponentOf(largest);
  const scaled = new ScaledPieces(matrix, exponent);
  const { kernels } = instance;
  instance.float64(a, short * stride).fill(0);
  if (triangular) {
    for (let from = 0; from < long; from += WIDTH) {
      scaled.copy(from, Math.min(WIDTH, long - from), instance.float64(piece, short * WIDTH), WIDTH);
      kernels.triangularise(a, stride, short, piece, WIDTH, work);
    }
  } else {
    scaled.copy(0, long, instance.float64(a, short * stride), stride);
  }
  kernels.bidiagonalise(a, stride, short, columns, diagonal, below, work);
  return {
    diagonal: instance.float64(diagonal, short).slice(),
    offDiagonal: instance.float64(below, short - 1).slice(),
    exponent,
    frobenius: scaled.frobenius,
    columns,
    steps: triangular ? short * Math.ceil(long / WIDTH) : 0,
  };
}

/** Pieces of a matrix, turned so that its smaller side runs down the rows, times a power of two. */
class ScaledPieces {
  /** The squared entries copied so far, summed. */
  frobenius = 0;
  private readonly factors: readonly [number, number];

  constructor(
    private readonly matrix: Matrix,
    exponent: number,
  ) {
    // two factors, since 2ᵉ itself may be out of range
    const half = Math.trunc(exponent / 2);
    this.factors = [2 ** half, 2 ** (exponent - half)];
  }

  /** target[r * stride + k] = entry (r, from + k) for k < width; up to the next row zeros follow. */
  copy(from: number, width: number, target: Float64Array, stride: number): void {
    const { data, rows, columns } = this.matrix;
    const [first, second] = this.factors;
    const wide = rows <= columns;
    const short = wide ? rows : columns;
    const stepRow = wide ? columns : 1;
    const stepLong = wide ? 1 : columns;
    let sum = 0;
    for (let r = 0; r < short; r++) {
      let source = r * stepRow + from * stepLong;
      const start = r * stride;
      for (let k = 0; k < width; k++) {
        const value = data[source]! * first * second;
        target[start + k] = value;
        sum += value * value;
        source += stepLong;
      }
      target.fill(0, start + width, start + stride);
    }
    this.frobenius += sum;
  }
}
