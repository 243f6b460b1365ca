import type * as DuckDB from '@duckdb/node-api';
import type { LayerRow } from '../../study/layer-row.js';
import { parquetTable } from './database.js';

/** The table of a run's rows: each column's name in SQL, its type, and where its value is in a row. */
const columns: readonly (readonly [name: string, type: string, key: keyof LayerRow])[] = [
  ['block', 'VARCHAR', 'block'],
  ['tap', 'VARCHAR', 'tap'],
  ['activation', 'VARCHAR', 'activation'],
  ['dimension_ratio', 'DOUBLE', 'dimensionRatio'],
  ['layer', 'INTEGER', 'layer'],
  ['seed', 'BIGINT', 'seed'],
  ['d_in', 'INTEGER', 'dIn'],
  ['d_out', 'INTEGER', 'dOut'],
  ['hidden', 'INTEGER', 'hidden'],
  ['channels', 'INTEGER', 'channels'],
  ['columns', 'INTEGER', 'columns'],
  [
    'ranks',
    'STRUCT(tolerance VARCHAR, absolute DOUBLE, "rank" INTEGER, "lower" INTEGER, "upper" INTEGER, certified BOOLEAN)[]',
    'ranks',
  ],
  ['largest', 'DOUBLE', 'largest'],
  ['smallest', 'DOUBLE', 'smallest'],
  ['stable_rank', 'DOUBLE', 'stableRank'],
  ['effective_rank', 'DOUBLE', 'effectiveRank'],
  ['participation_ratio', 'DOUBLE', 'participationRatio'],
  ['spectral_entropy', 'DOUBLE', 'spectralEntropy'],
  ['nuclear_norm', 'DOUBLE', 'nuclearNorm'],
  ['condition_number', 'DOUBLE', 'conditionNumber'],
  ['method', 'VARCHAR', 'method'],
  ['spectrum', 'DOUBLE[]', 'spectrum'],
];

/** Columns that had another name before version 0.2, with that name. */
const formerNames: Readonly<Record<string, string>> = { method: 'way' };

/** Returns the SQL table of the rows in Parquet files, with today's columns whichever version wrote each file. */
export function rowTable(paths: readonly string[]): string {
  const values = columns.map(([name]) => {
    const former = formerNames[name];
    return former === undefined ? `"${name}"` : `coalesce(*COLUMNS('^(${name}|${former})$')) AS "${name}"`;
  });
  return `(SELECT ${values.join(', ')} FROM ${parquetTable(paths, { union: true })})`;
}

/** Creates an empty table for rows. */
export async function createRowTable(connection: DuckDB.DuckDBConnection, table: string): Promise<void> {
  const definition = columns.map(([name, type]) => `"${name}" ${type}`).join(', ');
  await connection.run(`CREATE TABLE "${table}" (${definition})`);
}

/** Appends rows to a table made by `createRowTable`. */
export async function appendRows(
  connection: DuckDB.DuckDBConnection,
  table: string,
  rows: readonly LayerRow[],
): Promise<void> {
  const duckDb = await import('@duckdb/node-api');
  const appender = await connection.createAppender(table);
  // asked for once: the database describes a type anew, field by field, every time
  const types = columns.map((_, column) => appender.columnType(column));
  for (const row of rows) appendRow(duckDb, appender, row, types);
  appender.closeSync();
}

function appendRow(
  duckDb: typeof DuckDB,
  appender: DuckDB.DuckDBAppender,
  row: LayerRow,
  types: readonly DuckDB.DuckDBType[],
): void {
  columns.forEach(([, type, key], column) => {
    const value = row[key];
    if (value === null) appender.appendNull();
    else if (typeof value === 'object') appender.appendValue(toList(duckDb, value), types[column]);
    else if (typeof value === 'string') appender.appendVarchar(value);
    else if (type === 'INTEGER') appender.appendInteger(value);
    else if (type === 'BIGINT') appender.appendBigInt(BigInt(value));
    else appender.appendDouble(value);
  });
  appender.endRow();
}

function toList(
  { listValue, structValue }: typeof DuckDB,
  values: LayerRow['ranks'] | Float64Array,
): DuckDB.DuckDBValue {
  return listValue(
    values instanceof Float64Array
      ? Array.from(values)
      : values.map(({ tolerance, absolute, rank, lower, upper, certified }) =>
          structValue({ tolerance, absolute, rank, lower, upper, certified }),
        ),
  );
}

/** Returns the row that a record of such a table holds (read with `getRowObjectsJS`). */
export function toRow(record: Readonly<Record<string, unknown>>): LayerRow {
  const values = columns.map(([name, type, key]) => {
    const value = record[name] ?? null;
    if (value === null) return [key, null];
    if (type === 'BIGINT') return [key, Number(value)];
    return [key, type === 'DOUBLE[]' ? Float64Array.from(value as number[]) : value];
  });
  return Object.fromEntries(values) as LayerRow;
}
