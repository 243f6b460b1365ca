import { labelPixels } from './short-labels.js';

/** The width of an entry besides its name: the symbol, and the gap to the next entry. */
const SYMBOL_AND_GAP = 32;

/**
 * Returns the number of columns of a legend. As many names stand in a row as fit the width, evened out over the rows.
 */
export function legendColumns(labels: readonly string[], width: number): number {
  const widths = labels.map((label) => labelPixels(label) + SYMBOL_AND_GAP);
  const needed = (columns: number) =>
    Array.from({ length: columns }, (_, c) => Math.max(...widths.filter((_, i) => i % columns === c)));
  let columns = labels.length;
  while (columns > 1 && needed(columns).reduce((sum, value) => sum + value, 0) > width) columns--;
  return Math.ceil(labels.length / Math.ceil(labels.length / Math.max(1, columns)));
}
