/**
 * The kernels' layout of a symmetric matrix: its lower triangle, in tiles of four rows by four columns.
 *
 * Panel i is rows 4i to 4i + 3: its tiles 0 to i one after the other; panels follow without gaps. A tile is 16 doubles:
 * two pairs of columns, each pair row by row. So a panel's column pairs lie 64 bytes apart, one cache line of four rows
 * by two columns, and a loop along four rows reads one stream. Entries above the diagonal of a diagonal tile exist but
 * are meaningless.
 */

/** Bytes of a tile. */
export const TILE: usize = 128;
/** Bytes of a pair of columns within a panel, and of a row within the pair. */
export const PAIR: usize = 64;
export const ROW: usize = 16;

/** Returns the offset of panel i. */
export function panelAt(matrix: usize, i: i32): usize {
  return matrix + ((<usize>i * <usize>(i + 1)) << 6);
}

/** Returns the offset of row i; columns 2q and 2q + 1 lie q pairs further. */
export function rowAt(matrix: usize, i: i32): usize {
  return panelAt(matrix, i >> 2) + ((<usize>(i & 3)) << 4);
}

/** Returns the offset of entry (i, i). */
export function diagonalAt(matrix: usize, i: i32): usize {
  return rowAt(matrix, i) + ((<usize>(i >> 1)) << 6) + ((<usize>(i & 1)) << 3);
}
