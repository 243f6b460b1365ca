import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '../errors.js';
import { parseCsv, snakeCase, toCsv } from '../files/csv.js';
import { decodeText } from '../files/read-text.js';
import { checksumOf } from './folder/checksum.js';
import { writeDurably } from './folder/durable.js';
import { requireTable } from './rows/row-files.js';
import type { Seal } from './rows/write-parquet.js';
import type { CellKind, CellKinds, FolderKind } from './run-kind.js';

/** Writes text as a file of a folder, after its checksum is sealed. @throws FileWriteError */
export async function writeSealed(path: string, content: string, seal: Seal): Promise<void> {
  await seal(checksumOf(content));
  await writeDurably(path, content);
}

/** Returns rows as CSV with these columns. */
export const csvOf = (rows: readonly object[], columns: Readonly<Record<string, CellKind>>) =>
  toCsv(rows, Object.keys(columns));

/**
 * Returns the rows of a CSV file in a run's folder.
 * @param none the explanation of a missing file
 * @throws RangeError if there is none, it is damaged, or it does not hold these columns
 */
export async function readCsvTable<Row>(
  kind: FolderKind,
  folder: string,
  name: string,
  cellKinds: CellKinds<Row>,
  none: () => Error,
): Promise<Row[]> {
  const columns = Object.entries<CellKind>(cellKinds);
  const path = join(folder, name);
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) throw none();
  await requireTable(kind, folder, name);
  const [head = [], ...lines] = parseCsv(decodeText(bytes, path));
  const expected = columns.map(([key]) => snakeCase(key)).join();
  if (head.join() !== expected) throw invalid(`columns of ${path}`, head.join(), expected);
  return lines.map((cells, line) => {
    const place = `line ${line + 2} of ${path}`;
    if (cells.length !== columns.length)
      throw invalid(`number of cells in ${place}`, cells.length, `${columns.length}, as in line 1`);
    const values = columns.map(([key, kind], i) => [key, readCell(cells[i] ?? '', kind, place)]);
    return Object.fromEntries(values) as Row;
  });
}

function readCell(cell: string, kind: CellKind, place: string): string | number | boolean | null {
  if (cell === '' && kind.endsWith('?')) return null;
  if (kind.startsWith('text')) return cell;
  if (kind === 'boolean') {
    if (cell !== 'true' && cell !== 'false') throw invalid(`cell in ${place}`, cell, 'true, false');
    return cell === 'true';
  }
  const value = cell === '' ? NaN : Number(cell);
  if (!Number.isFinite(value)) throw invalid(`cell in ${place}`, cell, 'a finite number');
  return value;
}
