/**
 * Returns rows of cells as lines with aligned columns: the first `left` columns (one by default) to the left, the
 * others to the right. Columns are two spaces apart, or one where two would need more than 80 columns.
 */
export function aligned(rows: readonly (readonly string[])[], left = 1): string[] {
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

/** The line under the heading of aligned lines whose last column is to the right. */
export function ruleUnder(heading: string): string {
  return '-'.repeat(heading.length);
}
