import type { Matrix } from '../../matrix.js';
import { entriesIn, type GramMatrix, panelsOf } from './gram-matrix.js';
import type { KernelInstance } from '../../../kernels/kernel-instance.js';

/** Steps multiplied at once: 128 pairs of products of 2896² each stay below 2³¹. */
const DEPTH = 256;
const LARGEST = 2896;
/** One half plus the rounding of the product with the factor. */
const ROUNDING = 0.5003;
/** The whole matrix is copied: larger ones are not worth it. */
const MAX_BYTES = 64 * 2 ** 20;
/** Entries outside these have factors outside float32. */
const SMALLEST_ROW = 1e-30;

/**
 * The exact Gram matrix of A', a rounded copy of a float32 matrix A. Each row (each column of a tall matrix) is rounded
 * to multiples of 1/2896 of its largest entry. Every singular value of A' is within `distance` of that of A. This
 * suffices to prove that A clearly has full rank, at a fraction of the cost of the float64 product. Undefined for
 * unsuitable matrices.
 */
export class QuantisedGram implements GramMatrix {
  readonly exponent = 0;
  /** Products and sums are exact; two scales are rounded, and so are the products with them. */
  readonly chain = 5;

  private constructor(
    readonly size: number,
    readonly offset: number,
    readonly panels: number,
    readonly extra: number,
    /** Bounds ‖A - A'‖. */
    readonly distance: number,
  ) {}

  static of(
    instance: KernelInstance,
    matrix: Matrix,
    extraBytes: number,
    purpose: string,
  ): QuantisedGram | undefined {
    const { data, rows, columns } = matrix;
    if (!(data instanceof Float32Array) || data.byteLength > MAX_BYTES) return undefined;
    const size = Math.min(rows, columns);
    const length = Math.max(rows, columns);
    const panels = panelsOf(size);
    const padded = 4 * panels;
    const [offset, extra, source, factorsAt, scalesAt, packed] = instance.layout(
      [8 * entriesIn(panels), extraBytes, data.byteLength, 4 * padded, 8 * padded, 2 * padded * DEPTH],
      purpose,
    ) as [number, number, number, number, number, number];
    const { kernels } = instance;
    instance.float32(source, data.length).set(data);
    const wide = rows <= columns;
    if (wide) kernels.largestInRows(source, columns, rows, columns, factorsAt);
    else kernels.largestInColumns(source, columns, rows, columns, factorsAt);
    const factors = instance.float32(factorsAt, padded);
    const scales = instance.float64(scalesAt, padded);
    factors.fill(0, size);
    scales.fill(0, size);
    let squares = 0;
    for (let i = 0; i < size; i++) {
      const largest = factors[i]!;
      if (!(largest >= SMALLEST_ROW && largest < Infinity)) return undefined;
      factors[i] = LARGEST / largest;
      scales[i] = 1 / factors[i]!;
      squares += scales[i]! ** 2;
    }
    instance.float64(offset, entriesIn(panels)).fill(0);
    for (let from = 0; from < length; from += DEPTH) {
      const depth = Math.min(DEPTH, length - from);
      if (wide) kernels.quantiseRows(source + 4 * from, columns, size, depth, factorsAt, packed);
      else kernels.quantiseColumns(source + 4 * from * columns, columns, size, depth, factorsAt, packed);
      kernels.quantisedAccumulate(packed, panels / 2, Math.ceil(depth / 2), offset);
    }
    kernels.scaleSymmetric(offset, panels, scalesAt);
    const distance = ROUNDING * Math.sqrt(length * squares) * (1 + 1e-9);
    return new QuantisedGram(size, offset, panels, extra, distance);
  }
}
