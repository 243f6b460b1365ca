import { invalid } from '../../../errors.js';
import { checkShape, type Matrix, nonFinite } from '../../matrix.js';
import { exponentOf } from '../../power-of-two.js';
import { diagonalOf, entriesIn, type GramMatrix, panelsOf } from './gram-matrix.js';
import type { KernelInstance } from '../../../kernels/kernel-instance.js';
import { largestMagnitude } from '../largest-magnitude.js';
import { packPieces, pieceBytes, type PieceRoom } from '../pieces.js';

/**
 * Approximate number of steps of the long side multiplied at once. Four rows of them fill a quarter of the first-level
 * cache.
 */
const DEPTH = 256;
/** A piece up to this long is one product: a short remainder past `DEPTH` is not worth another. */
export const MAX_DEPTH = 384;
/** Entries may exceed the first piece's scale by this many powers of two before the sum so far is rescaled. */
const HEADROOM = 60;
/** Float32 entries may be multiplied by powers of two up to this exponent without checking their size. */
const FREE = 200;
/** G is not rescaled while its largest entry is within this many powers of two of 1. */
const MODERATE = 80;
/** The largest exponent of one factor; it suffices for a matrix of subnormal numbers only. */
const MAX_EXPONENT = 1022;

/**
 * The Gram matrix of the smaller side, summed piece by piece in a kernel instance's memory. G = 2²ᵉ Σ P Pᵀ over the
 * pieces P, in float64; the lower triangle is stored.
 *
 * Memory: G, and a piece of `MAX_DEPTH` steps twice; the whole matrix is never copied.
 */
export class GramAccumulator implements GramMatrix {
  readonly offset: number;
  readonly panels: number;
  readonly extra: number;
  /** e: entries are multiplied by 2ᵉ when added. Undefined while all entries are zero. */
  exponent: number | undefined = undefined;
  /** Length of the side summed over so far. */
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
    const bytes = pieceBytes(size, MAX_DEPTH);
    const [offset, extra, staging, packed, work] = instance.layout(
      [8 * entriesIn(this.panels), extraBytes, bytes, bytes, 96 * MAX_DEPTH + 192],
      purpose,
    ) as [number, number, number, number, number];
    this.offset = offset;
    this.extra = extra;
    this.work = work;
    this.room = { staging, packed, bytes };
    this.clear();
  }

  /** Forgets what was added. */
  clear(): void {
    this.instance.float64(this.offset, entriesIn(this.panels)).fill(0);
    this.exponent = undefined;
    [this.length, this.products, this.deepest] = [0, 0, 0];
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
    const wanted = Math.min(MAX_EXPONENT, -exponentOf(largest));
    if (this.exponent !== undefined && wanted >= this.exponent - HEADROOM) return;
    if (this.exponent !== undefined) this.rescale(wanted - this.exponent);
    this.exponent = wanted;
  }

  /**
   * Checks and rescales G after an addition, from its diagonal. Products of float32 entries lie well within the range
   * of doubles, so they need no check beforehand: the diagonal of G is finite exactly if all entries are, and shows
   * whether G is small or large enough to be scaled.
   */
  private scaleAfterwards(matrix: Matrix): void {
    const diagonal = diagonalOf(this.instance, this);
    if (!diagonal.every(Number.isFinite)) {
      throw nonFinite(
        matrix,
        matrix.data.findIndex((value) => !Number.isFinite(value)),
      );
    }
    const largest = diagonal.reduce((max, value) => Math.max(max, value), 0);
    if (largest === 0) return;
    this.exponent ??= 0;
    const order = exponentOf(largest);
    if (Math.abs(order) <= MODERATE) return;
    // limited as for float64
    const change = Math.min(-Math.round(order / 2), MAX_EXPONENT - this.exponent);
    this.rescale(change);
    this.exponent += change;
  }

  private rescale(change: number): void {
    const factor = 2 ** Math.max(-1000, 2 * change);
    const gram = this.instance.float64(this.offset, entriesIn(this.panels));
    for (let i = 0; i < gram.length; i++) gram[i]! *= factor;
  }
}
