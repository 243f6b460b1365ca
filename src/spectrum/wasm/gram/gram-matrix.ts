import { gamma } from '../error-bounds.js';
import type { KernelInstance } from '../../../kernels/kernel-instance.js';

/** A Gram matrix in a kernel instance's memory, with the data for its error bounds. */
export interface GramMatrix {
  /** Length of the smaller side. */
  readonly size: number;
  /** Byte offset of G, float64, its lower triangle in tiles (kernels/assembly/spectrum/tiles.ts). */
  readonly offset: number;
  /** Number of panels of four rows, always even; rows past `size` are zero. */
  readonly panels: number;
  /** Byte offset of work space. */
  readonly extra: number;
  /** e: G belongs to 2ᵉ A. Undefined while all entries are zero. */
  readonly exponent: number | undefined;
  /** The longest chain of roundings behind an entry of G. */
  readonly chain: number;
  /**
   * A bound on the sum of the squared entries of A, scaled. Given only where the trace of G is no bound, as in a
   * centred G.
   */
  readonly frobenius?: number | undefined;
}

/** Returns the number of panels that hold `size` rows. */
export function panelsOf(size: number): number {
  return 2 * Math.ceil(size / 8);
}

/** Returns the number of doubles in `panels` panels. */
export function entriesIn(panels: number): number {
  return 8 * panels * (panels + 1);
}

/** Returns the index of entry (i, j), j <= i, among the doubles of a matrix in tiles. */
export function placeOf(i: number, j: number): number {
  return entriesIn(i >> 2) + 8 * (j >> 1) + 2 * (i & 3) + (j & 1);
}

/** Returns the entries on the diagonal of G. */
export function diagonalOf(instance: KernelInstance, { offset, size, panels }: GramMatrix): Float64Array {
  const entries = instance.float64(offset, entriesIn(panels));
  const diagonal = new Float64Array(size);
  for (let i = 0; i < size; i++) diagonal[i] = entries[placeOf(i, i)]!;
  return diagonal;
}

/** Returns a bound on the sum of the squared entries of A, scaled: the trace of G and its error. */
export function frobeniusOf(instance: KernelInstance, gram: GramMatrix): number {
  if (gram.frobenius !== undefined) return gram.frobenius;
  const trace = diagonalOf(instance, gram).reduce((sum, value) => sum + value, 0);
  // every bound rests on this; NaN would prove nothing
  if (!(trace < Infinity)) throw new Error(`the trace of the Gram matrix came out as ${trace}`);
  return trace * (1 + 2 * gamma(gram.chain + gram.size + 2));
}
