import { gamma } from './error-bounds.js';
import type { KernelInstance } from './kernel-instance.js';

/** A Gram matrix in a kernel instance's memory, with what is known of its errors. */
export interface GramMatrix {
  /** Length of the smaller side. */
  readonly size: number;
  /** Byte offset of G, float64, row-major with `stride` doubles a row; its lower triangle counts. */
  readonly offset: number;
  readonly stride: number;
  /** Rows and columns there are, a multiple of eight; those past `size` are zero. */
  readonly padded: number;
  /** Byte offset of work space. */
  readonly extra: number;
  /** e: G belongs to 2ᵉ A. Undefined as long as all entries were zero. */
  readonly exponent: number | undefined;
  /** The longest chain of roundings behind an entry of G. */
  readonly chain: number;
}

/** Returns the entries on the diagonal of G. */
export function diagonalOf(instance: KernelInstance, { offset, size, stride }: GramMatrix): Float64Array {
  const entries = instance.float64(offset, size * stride);
  const diagonal = new Float64Array(size);
  for (let i = 0; i < size; i++) diagonal[i] = entries[i * (stride + 1)]!;
  return diagonal;
}

/** Returns a bound on the sum of the squared entries of A, scaled: the trace of G and its error. */
export function frobeniusOf(instance: KernelInstance, gram: GramMatrix): number {
  const trace = diagonalOf(instance, gram).reduce((sum, value) => sum + value, 0);
  return trace * (1 + 2 * gamma(gram.chain + gram.size + 2));
}
