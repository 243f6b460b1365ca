import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from './database.js';

/** One order of the rows, whichever worker measured what when. */
export const ROW_ORDER = 'block, tap, activation, dimension_ratio, layer';

/** So much is sorted at once, by an estimate of its size; well below the memory that a database has. */
const SORTED_BYTES = 150 * 2 ** 20;
/** A row without its spectrum, as the sort holds it. */
const ROW_BYTES = 600;

/** A run of rows that are next to each other in the order: those of some points, or some layers of one. */
interface SortPoint {
  readonly block: string;
  readonly tap: string;
  readonly activation: string;
  readonly dimension_ratio: number;
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

/**
 * Returns SQL queries whose results, one after another, are the rows of a table in their order. Each sorts no
 * more than fits the memory, and reads past the rest: DuckDB's own way of sorting what is larger than its memory
 * does not hold that limit where rows have lists in them.
 */
export async function orderedSelects(
  connection: DuckDBConnection,
  source: string,
  bytes = SORTED_BYTES,
): Promise<string[]> {
  const conditions = batches(await readPoints(connection, source), bytes).map(conditionOf);
  if (conditions.length <= 1) return [`SELECT * FROM ${source} ORDER BY ${ROW_ORDER}`];
  return conditions.map((condition) => `SELECT * FROM ${source} WHERE ${condition} ORDER BY ${ROW_ORDER}`);
}

/** Returns the points of a table of rows, in the order of the rows, each with what its rows take. */
async function readPoints(connection: DuckDBConnection, source: string): Promise<SortPoint[]> {
  const values = (await hasSpectra(connection, source)) ? 'least(channels, columns)' : '0';
  const reader = await connection.runAndReadAll(
    `SELECT block, tap, activation, dimension_ratio, min(layer) AS first, max(layer) AS last,
            sum(${ROW_BYTES} + 8 * ${values})::DOUBLE AS bytes
     FROM ${source} GROUP BY ALL ORDER BY block, tap, activation, dimension_ratio`,
  );
  return reader.getRowObjectsJS() as unknown as SortPoint[];
}

/** Returns whether the rows have their spectra: all of a run have, or none. */
export async function hasSpectra(connection: DuckDBConnection, source: string): Promise<boolean> {
  const reader = await connection.runAndReadAll(`SELECT spectrum IS NOT NULL FROM ${source} LIMIT 1`);
  return reader.getRows()[0]?.[0] === true;
}

/** Puts neighbouring points together up to the size, and takes a point that is larger alone apart by its layers. */
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
    all.at(-1)!.push(piece);
    size += piece.bytes;
  }
  return all;
}

function conditionOf(points: readonly SortPoint[]): string {
  return points
    .map(
      ({ block, tap, activation, dimension_ratio, first, last }) =>
        `(block = ${quote(block)} AND tap = ${quote(tap)} AND activation = ${quote(activation)}` +
        ` AND dimension_ratio = ${dimension_ratio.toExponential()} AND layer BETWEEN ${first} AND ${last})`,
    )
    .join(' OR ');
}
