import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { missing } from '../errors.js';
import type { LayerRow } from '../study/layer-row.js';
import { appendRows, createRowTable, toRow } from './row-table.js';

/**
 * A run's rows on disk, as Parquet. While a run goes on, `rows/part-N.parquet` files are added one by one, each
 * written under another name and renamed when whole, so that a run cut short leaves only whole parts. When the
 * run is complete they become one sorted `rows.parquet`.
 */
export interface RowWriter {
  /** Keeps the rows; writes a part when enough have come together or some seconds have passed. */
  add(rows: readonly LayerRow[]): Promise<void>;
  /** Writes what is left; with `complete`, also joins the parts to `rows.parquet`. */
  close(complete: boolean): Promise<void>;
}

/** A part is written when this many rows, or this many kept singular values, wait; or at the latest after the time. */
const PART_ROWS = 20_000;
const PART_VALUES = 4_000_000;
const PART_SECONDS = 5;

export async function openRowWriter(folder: string): Promise<RowWriter> {
  const parts = join(folder, 'rows');
  await mkdir(parts, { recursive: true });
  const connection = await connect();
  let waiting: LayerRow[] = [];
  let values = 0;
  let count = 0;
  let last = performance.now();

  const flush = async () => {
    if (waiting.length > 0) {
      const rows = waiting;
      waiting = [];
      await createRowTable(connection, 'part');
      await appendRows(connection, 'part', rows);
      await writeParquet(
        connection,
        'SELECT * FROM part',
        join(parts, `part-${String(count++).padStart(6, '0')}.parquet`),
      );
      await connection.run('DROP TABLE part');
    }
    values = 0;
    last = performance.now();
  };

  return {
    async add(rows) {
      for (const row of rows) {
        waiting.push(row);
        values += row.spectrum?.length ?? 0;
      }
      const late = performance.now() - last > PART_SECONDS * 1000;
      if (late || waiting.length >= PART_ROWS || values >= PART_VALUES) await flush();
    },
    async close(complete) {
      await flush();
      if (complete && count > 0) {
        const all = `SELECT * FROM read_parquet(${quote(join(parts, '*.parquet'))}) ORDER BY ${ORDER}`;
        await writeParquet(connection, all, join(folder, 'rows.parquet'));
        await rm(parts, { recursive: true });
      }
      connection.closeSync();
    },
  };
}

/** One order of the rows, whichever worker measured what when. */
const ORDER = 'block, tap, activation, dimension_ratio, layer';

/** Yields a run's rows in their order, some hundreds at a time. */
export function readRows(folder: string): AsyncGenerator<LayerRow[]> {
  return queryBatches(folder, (source) => `SELECT * FROM ${source} ORDER BY ${ORDER}`, toRow);
}

/**
 * Returns what an SQL query over a run's rows gives, each record converted.
 * @param sql the query, given the SQL name of the table of rows
 */
export async function queryRows<T>(
  folder: string,
  sql: (source: string) => string,
  convert: (record: Readonly<Record<string, unknown>>) => T,
): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of queryBatches(folder, sql, convert)) all.push(...batch);
  return all;
}

async function* queryBatches<T>(
  folder: string,
  sql: (source: string) => string,
  convert: (record: Readonly<Record<string, unknown>>) => T,
): AsyncGenerator<T[]> {
  const source = await sourceOf(folder);
  const connection = await connect();
  try {
    const result = await connection.stream(sql(source));
    for await (const records of result.yieldRowObjectJs()) if (records.length > 0) yield records.map(convert);
  } finally {
    connection.closeSync();
  }
}

/** Returns the SQL table of a run's rows: the one file of a complete run, or the parts of another. */
async function sourceOf(folder: string): Promise<string> {
  const whole = join(folder, 'rows.parquet');
  if (existsSync(whole)) return `read_parquet(${quote(whole)})`;
  const parts = join(folder, 'rows');
  const names = existsSync(parts) ? await readdir(parts) : [];
  if (!names.some((name) => name.endsWith('.parquet')))
    throw missing('rows', folder, 'a run with at least one layer');
  return `read_parquet(${quote(join(parts, '*.parquet'))})`;
}

async function writeParquet(connection: DuckDBConnection, select: string, path: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await connection.run(`COPY (${select}) TO ${quote(unfinished)} (FORMAT parquet, COMPRESSION zstd)`);
  await rename(unfinished, path);
}

/** A database in memory, with one thread: the cores belong to the layers. */
async function connect(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  return instance.connect();
}

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
