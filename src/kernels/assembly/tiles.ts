/**
 * How the kernels hold a symmetric matrix: its lower triangle, in tiles of four rows by four columns.
 *
 * Panel i is rows 4i to 4i + 3: its tiles 0 to i one after the other; panels follow without gaps. A tile is 16 doubles:
 * two pairs of columns, each pair row by row. So a panel's column pairs follow each other every 64 bytes, one cache line
 * of four rows by two columns, and whoever walks along four rows has one stream to read. Of the tile on the diagonal what
 * lies above the diagonal is there, but means nothing.
 */

/** Bytes of a tile. */
export const TILE: usize = 128;
/** Bytes of a pair of columns within a panel, and of a row within the pair. */
export const PAIR: usize = 64;
export const ROW: usize = 16;

/** Where panel i begins. */
export function panelAt(matrix: usize, i: i32): usize {
  return matrix + ((<usize>i * <usize>(i + 1)) << 6);
}

/** Where row i begins: its columns 2q and 2q + 1 lie q pairs further. */
export function rowAt(matrix: usize, i: i32): usize {
  return panelAt(matrix, i >> 2) + ((<usize>(i & 3)) << 4);
}

/** Where entry (i, i) lies. */
export function diagonalAt(matrix: usize, i: i32): usize {
  return rowAt(matrix, i) + ((<usize>(i >> 1)) << 6) + ((<usize>(i & 1)) << 3);
}
