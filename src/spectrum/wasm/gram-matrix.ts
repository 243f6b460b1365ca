import { gamma } from './error-bounds.js';
import type { KernelInstance } from '../../kernels/kernel-instance.js';

/** A Gram matrix in a kernel instance's memory, with what is known of its errors. */
export interface GramMatrix {
  /** Length of the smaller side. */
  readonly size: number;
  /** Byte offset of G, float64, its lower triangle in tiles (kernels/assembly/tiles.ts). */
  readonly offset: number;
  /** Panels of four rows there are, an even number; rows past `size` are zero. */
  readonly panels: number;
  /** Byte offset of work space. */
  readonly extra: number;
  /** e: G belongs to 2ᵉ A. Undefined as long as all entries were zero. */
  readonly exponent: number | undefined;
  /** The longest chain of roundings behind an entry of G. */
  readonly chain: number;
}

/** Returns how many panels hold so many rows. */
export function panelsOf(size: number): number {
  return 2 * Math.ceil(size / 8);
}

/** Returns the doubles in so many panels. */
export function entriesIn(panels: number): number {
  return 8 * panels * (panels + 1);
}

/** Returns where entry (i, j) lies among the doubles of a matrix in tiles, j <= i. */
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
  const trace = diagonalOf(instance, gram).reduce((sum, value) => sum + value, 0);
  // every bound rests on this, and nothing is proved with one that is no number
  if (!(trace < Infinity)) throw new Error(`the trace of the Gram matrix came out as ${trace}`);
  return trace * (1 + 2 * gamma(gram.chain + gram.size + 2));
}
