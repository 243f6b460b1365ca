import type { DuckDBConnection } from '@duckdb/node-api';
import { firstOf } from '../../lookups.js';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetTable } from './database.js';
import { damaged } from './done-tasks.js';
import { wholePath } from './row-files.js';
import { rowTable } from './row-table.js';
import { listLengths, orderedSelects, type RowOrder } from './sort-rows.js';
import { writeParquet, type Seal } from './write-parquet.js';

/** The number of values of long lists in the file that are written together; without lists, the number of rows. */
const GROUP_VALUES = 4_000_000;
const GROUP_ROWS = 122_880;

/**
 * Joins Parquet files of rows to one sorted `rows.parquet` in a folder. The files stay. What does not fit the
 * memory is sorted piece by piece into `rows.sorting/`, and the pieces are put one after another: the disk has to
 * hold the rows two or three times for a while. The checksum is sealed before the file takes its name.
 */
export async function joinRows(
  connection: DuckDBConnection,
  rows: RowOrder,
  paths: readonly string[],
  folder: string,
  { bytes, seal }: { readonly bytes?: number | undefined; readonly seal?: Seal | undefined } = {},
): Promise<void> {
  const source = rowTable(rows.columns, paths);
  const selects = await orderedSelects(connection, rows, source, bytes);
  const sorting = join(folder, 'rows.sorting');
  const rowGroup = await rowGroupSize(connection, rows, source);
  try {
    const pieces: string[] = [];
    if (selects.length > 1) {
      await rm(sorting, { recursive: true, force: true });
      await mkdir(sorting);
      for (const [i, select] of selects.entries()) {
        const piece = join(sorting, `piece-${i}.parquet`);
        pieces.push(piece);
        await writeParquet(connection, select, piece, { rowGroup, compression: 'uncompressed' });
      }
    }
    const all = pieces.length > 0 ? `SELECT * FROM ${parquetTable(pieces)}` : firstOf(selects);
    await writeParquet(connection, all, wholePath(folder), { rowGroup, seal });
  } catch (error) {
    if (/^INTERRUPT/.test((error as Error).message)) throw error;
    throw (await damaged(connection, paths, 'a whole Parquet file')) ?? error;
  } finally {
    await rm(sorting, { recursive: true, force: true });
  }
}

/** The number of rows that are compressed together; fewer with long lists, so that they fit in memory. */
async function rowGroupSize(connection: DuckDBConnection, rows: RowOrder, source: string): Promise<number> {
  const lengths = await listLengths(connection, rows, source);
  if (lengths.length === 0) return GROUP_ROWS;
  const reader = await connection.runAndReadAll(`SELECT max(${lengths.join(' + ')}) FROM ${source}`);
  const longest = Number(reader.getRows()[0]?.[0]);
  return Math.max(2048, Math.min(GROUP_ROWS, Math.floor(GROUP_VALUES / longest)));
}
