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

/** Returns the lines of CSV text as cells. Cells may be quoted but must not contain line breaks. */
export function parseCsv(text: string): string[][] {
  const unquote = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) =>
      Array.from(`${line},`.matchAll(/("(?:[^"]|"")*"|[^,]*),/g), ([, cell = '']) => unquote(cell)),
    );
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
