import type * as DuckDB from '@duckdb/node-api';
import type { Column } from './columns.js';
import { parquetTable } from './database.js';

/** Returns the SQL table of the rows in Parquet files, with today's columns whichever version wrote each file. */
export function rowTable(columns: readonly Column[], paths: readonly string[]): string {
  const values = columns.map(({ name, former }) =>
    former === undefined ? `"${name}"` : `coalesce(*COLUMNS('^(${name}|${former})$')) AS "${name}"`,
  );
  const rows = parquetTable(paths, { union: true });
  const added = columns.filter(({ added }) => added).map(({ name, sql }) => `NULL::${sql} AS "${name}"`);
  const whole =
    added.length === 0
      ? rows
      : `(SELECT * FROM ${rows} UNION ALL BY NAME SELECT ${added.join(', ')} WHERE false)`;
  return `(SELECT ${values.join(', ')} FROM ${whole})`;
}

/** Creates an empty table for rows. */
export async function createRowTable(
  connection: DuckDB.DuckDBConnection,
  columns: readonly Column[],
  table: string,
): Promise<void> {
  const definition = columns.map(({ name, sql }) => `"${name}" ${sql}`).join(', ');
  await connection.run(`CREATE TABLE "${table}" (${definition})`);
}

/** Appends rows to a table made by `createRowTable`. */
export async function appendRows(
  connection: DuckDB.DuckDBConnection,
  columns: readonly Column[],
  table: string,
  rows: readonly unknown[],
): Promise<void> {
  const duckDb = await import('@duckdb/node-api');
  const appender = await connection.createAppender(table);
  // asked for once: the database describes a type anew, field by field, every time
  const types = columns.map((_, column) => appender.columnType(column));
  const append = (row: Readonly<Record<string, unknown>>) => {
    columns.forEach((column, i) => appendValue(duckDb, appender, row[column.key], column, types[i]));
    appender.endRow();
  };
  for (const row of rows) append(row as Readonly<Record<string, unknown>>);
  appender.closeSync();
}

function appendValue(
  duckDb: typeof DuckDB,
  appender: DuckDB.DuckDBAppender,
  value: unknown,
  { sql, fields }: Column,
  type: DuckDB.DuckDBType | undefined,
): void {
  if (value === null || value === undefined) appender.appendNull();
  else if (typeof value === 'object') appender.appendValue(toList(duckDb, value, fields ?? []), type);
  else if (typeof value === 'string') appender.appendVarchar(value);
  else if (typeof value === 'boolean') appender.appendBoolean(value);
  else if (sql === 'INTEGER') appender.appendInteger(value as number);
  else if (sql === 'BIGINT') appender.appendBigInt(BigInt(value as number));
  else appender.appendDouble(value as number);
}

type Struct = Readonly<Record<string, DuckDB.DuckDBValue>>;

function toList(
  { listValue, structValue }: typeof DuckDB,
  values: object,
  fields: readonly string[],
): DuckDB.DuckDBValue {
  if (values instanceof Float64Array) return listValue(Array.from(values));
  return listValue(
    (values as readonly Struct[]).map((value) =>
      structValue(Object.fromEntries(fields.map((field) => [field, value[field] ?? null]))),
    ),
  );
}

/** Returns the row that a record of such a table holds (read with `getRowObjectsJS`). */
export function toRow(columns: readonly Column[], record: Readonly<Record<string, unknown>>): object {
  const values = columns.map(({ name, key, sql }) => {
    const value = record[name] ?? null;
    if (value === null) return [key, null];
    if (sql === 'BIGINT') return [key, Number(value)];
    return [key, sql === 'DOUBLE[]' ? Float64Array.from(value as number[]) : value];
  });
  return Object.fromEntries(values) as object;
}
