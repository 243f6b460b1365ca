import type { DuckDBConnection } from '@duckdb/node-api';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { quote } from './database.js';
import { asWriteError, renameDurably, unfinished } from './durable.js';

/**
 * Writes what a query gives as a Parquet file, whole and on the disk or not at all.
 * @throws FileWriteError if the disk is full
 */
export async function writeParquet(
  connection: DuckDBConnection,
  select: string,
  path: string,
  { rowGroup = 122_880, compression = 'zstd' } = {},
): Promise<void> {
  const temporary = unfinished(path);
  try {
    await connection.run(
      `COPY (${select}) TO ${quote(resolve(temporary))}
       (FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE ${rowGroup}, USE_TMP_FILE false)`,
    );
    await renameDurably(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined); // makes room, where there was none
    throw asWriteError(path, error);
  }
}
