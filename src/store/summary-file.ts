import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid, missing } from '../errors.js';
import { parseCsv, snakeCase, toCsv } from '../files/csv.js';
import { decodeText } from '../files/read-text.js';
import type { SummaryRow } from '../study/summary.js';
import { checksumOf } from './folder/checksum.js';
import { writeDurably } from './folder/durable.js';
import { requireTable } from './rows/row-files.js';
import type { Seal } from './rows/write-parquet.js';

/** The columns of `summary.csv` in their order, and whether each is text or a number. */
const kinds: Readonly<Record<keyof SummaryRow, 'text' | 'number'>> = {
  block: 'text',
  tap: 'text',
  activation: 'text',
  dimensionRatio: 'number',
  tolerance: 'text',
  layers: 'number',
  rankRatioMean: 'number',
  rankRatioSd: 'number',
  ci95Low: 'number',
  ci95High: 'number',
};
const columns = Object.entries(kinds);

/** Writes the rows as `summary.csv` into a folder, after its checksum is sealed. @throws FileWriteError */
export async function writeSummary(folder: string, rows: readonly SummaryRow[], seal: Seal): Promise<void> {
  const csv = toCsv(rows, Object.keys(kinds));
  await seal(checksumOf(csv));
  await writeDurably(join(folder, 'summary.csv'), csv);
}

/** Returns the rows of a folder's `summary.csv`. @throws RangeError if there is none or it is damaged */
export async function readSummary(folder: string): Promise<SummaryRow[]> {
  const path = join(folder, 'summary.csv');
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined)
    throw missing('summary', folder, 'a run that was cut off has none; `--resume` completes it');
  await requireTable(folder, 'summary.csv');
  const [head = [], ...lines] = parseCsv(decodeText(bytes, path));
  const expected = columns.map(([key]) => snakeCase(key)).join();
  if (head.join() !== expected) throw invalid(`columns of ${path}`, head.join(), expected);
  return lines.map((cells, line) => {
    const place = `line ${line + 2} of ${path}`;
    if (cells.length !== columns.length)
      throw invalid(`number of cells in ${place}`, cells.length, `${columns.length}, as in line 1`);
    const values = columns.map(([key, kind], i) => [
      key,
      kind === 'text' ? cells[i] : readNumber(cells[i]!, place),
    ]);
    return Object.fromEntries(values) as SummaryRow;
  });
}

function readNumber(cell: string, place: string): number {
  const value = cell === '' ? NaN : Number(cell);
  if (!Number.isFinite(value)) throw invalid(`cell in ${place}`, cell, 'a finite number');
  return value;
}
