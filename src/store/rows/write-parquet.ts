import type { DuckDBConnection } from '@duckdb/node-api';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileChecksum } from '../folder/checksum.js';
import { quote } from './database.js';
import { asWriteError, renameDurably, unfinished } from '../folder/durable.js';

/**
 * Records the SHA-256 of a written file that does not have its name yet. It must be recorded before this returns. So a
 * killed process leaves a checksum without a file, never a file without its checksum.
 */
export type Seal = (sha256: string) => Promise<void>;

/**
 * Writes the result of a query as a Parquet file, whole and durably or not at all.
 * @throws FileWriteError if the disk is full
 */
export async function writeParquet(
  connection: DuckDBConnection,
  select: string,
  path: string,
  { rowGroup = 122_880, compression = 'zstd', ...sealing }: ParquetOptions = {},
): Promise<void> {
  const format = `FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE ${rowGroup}`;
  await copyTo(connection, select, path, format, sealing);
}

export interface ParquetOptions extends SealOptions {
  readonly rowGroup?: number | undefined;
  readonly compression?: 'zstd' | 'uncompressed' | undefined;
}

interface SealOptions {
  readonly seal?: Seal | undefined;
  /** Returns the file's path, if its name contains the checksum. */
  readonly pathOf?: ((sha256: string) => string) | undefined;
}

/**
 * Writes the result of a query in a format of DuckDB's COPY, whole and durably or not at all.
 * @throws FileWriteError if the disk is full
 */
export async function copyTo(
  connection: DuckDBConnection,
  select: string,
  path: string,
  format: string,
  { seal, pathOf }: SealOptions = {},
): Promise<void> {
  const temporary = unfinished(path);
  try {
    await connection.run(`COPY (${select}) TO ${quote(resolve(temporary))} (${format}, USE_TMP_FILE false)`);
    const sha256 = seal || pathOf ? await fileChecksum(temporary) : '';
    await seal?.(sha256);
    await renameDurably(temporary, pathOf?.(sha256) ?? path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined); // frees space on a full disk
    throw asWriteError(path, error);
  }
}
