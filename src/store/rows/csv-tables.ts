import { join } from 'node:path';
import type { RunKind } from '../run-kind.js';
import { connect } from './database.js';
import { sourceOf } from './row-files.js';
import { copyTo, type Seal } from './write-parquet.js';

/**
 * Writes the tables of a kind into a run's folder, for programs that read no Parquet.
 * @throws FileWriteError
 */
export async function writeCsvTables(
  kind: RunKind,
  folder: string,
  sealOf: (name: string) => Seal,
): Promise<void> {
  const tables = Object.entries(kind.csvTables);
  if (tables.length === 0) return;
  const { table, sorted } = await sourceOf(kind, folder);
  const connection = await connect({ spill: join(folder, 'rows.spill') });
  try {
    for (const [name, select] of tables) {
      const path = join(folder, name);
      await copyTo(connection, select(table, sorted), path, 'FORMAT csv, HEADER true', {
        seal: sealOf(name),
      });
    }
  } finally {
    connection.closeSync();
  }
}
