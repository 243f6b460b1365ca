/**
 * The layout of a symmetric band matrix: its lower triangle column by column, each from the diagonal down. A column has
 * 2 WIDTH entries. WIDTH + 1 are the band's; the chase fills the others. Because a column begins one entry lower than
 * the one before, blocks of the band are ordinary blocks whose columns lie `COLUMN` bytes apart.
 */

/** Entries below the diagonal: a multiple of twelve. */
export const WIDTH: i32 = 24;
/** From an entry to the next one of its row. */
export const COLUMN: usize = (<usize>(2 * WIDTH - 1)) << 3;

/** Returns the offset of entry (i, j), i >= j. */
export function bandAt(band: usize, i: i32, j: i32): usize {
  return band + ((<usize>i) << 3) + <usize>j * COLUMN;
}
