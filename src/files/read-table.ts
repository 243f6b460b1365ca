import { invalid } from '../errors.js';
import { parseCsv, type CsvValue } from './csv.js';
import { readText } from './read-text.js';

/**
 * Returns the rows of a CSV file that `writeTable` or `writeFigure` wrote. Column names become camel case, a column of
 * numbers becomes numbers, and an empty cell becomes null. @throws RangeError if the file is missing or not text, or if
 * a line differs from the first in its number of cells
 */
export async function readTable<T extends object = Record<string, CsvValue>>(path: string): Promise<T[]> {
  const [head = [], ...lines] = parseCsv(await readText('table', path));
  for (const [i, { length }] of lines.entries())
    if (length !== head.length)
      throw invalid(`number of cells in line ${i + 2} of ${path}`, length, `${head.length}, as in line 1`);
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
