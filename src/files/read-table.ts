import { parseCsv, type CsvValue } from './csv.js';
import { readText } from './read-text.js';

/**
 * Returns the rows of a CSV file as `writeTable` and `writeFigure` write them: the columns in camel case, a column
 * of numbers as numbers, an empty cell as null.
 * @throws RangeError if there is no such file, or it is not text
 */
export async function readTable<T extends object = Record<string, CsvValue>>(path: string): Promise<T[]> {
  const [head = [], ...lines] = parseCsv(await readText('table', path));
  const numeric = head.map((_, i) =>
    lines.every((cells) => cells[i] === '' || Number.isFinite(Number(cells[i]))),
  );
  const value = (cell: string, i: number): CsvValue =>
    cell === '' ? null : numeric[i] ? Number(cell) : cell;
  return lines.map(
    (cells) => Object.fromEntries(cells.map((cell, i) => [camelCase(head[i]!), value(cell, i)])) as T,
  );
}

/** Returns `rankRatioMean` for `rank_ratio_mean`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
