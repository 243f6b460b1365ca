import type { Matrix } from '../matrix.js';
import { exponentOf } from '../power-of-two.js';
import { entriesIn, panelsOf } from './gram/gram-matrix.js';
import type { KernelInstance } from '../../kernels/kernel-instance.js';
import { largestMagnitude } from './largest-magnitude.js';
import { packPieces, pieceBytes } from './pieces.js';
import type { Tridiagonal } from './sturm-count.js';

/** From this ratio of the sides on, a triangular factor first saves more than it costs. */
const LONG = 1.5;
/** Columns of the long side added to the triangular factor at once; its error bound relies on this. */
const WIDTH = 128;

/** A bidiagonal matrix with the singular values of 2ᵉ A. */
export interface Bidiagonal {
  diagonal: Float64Array;
  /** One entry fewer. */
  offDiagonal: Float64Array;
  /** e */
  exponent: number;
  /** ‖2ᵉ A‖²_F, as computed. */
  frobenius: number;
  /** Columns of the matrix that was bidiagonalised. */
  columns: number;
  /** Reflections spent on a triangular factor before. */
  steps: number;
}

/**
 * Returns the symmetric tridiagonal matrix whose positive eigenvalues are the singular values of B. Its diagonal is
 * zero and its off-diagonal interleaves the entries of B (Golub and Kahan 1965).
 */
export function interleaved({ diagonal, offDiagonal }: Bidiagonal): Tridiagonal {
  const size = diagonal.length;
  const squares = new Float64Array(2 * size - 1);
  for (let i = 0; i < size; i++) {
    squares[2 * i] = diagonal[i]! ** 2;
    if (i + 1 < size) squares[2 * i + 1] = offDiagonal[i]! ** 2;
  }
  return { diagonal: new Float64Array(2 * size), squares };
}

/**
 * Reduces A to bidiagonal form by Householder reflections, in float64. A long matrix is first reduced to its triangular
 * factor, piece by piece.
 *
 * Memory: the smaller side squared and one piece when long, else the matrix as float64.
 *
 * @throws RangeError naming the first entry that is NaN or infinite, or the memory needed if it is not available
 */
export function bidiagonalOf(instance: KernelInstance, matrix: Matrix): Bidiagonal {
  const short = Math.min(matrix.rows, matrix.columns);
  const long = Math.max(matrix.rows, matrix.columns);
  const triangular = long >= LONG * short;
  const columns = triangular ? short : long;
  const panels = Math.ceil(short / 4);
  const tiles = Math.ceil(columns / 4);
  const triangle = triangular ? entriesIn(panelsOf(short)) : 0;
  const bytes = triangular ? pieceBytes(short, WIDTH) : 0;
  const [a, diagonal, below, work, staging, packed] = instance.layout(
    [
      8 * Math.max(TILE * panels * tiles, triangle),
      8 * short,
      8 * short,
      8 * (36 + 72 * (panels + tiles) + 8 * WIDTH),
      bytes,
      bytes,
    ],
    `the full spectrum of a ${matrix.rows} x ${matrix.columns} matrix`,
  ) as [number, number, number, number, number, number];
  const largest = largestMagnitude(matrix);
  // 2^1022 is as far as one factor goes; a matrix of subnormal numbers only stays below 1
  const exponent = largest === 0 ? 0 : Math.min(1022, -exponentOf(largest));
  const { kernels } = instance;
  const entries = instance.float64(a, Math.max(TILE * panels * tiles, triangle)).fill(0);
  let frobenius = 0;
  if (triangular) {
    const side = matrix.rows <= matrix.columns ? 'rows' : 'columns';
    const there = panelsOf(short);
    packPieces(instance, matrix, side, WIDTH, 2 ** exponent, { staging, packed, bytes }, (steps) => {
      // rows are read eight at a time: the last of an odd number of panels has no partner
      if (there > panels) instance.float64(packed + 32 * panels * steps, 4 * steps).fill(0);
      frobenius += kernels.squaredNorm(packed, 4 * panels * steps);
      kernels.triangularise(a, there, packed, steps, work);
    });
    squareOff(entries, panels);
  } else {
    layTiles(matrix, 2 ** exponent, entries, tiles);
    frobenius = kernels.squaredNorm(a, entries.length);
  }
  kernels.bidiagonalise(a, short, columns, diagonal, below, work);
  return {
    diagonal: instance.float64(diagonal, short).slice(),
    offDiagonal: instance.float64(below, short - 1).slice(),
    exponent,
    frobenius,
    columns,
    steps: triangular ? short * Math.ceil(long / WIDTH) : 0,
  };
}

/** Doubles in a tile (kernels/assembly/spectrum/tiles.ts). */
const TILE = 16;

/**
 * Expands a triangle in tiles, in place, to a square: every panel gets the full number of tiles. Entries above the
 * diagonal become zero.
 */
function squareOff(entries: Float64Array, panels: number): void {
  for (let i = panels - 1; i >= 0; i--) {
    const start = TILE * panels * i;
    entries.copyWithin(start, entriesIn(i), entriesIn(i + 1));
    entries.fill(0, start + TILE * (i + 1), start + TILE * panels);
  }
}

/** Copies a matrix times `scale` into panels of tiles, transposed if needed so that the smaller side is the rows. */
function layTiles({ data, rows, columns }: Matrix, scale: number, target: Float64Array, tiles: number): void {
  const wide = rows <= columns;
  const [short, long, stepRow, stepLong] = wide ? [rows, columns, columns, 1] : [columns, rows, 1, columns];
  for (let r = 0; r < short; r++) {
    let source = r * stepRow;
    let place = TILE * tiles * (r >> 2) + 2 * (r & 3);
    for (let k = 0; k < long; k++) {
      target[place] = data[source]! * scale;
      source += stepLong;
      place += k & 1 ? 7 : 1;
    }
  }
}
