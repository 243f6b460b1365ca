import type { FigureRow, FigureValue } from './figure.js';

/** Returns rows as CSV (RFC 4180, line feeds): the columns in snake case, as in `summary.csv`; null is empty. */
export function toCsv(rows: readonly FigureRow[]): string {
  const columns = columnsOf(rows);
  const lines = [columns.map(snakeCase), ...rows.map((row) => columns.map((column) => row[column] ?? null))];
  return lines.map((line) => `${line.map(cell).join(',')}\n`).join('');
}

/** Returns the columns of rows, in the order they first appear. */
export function columnsOf(rows: readonly FigureRow[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** Returns `rank_ratio_mean` for `rankRatioMean`. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function cell(value: FigureValue): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
