import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { invalid, missing } from '../../errors.js';
import { requireChecksum } from '../folder/checksum.js';
import { connect } from './database.js';
import { isTemporary } from '../folder/durable.js';
import { readRunManifest, type RunManifest } from '../manifest.js';
import type { FolderKind, RunKind } from '../run-kind.js';
import { rowTable, toRow } from './row-table.js';
import { orderedSelects, type RowOrder } from './sort-rows.js';

/**
 * The files of a run's rows. During a run they are `rows/part-N.SHA256.parquet`, each complete and never changed. A
 * complete run has one sorted `rows.parquet`, and the parts are removed. If both exist, the run ended between these
 * steps, and `rows.parquet` has all rows.
 */
export const wholePath = (folder: string) => join(folder, 'rows.parquet');
export const partsFolder = (folder: string) => join(folder, 'rows');

/** Returns the path a damaged file is moved to until the run is complete. */
export const damaged = (path: string) => `${path}.damaged`;

/** Returns the paths of a run's whole parts, in the order they were written. */
export async function partPaths(folder: string): Promise<string[]> {
  const parts = partsFolder(folder);
  const names = existsSync(parts) ? await readdir(parts) : [];
  return names
    .flatMap((name) => {
      const number = partNumber(name);
      return number === undefined ? [] : [{ number, path: join(parts, name) }];
    })
    .sort((a, b) => a.number - b.number)
    .map(({ path }) => path);
}

/** Returns the file name of a part. It contains the checksum, so a part has one from the start. */
export function partName(number: number, sha256?: string): string {
  const digits = String(number).padStart(6, '0');
  return `part-${digits}${sha256 === undefined ? '' : `.${sha256}`}.parquet`;
}

/** Parts of an earlier version have no checksum. */
const partPattern = /^part-(\d+)(?:\.([0-9a-f]{64}))?\.parquet$/;

/** Returns the number of a part, or undefined if the file is not one. */
export function partNumber(path: string): number | undefined {
  const digits = partPattern.exec(basename(path))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Whether a file in the folder of parts is a run's own. Such are parts, damaged ones, and those still being written.
 */
export const isRowFile = (name: string) =>
  isTemporary(name) || partNumber(name.replace(/\.damaged$/, '')) !== undefined;

/** Returns the SHA-256 in the name of a part. */
export const partChecksum = (path: string) => partPattern.exec(basename(path))?.[2];

/** Yields a run's rows in their order, some hundreds at a time. @throws RangeError that names a damaged file */
export async function* readRunRows<Row>(
  kind: RunKind<unknown, unknown, Row>,
  folder: string,
): AsyncGenerator<Row[]> {
  yield* rowsOfSource<Row>(kind, await checkedSource(kind, folder));
}

/** Yields the rows of a table in their order, as `sourceOf` returns it. */
export async function* rowsOfSource<Row>(
  kind: RowOrder,
  { table, paths, sorted }: RowSource,
): AsyncGenerator<Row[]> {
  try {
    const selects = sorted ? [`SELECT * FROM ${table}`] : await inPieces(kind, table);
    for (const select of selects) yield* queryBatches(select, (record) => toRow(kind.columns, record) as Row);
  } catch (error) {
    throw unreadable(paths, error);
  }
}

/** Returns the error for files without a checksum that cannot be read as rows. Other errors stay unchanged. */
function unreadable(paths: readonly string[], cause: unknown): unknown {
  if (cause instanceof RangeError) return cause;
  const [path, ...more] = paths;
  const files = more.length === 0 ? path : `${path} and ${more.length} more`;
  return Object.assign(invalid('rows', files, 'whole Parquet files of a run'), { cause });
}

async function inPieces(kind: RowOrder, table: string): Promise<string[]> {
  const connection = await connect();
  try {
    return await orderedSelects(connection, kind, table);
  } finally {
    connection.closeSync();
  }
}

/**
 * Returns the records of an SQL query over a run's rows, each converted.
 * @param sql the query, given the SQL name of the table of rows
 * @throws RangeError that names a damaged file
 */
export async function queryRows<T>(
  kind: RunKind,
  folder: string,
  sql: (table: string) => string,
  convert: (record: Readonly<Record<string, unknown>>) => T,
): Promise<T[]> {
  const { table, paths } = await checkedSource(kind, folder);
  const all: T[] = [];
  try {
    for await (const batch of queryBatches(sql(table), convert)) all.push(...batch);
  } catch (error) {
    throw unreadable(paths, error);
  }
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

/** A run's rows as an SQL table. */
export interface RowSource {
  readonly table: string;
  readonly paths: readonly string[];
  /** Whether they are in the order of the rows: those of a complete run. */
  readonly sorted: boolean;
}

/** Returns a run's row files: `rows.parquet` of a complete run, or the parts. */
export async function sourceOf(
  { columns, unit }: Pick<RunKind, 'columns' | 'unit'>,
  folder: string,
): Promise<RowSource> {
  const whole = wholePath(folder);
  const sorted = existsSync(whole);
  const paths = sorted ? [whole] : await partPaths(folder);
  if (paths.length === 0) throw missing('rows', folder, `a run with at least one ${unit}`);
  return { table: rowTable(columns, paths), paths, sorted };
}

/** As `sourceOf`, after a check of every file. @throws RangeError that names a damaged file */
export async function checkedSource(kind: RunKind, folder: string): Promise<RowSource> {
  const source = await sourceOf(kind, folder);
  if (source.sorted) await requireTable(kind, folder, 'rows.parquet');
  else for (const path of source.paths) await requireChecksum(path, partChecksum(path), again(kind));
  return source;
}

/** Throws unless a table of a run is intact. @throws RangeError that names a damaged file */
export async function requireTable(kind: FolderKind, folder: string, name: string): Promise<void> {
  if (!existsSync(join(folder, 'run.json'))) return; // a table by itself
  const manifest = await readRunManifest(kind, folder);
  await requireChecksum(join(folder, name), manifest.sha256[name], remedyFor(kind, manifest, name));
}

const again = ({ unit }: FolderKind) => `--resume measures its ${unit}s again`;

/** Returns how to replace a damaged table of a run. */
function remedyFor(kind: FolderKind, { from, merged }: RunManifest, name: string): string {
  if (from !== null) return `count ${from} again`;
  if (merged !== null) return 'merge its parts again';
  if (!kind.resumable) return '--overwrite measures it again';
  return name === 'rows.parquet' ? again(kind) : '--resume counts it again from the rows';
}
