import type { DuckDBConnection } from '@duckdb/node-api';
import { lastOf } from '../../lookups.js';
import type { Column } from './columns.js';
import { quote } from './database.js';

/** The properties of rows that sorting needs. */
export interface RowOrder {
  readonly columns: readonly Column[];
  /** The columns that sort the rows; the last one has whole numbers. */
  readonly order: readonly Column[];
}

/** Returns the order of the rows as SQL; it does not depend on workers or timing. */
export const rowOrder = ({ order }: RowOrder) => order.map(({ name }) => `"${name}"`).join(', ');

/** The estimated size of the rows that are sorted at once, well below the memory of a database. */
const SORTED_BYTES = 150 * 2 ** 20;
/** A row without its lists that may be long, as the sort holds it. */
const ROW_BYTES = 600;

/**
 * Rows that are next to each other in the order. They belong to some points, or to one point and some of its last
 * numbers.
 */
interface SortPoint {
  /** The values of all columns of the order but the last. */
  readonly place: readonly (string | number | boolean | bigint | null)[];
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

/**
 * Returns SQL queries whose results, one after another, are the rows of a table in order. Each query sorts only rows
 * that fit in memory and skips the others. DuckDB's external sort exceeds its memory limit if rows contain lists.
 */
export async function orderedSelects(
  connection: DuckDBConnection,
  rows: RowOrder,
  source: string,
  bytes = SORTED_BYTES,
): Promise<string[]> {
  const order = `ORDER BY ${rowOrder(rows)}`;
  const pieces = batches(await readPoints(connection, rows, source), bytes);
  if (pieces.length <= 1) return [`SELECT * FROM ${source} ${order}`];
  return pieces.map((points) => `SELECT * FROM ${source} WHERE ${conditionOf(rows, points)} ${order}`);
}

/** Returns the points of a table of rows in their order, each with the size of its rows. */
async function readPoints(
  connection: DuckDBConnection,
  rows: RowOrder,
  source: string,
): Promise<SortPoint[]> {
  const names = rows.order.map(({ name }) => `"${name}"`);
  const last = names.at(-1);
  const place = names.slice(0, -1);
  const values = (await listLengths(connection, rows, source)).join(' + ') || '0';
  const reader = await connection.runAndReadAll(
    `SELECT min(${last}), max(${last}), sum(${ROW_BYTES} + 8 * (${values}))::DOUBLE${place.map((name) => `, ${name}`).join('')}
     FROM ${source} ${place.length > 0 ? `GROUP BY ${place.join(', ')} ORDER BY ${place.join(', ')}` : ''}`,
  );
  return reader.getRowsJS().map(([first, end, bytes, ...place]) => {
    return {
      place: place as SortPoint['place'],
      first: Number(first),
      last: Number(end),
      bytes: bytes as number,
    };
  });
}

/** Returns SQL for the lengths of the long lists of the rows. Either all rows have such a list or none. */
export async function listLengths(
  connection: DuckDBConnection,
  { columns }: Pick<RowOrder, 'columns'>,
  source: string,
): Promise<string[]> {
  const long = columns.filter(({ length }) => length !== undefined);
  if (long.length === 0) return [];
  const isThere = long.map(({ name }) => `"${name}" IS NOT NULL`).join(', ');
  const reader = await connection.runAndReadAll(`SELECT ${isThere} FROM ${source} LIMIT 1`);
  const [found = []] = reader.getRows();
  return long.filter((_, i) => found[i] === true).map(({ length }) => String(length));
}

/** Puts neighbouring points together up to the size. A point that is larger alone is divided by its last column. */
function batches(points: readonly SortPoint[], bytes: number): SortPoint[][] {
  const pieces = points.flatMap((point) => {
    const count = Math.max(1, Math.ceil(point.bytes / bytes));
    const span = Math.ceil((point.last - point.first + 1) / count);
    return Array.from({ length: count }, (_, i) => {
      const first = point.first + i * span;
      return { ...point, first, last: Math.min(point.last, first + span - 1), bytes: point.bytes / count };
    });
  });
  const all: SortPoint[][] = [];
  let size = Infinity;
  for (const piece of pieces) {
    if (size + piece.bytes > bytes) {
      all.push([]);
      size = 0;
    }
    lastOf(all).push(piece);
    size += piece.bytes;
  }
  return all;
}

function conditionOf({ order }: RowOrder, points: readonly SortPoint[]): string {
  const names = order.map(({ name }) => `"${name}"`);
  return points
    .map(({ place, first, last }) => {
      const equal = place.map(
        (value, i) => `${names[i]} ${value === null ? 'IS NULL' : `= ${literal(value)}`}`,
      );
      return `(${[...equal, `${names.at(-1)} BETWEEN ${first} AND ${last}`].join(' AND ')})`;
    })
    .join(' OR ');
}

function literal(value: SortPoint['place'][number]): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' ? value.toExponential() : String(value);
}
