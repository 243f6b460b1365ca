import type { DuckDBConnection } from '@duckdb/node-api';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from './database.js';
import { syncFolder } from '../folder/durable.js';
import { joinRows } from './join-rows.js';
import { PART_SECONDS } from './part-seconds.js';
import { damaged, isRowFile, partName, partNumber, partPaths, partsFolder, wholePath } from './row-files.js';
import { appendRows, createRowTable } from './row-table.js';
import type { RowOrder } from './sort-rows.js';
import { writeParquet, type Seal } from './write-parquet.js';

/**
 * Keeps a run's rows on disk. While a run goes on, `rows/part-N.SHA256.parquet` files are added one by one, each written
 * under another name and renamed when it is whole and on the disk, so that a run cut short, even by a loss of
 * power, leaves only whole parts. When the run is complete they become one sorted `rows.parquet`.
 */
export interface RowWriter {
  /**
   * Keeps the rows of one task. Writes a part when there are enough rows or some seconds have passed. All rows of a
   * task come into one part.
   * @param units how many units these rows count as
   */
  add(rows: readonly unknown[], units: number): Promise<void>;
  /** Writes the remaining rows; with `complete`, also joins the parts to `rows.parquet`. */
  close(complete: boolean): Promise<void>;
}

export interface RowWriterOptions {
  /** @see RecordOptions.partSeconds */
  readonly seconds?: number | undefined;
  /** Called when a part is on disk, with the units in it. */
  readonly onPart?: ((units: number) => Promise<void>) | undefined;
  /** Records the checksum of `rows.parquet`. */
  readonly seal?: Seal | undefined;
}

/**
 * The limits of a part: the number of waiting rows, and of values in their long lists. It is also written when a task
 * is done after the time. So the rows that wait take some 60 MiB at most, besides what the database has (see
 * `MEMORY_MIB`), and a killed process loses the tasks finished in the last seconds and those under way.
 */
const PART_ROWS = 20_000;
const PART_VALUES = 4_000_000;

export async function openRowWriter(
  kind: RowOrder,
  folder: string,
  { seconds = PART_SECONDS, onPart, seal }: RowWriterOptions = {},
): Promise<RowWriter> {
  const parts = partsFolder(folder);
  await mkdir(parts, { recursive: true });
  await syncFolder(folder);
  const connection = await connect({ spill: join(folder, 'rows.spill') });
  let next = 1 + Math.max(-1, ...(await partPaths(folder)).map((path) => partNumber(path) ?? -1));
  const long = kind.columns.filter(({ length }) => length !== undefined).map(({ key }) => key);
  let waiting: unknown[] = [];
  let values = 0;
  let units = 0;
  let last = performance.now();

  const flush = async () => {
    if (waiting.length > 0) {
      const [rows, count] = [waiting, units];
      const before = values;
      [waiting, units, values] = [[], 0, 0];
      try {
        await writePart(connection, kind, rows, parts, next++);
      } catch (error) {
        // `close` tries once more: by then the workers have given back their files and memory
        [waiting, units, values] = [[...rows, ...waiting], units + count, values + before];
        throw error;
      }
      await onPart?.(count);
    }
    last = performance.now();
  };

  return {
    async add(rows, count) {
      for (const row of rows) {
        waiting.push(row);
        for (const key of long) values += (row as ReadonlyRecord)[key]?.length ?? 0;
      }
      units += count;
      const late = performance.now() - last >= seconds * 1000;
      if (late || waiting.length >= PART_ROWS || values >= PART_VALUES) await flush();
    },
    async close(complete) {
      try {
        await flush();
        if (complete) {
          const paths = await partPaths(folder);
          if (paths.length > 0 && !existsSync(wholePath(folder)))
            await joinRows(connection, kind, paths, folder, { seal });
          await removeParts(parts);
          await rm(damaged(wholePath(folder)), { force: true });
        }
      } finally {
        connection.closeSync();
        await rm(join(folder, 'rows.spill'), { recursive: true, force: true });
      }
    },
  };
}

/** Removes the folder of parts; files in it that are not the run's own stay. */
async function removeParts(parts: string): Promise<void> {
  for (const name of (await readdir(parts).catch(() => [])).filter(isRowFile))
    await rm(join(parts, name), { recursive: true, force: true });
  await rmdir(parts).catch(() => undefined); // it holds somebody's files
}

type ReadonlyRecord = Readonly<Record<string, ArrayLike<unknown> | null | undefined>>;

async function writePart(
  connection: DuckDBConnection,
  { columns }: RowOrder,
  rows: readonly unknown[],
  parts: string,
  number: number,
): Promise<void> {
  await connection.run('DROP TABLE IF EXISTS part'); // of a part that could not be written
  await createRowTable(connection, columns, 'part');
  await appendRows(connection, columns, 'part', rows);
  const pathOf = (sha256?: string) => join(parts, partName(number, sha256));
  await writeParquet(connection, 'SELECT * FROM part', pathOf(), { pathOf });
  await connection.run('DROP TABLE part');
}
