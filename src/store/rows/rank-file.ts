import { join } from 'node:path';
import { connect } from './database.js';
import { sourceOf } from './row-files.js';
import { ROW_ORDER } from './sort-rows.js';
import { copyTo, type Seal } from './write-parquet.js';

/**
 * Writes `ranks.csv` into a run's folder: one line per rank, for programs that read no nested columns of Parquet. The
 * lines are in the order of the rows, those of a row in the order of its tolerances.
 * @throws FileWriteError
 */
export async function writeRanks(folder: string, seal: Seal): Promise<void> {
  const { table, sorted } = await sourceOf(folder);
  const connection = await connect({ spill: join(folder, 'rows.spill') });
  try {
    const ranks = `
      SELECT block, tap, activation, dimension_ratio, layer, seed, d_in, d_out, hidden, channels, columns,
             one.tolerance, one.absolute AS threshold, one.rank, one.lower, one.upper, one.certified,
             one.rank / channels AS rank_ratio
      FROM (SELECT * EXCLUDE spectrum, unnest(ranks) AS one, generate_subscripts(ranks, 1) AS place FROM ${table})
      ${sorted ? '' : `ORDER BY ${ROW_ORDER}, place`}`;
    await copyTo(connection, ranks, join(folder, 'ranks.csv'), 'FORMAT csv, HEADER true', { seal });
  } finally {
    connection.closeSync();
  }
}
