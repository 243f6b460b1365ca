import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayerRow } from '../study/layer-row.js';
import type { PointRatios } from '../study/summary.js';
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
const PART_SECONDS = 15;

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
      await writeParquet(connection, 'SELECT * FROM part', join(parts, `part-${String(count++).padStart(6, '0')}.parquet`));
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
export async function* readRows(folder: string): AsyncGenerator<LayerRow[]> {
  yield* query(`SELECT * FROM ${await source(folder)} ORDER BY ${ORDER}`, (record) => toRow(record));
}

/** Yields the rank ratios of a run's layers, point by point and tolerance by tolerance. */
export async function* readPoints(folder: string): AsyncGenerator<PointRatios[]> {
  const sql = `
    SELECT block, tap, activation, dimension_ratio, one.tolerance AS tolerance,
           list(one.rank / channels ORDER BY layer) AS rank_ratios, avg(1 / channels) AS step
    FROM (SELECT *, unnest(ranks) AS one, unnest(range(len(ranks))) AS place FROM ${await source(folder)})
    GROUP BY block, tap, activation, dimension_ratio, one.tolerance, place
    ORDER BY block, tap, activation, dimension_ratio, place`;
  yield* query(sql, (record) => ({
    block: record.block as string,
    tap: record.tap as string,
    activation: record.activation as string,
    dimensionRatio: record.dimension_ratio as number,
    tolerance: record.tolerance as string,
    rankRatios: record.rank_ratios as number[],
    step: record.step as number,
  }));
}

/** Returns the SQL source of a run's rows: the one file of a complete run, or the parts of another. */
async function source(folder: string): Promise<string> {
  const whole = join(folder, 'rows.parquet');
  if (existsSync(whole)) return `read_parquet(${quote(whole)})`;
  const parts = join(folder, 'rows');
  const names = existsSync(parts) ? await readdir(parts) : [];
  if (!names.some((name) => name.endsWith('.parquet'))) throw new RangeError(`missing rows: ${folder} holds none`);
  return `read_parquet(${quote(join(parts, '*.parquet'))})`;
}

async function* query<T>(sql: string, convert: (record: Record<string, unknown>) => T): AsyncGenerator<T[]> {
  const connection = await connect();
  try {
    const result = await connection.stream(sql);
    for await (const records of result.yieldRowObjectJs()) if (records.length > 0) yield records.map(convert);
  } finally {
    connection.closeSync();
  }
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
