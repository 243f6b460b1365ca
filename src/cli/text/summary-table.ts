import type { PointKey, SummaryRow } from '../../study/summary.js';

/** The fields of a row that the table shows. */
type TableRow = PointKey & Pick<SummaryRow, 'rankRatioMean'>;

/** Number of ratios side by side in 80 columns. */
const ACROSS = 11;

/**
 * Returns the mean rank ratios as text, one table for each block, tap and tolerance. A table has one line per
 * activation and one column per dimension ratio, and is at most 80 columns wide.
 */
export function summaryTable(rows: readonly TableRow[]): string {
  const several = (key: 'tap' | 'tolerance') => new Set(rows.map((row) => row[key])).size > 1;
  const taps = several('tap');
  const tolerances = several('tolerance');
  const headings = rows.map(({ block, tap, tolerance }) =>
    [block, ...(taps ? [`at ${tap}`] : []), ...(tolerances ? [tolerance] : [])].join(', '),
  );
  return [...new Set(headings)]
    .map((heading) =>
      table(
        heading,
        rows.filter((_, i) => headings[i] === heading),
      ),
    )
    .join('\n');
}

/** Returns the line that names the tolerance of a table, or none where the headings name several. */
export function toleranceLine(rows: readonly PointKey[]): string[] {
  const [tolerance, ...others] = new Set(rows.map((row) => row.tolerance));
  return tolerance !== undefined && others.length === 0 ? [`tolerance ${tolerance}`] : [];
}

function table(heading: string, rows: readonly TableRow[]): string {
  const ratios = [...new Set(rows.map((row) => row.dimensionRatio))].sort((a, b) => a - b);
  const activations = [...new Set(rows.map((row) => row.activation))];
  const means = new Map(rows.map((row) => [`${row.activation} ${row.dimensionRatio}`, row.rankRatioMean]));
  const width = Math.max(11, ...activations.map((name) => name.length));
  const lines = [heading];
  for (let start = 0; start < ratios.length; start += ACROSS) {
    const across = ratios.slice(start, start + ACROSS);
    lines.push(' '.repeat(width) + across.map((ratio) => String(ratio).slice(0, 5).padStart(6)).join(''));
    for (const activation of activations) {
      const cells = across.map((ratio) =>
        (means.get(`${activation} ${ratio}`)?.toFixed(3) ?? '').padStart(6),
      );
      lines.push(activation.padEnd(width) + cells.join(''));
    }
  }
  return `${lines.join('\n')}\n`;
}
