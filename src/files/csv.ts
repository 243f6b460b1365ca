/** A cell of a table: what JSON can hold besides lists and objects. */
export type CsvValue = string | number | boolean | null;

/**
 * Returns rows as CSV (RFC 4180, line feeds): the columns in snake case, so `rankRatioMean` becomes
 * `rank_ratio_mean`; numbers with every digit they have; null is empty.
 *
 * @param columns keys in the order they are to stand; default: those of the rows, in the order they first appear
 */
export function toCsv(rows: readonly object[], columns: readonly string[] = columnsOf(rows)): string {
  const values = (row: object) => columns.map((column) => (row as Record<string, CsvValue>)[column] ?? null);
  return [columns.map(snakeCase), ...rows.map(values)]
    .map((line) => `${line.map(cell).join(',')}\n`)
    .join('');
}

/** Returns the lines of CSV text as cells; cells may be quoted, but hold no line break. */
export function parseCsv(text: string): string[][] {
  const unquote = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) =>
      Array.from(`${line},`.matchAll(/("(?:[^"]|"")*"|[^,]*),/g), ([, cell = '']) => unquote(cell)),
    );
}

/** Returns the columns of rows, in the order they first appear. */
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
