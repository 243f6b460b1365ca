import { printable } from '../../errors.js';

/**
 * Returns rows of cells as lines with aligned columns. The first `left` columns (one by default) are left-aligned, the
 * others right-aligned. Columns are two spaces apart, or one if two would exceed 80 columns. Control characters in names
 * are escaped.
 */
export function aligned(table: readonly (readonly string[])[], left = 1): string[] {
  const rows = table.map((cells) => cells.map(printable));
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((cells) => cells[i]!.length)));
  const min = widths.reduce((sum, width) => sum + width, 0);
  const gap = min + 2 * (widths.length - 1) <= 80 ? '  ' : ' ';
  return rows.map((cells) =>
    cells
      .map((cell, i) => (i < left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join(gap)
      .trimEnd(),
  );
}

/** Returns the line under the heading of aligned lines. */
export function ruleUnder(heading: string): string {
  return '-'.repeat(heading.length);
}
