import { invalid } from '../../errors.js';
import { checkShape, type Matrix, nonFinite } from '../matrix.js';
import { largestMagnitude } from './largest-magnitude.js';
import { diagonalOf, entriesIn, type GramMatrix, panelsOf } from './gram-matrix.js';
import type { KernelInstance } from './kernel-instance.js';
import { exponentOf } from '../power-of-two.js';

/** Steps of the long side multiplied at once, about: four rows of them fill a quarter of a first-level cache. */
const DEPTH = 256;
/** A remainder up to this far past `DEPTH` is not worth a product of its own. */
export const MOST_DEPTH = 384;
/** Entries may exceed the first piece's scale by this many powers of two before the sum so far is rescaled. */
const HEADROOM = 60;

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

  private readonly staging: number;
  private readonly stagingBytes: number;
  private readonly packed: number;

  constructor(
    private readonly instance: KernelInstance,
    readonly size: number,
    extraBytes: number,
    purpose: string,
  ) {
    this.panels = panelsOf(size);
    const gramBytes = 8 * entriesIn(this.panels);
    const pieceBytes = 4 * this.panels * MOST_DEPTH * 8;
    this.stagingBytes = pieceBytes;
    [this.offset, this.extra, this.staging, this.packed] = instance.layout(
      [gramBytes, extraBytes, pieceBytes, pieceBytes],
      purpose,
    ) as [number, number, number, number];
    instance.float64(this.offset, entriesIn(this.panels)).fill(0);
  }

  /** Adds the columns of a matrix with `size` rows. */
  addColumns(matrix: Matrix): void {
    const { data, rows, columns } = matrix;
    const { kernels } = this.instance;
    const whole = data.byteLength <= this.stagingBytes;
    this.add(matrix, rows, columns, (from, depth) => {
      if (!whole) {
        const staged = this.staged(data, rows * depth);
        for (let row = 0; row < rows; row++) {
          const start = row * columns + from;
          staged.set(data.subarray(start, start + depth), row * depth);
        }
      } else if (from === 0) this.staged(data, data.length).set(data);
      const source = this.staging + (whole ? from * data.BYTES_PER_ELEMENT : 0);
      const stride = whole ? columns : depth;
      if (data instanceof Float32Array) kernels.packRowsF32(source, stride, rows, depth, this.packed);
      else kernels.packRowsF64(source, stride, rows, depth, this.packed, this.scale);
    });
  }

  /** Adds the rows of a matrix with `size` columns. */
  addRows(matrix: Matrix): void {
    this.add(matrix, matrix.columns, matrix.rows, (from, depth) => {
      const { data, columns } = matrix;
      this.staged(data, columns * depth).set(data.subarray(from * columns, (from + depth) * columns));
      const { kernels } = this.instance;
      if (data instanceof Float32Array)
        kernels.packColumnsF32(this.staging, columns, columns, depth, this.packed);
      else kernels.packColumnsF64(this.staging, columns, columns, depth, this.packed, this.scale);
    });
  }

  get chain(): number {
    return this.deepest + this.products;
  }

  private get scale(): number {
    return 2 ** (this.exponent ?? 0);
  }

  private add(
    matrix: Matrix,
    side: number,
    length: number,
    pack: (from: number, depth: number) => void,
  ): void {
    checkShape(matrix);
    if (side !== this.size) {
      throw invalid('matrix side', side, `${this.size}, the size of the Gram matrix`);
    }
    this.prepareScale(matrix);
    const { kernels } = this.instance;
    const pieces = Math.max(1, Math.round(length / DEPTH));
    const most = Math.ceil(length / pieces);
    for (let from = 0; from < length; from += most) {
      const depth = Math.min(most, length - from);
      this.deepest = Math.max(this.deepest, depth);
      pack(from, depth);
      this.products++;
      kernels.productAccumulate(this.packed, this.packed, 0, Math.ceil(this.size / 4), depth, this.offset);
    }
    this.length += length;
    // float32 entries cannot overflow here, so the diagonal is finite exactly when they all are
    if (matrix.data instanceof Float32Array && !diagonalOf(this.instance, this).every(Number.isFinite)) {
      throw nonFinite(
        matrix,
        matrix.data.findIndex((value) => !Number.isFinite(value)),
      );
    }
  }

  /** Chooses the exponent that brings the largest float64 entry into [1, 2); float32 needs none. */
  private prepareScale(matrix: Matrix): void {
    if (matrix.data instanceof Float32Array && (this.exponent ?? 0) === 0) {
      this.exponent = 0;
      return;
    }
    const largest = largestMagnitude(matrix);
    if (largest === 0) return;
    // a matrix of subnormal numbers only: 2^1022 is as far as one factor goes, and far enough
    const wanted = Math.min(1022, -exponentOf(largest));
    if (this.exponent !== undefined && wanted >= this.exponent - HEADROOM) return;
    if (this.exponent !== undefined) this.rescale(wanted - this.exponent);
    this.exponent = wanted;
  }

  private rescale(change: number): void {
    const factor = 2 ** Math.max(-1000, 2 * change);
    const gram = this.instance.float64(this.offset, entriesIn(this.panels));
    for (let i = 0; i < gram.length; i++) gram[i]! *= factor;
  }

  private staged(data: Float32Array | Float64Array, length: number): Float32Array | Float64Array {
    return data instanceof Float32Array
      ? this.instance.float32(this.staging, length)
      : this.instance.float64(this.staging, length);
  }
}
