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
  /** The entries on the diagonal. */
  diagonal(): Float64Array;
  /** A bound on the sum of the squared entries of A, scaled: the trace of G and its error. */
  frobenius(): number;
}
