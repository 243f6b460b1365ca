import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/**
 * What a database may hold in memory while it writes, joins and reads rows; more than that goes to the disk. With
 * the rows that wait (see `openRowWriter`) this is what a study needs besides its workers, for any number of
 * layers. Measured, two workers and all: 200,000 and 800,000 layers of up to 8 channels take at most 0.7 GiB,
 * 200,000 of up to 64 channels with their spectra 1.0 GiB, and merging those 0.5 GiB.
 */
export const MEMORY_MIB = 512;

export interface DatabaseOptions {
  /** A folder for what does not fit the memory; made when it is needed. Without one nothing is put off to disk. */
  readonly spill?: string;
}

/**
 * Opens a database in memory, with one thread: the cores belong to the layers. Without a folder to spill to, as
 * when a finished run is only read, its memory is DuckDB's default, four fifths of the machine's.
 */
export async function connect({ spill }: DatabaseOptions = {}): Promise<DuckDBConnection> {
  // what was read of a file is not read again, and with thousands of parts would fill the memory
  const options: Record<string, string> = { threads: '1', enable_external_file_cache: 'false' };
  if (spill !== undefined)
    Object.assign(options, { memory_limit: `${MEMORY_MIB}MiB`, temp_directory: spill });
  const instance = await DuckDBInstance.create(':memory:', options);
  return instance.connect();
}

/** Returns text as SQL has it. */
export const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Returns the SQL table of the rows of Parquet files, in the order of the files. */
export function parquetTable(paths: readonly string[]): string {
  return `read_parquet([${paths.map(quote).join(', ')}])`;
}
