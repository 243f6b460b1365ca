import { labelPixels } from './short-labels.js';

/** What an entry takes beside its name: the symbol, and the gap to the next entry. */
const SYMBOL_AND_GAP = 32;

/**
 * Returns in how many columns a legend's names stand: as many as fit a width, evened out over the rows where they do
 * not fit one.
 */
export function legendColumns(labels: readonly string[], width: number): number {
  const widths = labels.map((label) => labelPixels(label) + SYMBOL_AND_GAP);
  const needed = (columns: number) =>
    Array.from({ length: columns }, (_, c) => Math.max(...widths.filter((_, i) => i % columns === c)));
  let columns = labels.length;
  while (columns > 1 && needed(columns).reduce((sum, value) => sum + value, 0) > width) columns--;
  return Math.ceil(labels.length / Math.ceil(labels.length / Math.max(1, columns)));
}
