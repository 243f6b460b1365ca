import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { missing } from '../errors.js';
import type { LayerRow } from '../study/layer-row.js';
import { connect, parquetTable } from './database.js';
import { toRow } from './row-table.js';
import { orderedSelects } from './sort-rows.js';

/**
 * Where a run's rows are. While it goes on they come as `rows/part-N.parquet`, each of them whole and never
 * changed; when it is complete they become one sorted `rows.parquet`, and the parts are removed. Where there are
 * both, the run ended between the two, and the one file has them all.
 */
export const wholePath = (folder: string) => join(folder, 'rows.parquet');
export const partsFolder = (folder: string) => join(folder, 'rows');

/** Returns the paths of a run's whole parts, in the order they were written. */
export async function partPaths(folder: string): Promise<string[]> {
  const parts = partsFolder(folder);
  const names = existsSync(parts) ? await readdir(parts) : [];
  return names
    .filter((name) => partNumber(name) !== undefined)
    .sort((a, b) => partNumber(a)! - partNumber(b)!)
    .map((name) => join(parts, name));
}

export const partName = (number: number) => `part-${String(number).padStart(6, '0')}.parquet`;

/** Returns the number of a part by its file name, or undefined if it is none. */
export function partNumber(name: string): number | undefined {
  const digits = /part-(\d+)\.parquet$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Yields a run's rows in their order, some hundreds at a time. */
export async function* readRows(folder: string): AsyncGenerator<LayerRow[]> {
  const source = await sourceOf(folder);
  const selects = existsSync(wholePath(folder)) ? [`SELECT * FROM ${source}`] : await inPieces(source);
  for (const select of selects) yield* queryBatches(select, toRow);
}

async function inPieces(source: string): Promise<string[]> {
  const connection = await connect();
  try {
    return await orderedSelects(connection, source);
  } finally {
    connection.closeSync();
  }
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
  for await (const batch of queryBatches(sql(await sourceOf(folder)), convert)) all.push(...batch);
  return all;
}

/** Yields the records of an SQL query, converted, some hundreds at a time. */
export async function* queryBatches<T>(
  sql: string,
  convert: (record: Readonly<Record<string, unknown>>) => T,
): AsyncGenerator<T[]> {
  const connection = await connect();
  try {
    const result = await connection.stream(sql);
    for await (const records of result.yieldRowObjectJs()) if (records.length > 0) yield records.map(convert);
  } finally {
    connection.closeSync();
  }
}

/** Returns the SQL table of a run's rows: the one file of a complete run, or the parts of another. */
export async function sourceOf(folder: string): Promise<string> {
  const whole = wholePath(folder);
  if (existsSync(whole)) return parquetTable([whole]);
  const parts = await partPaths(folder);
  if (parts.length === 0) throw missing('rows', folder, 'a run with at least one layer');
  return parquetTable(parts);
}
