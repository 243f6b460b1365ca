/** A cell of a table: any JSON value except lists and objects. */
export type CsvValue = string | number | boolean | null;

/**
 * Returns rows as CSV text (RFC 4180, with line feeds). Column names become snake case (`rankRatioMean` becomes
 * `rank_ratio_mean`), numbers keep all their digits, and null becomes an empty cell.
 *
 * @param columns keys in output order; default: the keys of the rows, in order of first appearance
 */
export function toCsv(rows: readonly object[], columns: readonly string[] = columnsOf(rows)): string {
  const values = (row: object) => columns.map((column) => (row as Record<string, CsvValue>)[column] ?? null);
  return [columns.map(snakeCase), ...rows.map(values)]
    .map((line) => `${line.map(cell).join(',')}\n`)
    .join('');
}

/** Returns the lines of CSV text (RFC 4180) as cells. Quoted cells may contain commas, quotes and line breaks. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  const cells = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n)/g;
  for (const [, quoted, plain = '', end] of `${text.replace(/[\r\n]+$/, '')}\n`.matchAll(cells)) {
    line.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    lines.push(line);
    line = [];
  }
  return lines;
}

/** Returns the columns of rows, in order of first appearance. */
export function columnsOf(rows: readonly object[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** Returns `rank_ratio_mean` for `rankRatioMean`. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function cell(value: CsvValue): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
