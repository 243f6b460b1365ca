import { invalid } from '../../errors.js';
import { checkShape, type Matrix, nonFinite } from '../matrix.js';
import { exponentOf } from '../power-of-two.js';
import { diagonalOf, entriesIn, type GramMatrix, panelsOf } from './gram-matrix.js';
import type { KernelInstance } from '../../kernels/kernel-instance.js';
import { largestMagnitude } from './largest-magnitude.js';
import { packPieces, pieceBytes, type PieceRoom } from './pieces.js';

/** Steps of the long side multiplied at once, about: four rows of them fill a quarter of a first-level cache. */
const DEPTH = 256;
/** A remainder up to this far past `DEPTH` is not worth a product of its own. */
export const MOST_DEPTH = 384;
/** Entries may exceed the first piece's scale by this many powers of two before the sum so far is rescaled. */
const HEADROOM = 60;
/** Float32 entries may be multiplied by powers of two up to this one without a look at how large they are. */
const FREE = 200;
/** G is left as it is while its largest entry is within this many powers of two of 1. */
const MODERATE = 80;
/** As far as one factor goes, and far enough for a matrix of subnormal numbers only. */
const MOST_EXPONENT = 1022;

/**
 * The Gram matrix of the smaller side, summed up piece by piece in a kernel instance's memory:
 * G = 2²ᵉ Σ P Pᵀ over the pieces P, float64, its lower triangle.
 *
 * Memory: G, and a piece of `MOST_DEPTH` steps twice; the whole matrix is never copied.
 */
export class GramAccumulator implements GramMatrix {
  readonly offset: number;
  readonly panels: number;
  readonly extra: number;
  /** e: entries were multiplied by 2ᵉ on their way in. Undefined as long as all were zero. */
  exponent: number | undefined;
  /** Length of the side summed over, so far. */
  length = 0;
  /** Products added to G so far, and the steps of the deepest. */
  private products = 0;
  private deepest = 0;

  private readonly room: PieceRoom;
  private readonly work: number;

  constructor(
    private readonly instance: KernelInstance,
    readonly size: number,
    extraBytes: number,
    purpose: string,
  ) {
    this.panels = panelsOf(size);
    const bytes = pieceBytes(size, MOST_DEPTH);
    const [offset, extra, staging, packed, work] = instance.layout(
      [8 * entriesIn(this.panels), extraBytes, bytes, bytes, 96 * MOST_DEPTH + 192],
      purpose,
    ) as [number, number, number, number, number];
    this.offset = offset;
    this.extra = extra;
    this.work = work;
    this.room = { staging, packed, bytes };
    instance.float64(offset, entriesIn(this.panels)).fill(0);
  }

  /** Adds the columns of a matrix with `size` rows. */
  addColumns(matrix: Matrix): void {
    this.add(matrix, 'rows');
  }

  /** Adds the rows of a matrix with `size` columns. */
  addRows(matrix: Matrix): void {
    this.add(matrix, 'columns');
  }

  get chain(): number {
    return this.deepest + this.products;
  }

  private add(matrix: Matrix, side: 'rows' | 'columns'): void {
    checkShape(matrix);
    if (matrix[side] !== this.size) {
      throw invalid('matrix side', matrix[side], `${this.size}, the size of the Gram matrix`);
    }
    const length = side === 'rows' ? matrix.columns : matrix.rows;
    const isFloat32 = matrix.data instanceof Float32Array;
    if (!isFloat32 || Math.abs(this.exponent ?? 0) > FREE) this.prepareScale(matrix);
    const { instance, room } = this;
    const pieces = Math.max(1, Math.round(length / DEPTH));
    const scale = 2 ** (this.exponent ?? 0);
    packPieces(instance, matrix, side, Math.ceil(length / pieces), scale, room, (steps) => {
      this.deepest = Math.max(this.deepest, steps);
      this.products++;
      const { packed } = room;
      instance.kernels.symmetricProduct(packed, Math.ceil(this.size / 4), steps, this.offset, this.work);
    });
    this.length += length;
    if (isFloat32) this.scaleAfterwards(matrix);
  }

  /** Chooses the exponent that brings the largest entry into [1, 2). */
  private prepareScale(matrix: Matrix): void {
    const largest = largestMagnitude(matrix);
    if (largest === 0) return;
    const wanted = Math.min(MOST_EXPONENT, -exponentOf(largest));
    if (this.exponent !== undefined && wanted >= this.exponent - HEADROOM) return;
    if (this.exponent !== undefined) this.rescale(wanted - this.exponent);
    this.exponent = wanted;
  }

  /**
   * Products of float32 entries lie far within the range of doubles, so they need no look beforehand: the diagonal of G
   * is finite exactly when they all are, and says whether G is so small or large that it should be scaled.
   */
  private scaleAfterwards(matrix: Matrix): void {
    const diagonal = diagonalOf(this.instance, this);
    if (!diagonal.every(Number.isFinite)) {
      throw nonFinite(
        matrix,
        matrix.data.findIndex((value) => !Number.isFinite(value)),
      );
    }
    const largest = diagonal.reduce((most, value) => Math.max(most, value), 0);
    if (largest === 0) return;
    this.exponent ??= 0;
    const order = exponentOf(largest);
    if (Math.abs(order) <= MODERATE) return;
    // so far and no further, as for float64
    const change = Math.min(-Math.round(order / 2), MOST_EXPONENT - this.exponent);
    this.rescale(change);
    this.exponent += change;
  }

  private rescale(change: number): void {
    const factor = 2 ** Math.max(-1000, 2 * change);
    const gram = this.instance.float64(this.offset, entriesIn(this.panels));
    for (let i = 0; i < gram.length; i++) gram[i]! *= factor;
  }
}
