import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { resolve, sep } from 'node:path';

/**
 * Memory limit of a database while it writes, joins and reads rows; the rest goes to disk. With the rows that wait (see
 * `openRowWriter`) this is what a study needs besides its workers, for any number of layers. Measured, two workers and
 * all: 200,000 and 800,000 layers of up to 8 channels take at most 0.7 GiB, 200,000 of up to 64 channels with their
 * spectra 1.0 GiB, and merging those 0.5 GiB.
 */
export const MEMORY_MIB = 512;

export interface DatabaseOptions {
  /** A folder for data that does not fit in memory, made when needed. Without it nothing is moved to disk. */
  readonly spill?: string | undefined;
}

/**
 * Opens a database in memory, with one thread: the cores belong to the layers. Without a folder to spill to, as
 * when a finished run is only read, its memory is DuckDB's default, four fifths of the machine's.
 */
export async function connect({ spill }: DatabaseOptions = {}): Promise<DuckDBConnection> {
  // file contents are read only once, and caching thousands of parts would fill the memory
  const options: Record<string, string> = { threads: '1', enable_external_file_cache: 'false' };
  if (spill !== undefined)
    Object.assign(options, { memory_limit: `${MEMORY_MIB}MiB`, temp_directory: resolve(spill) });
  const instance = await openDatabase(':memory:', options);
  return instance.connect();
}

/** Opens a database. DuckDB is loaded here, by the first that needs it: importing rankscope need not wait for it. */
export async function openDatabase(
  path: string,
  options: Readonly<Record<string, string>>,
): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  return DuckDBInstance.create(path, options);
}

/** Returns text as SQL has it. */
export const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Returns the SQL table of the rows of Parquet files, in the order of the files. With `filename`, each row also has
 * the absolute path of its file; with `union`, files may have different columns. The only place that opens Parquet files: exactly the given ones, whatever their
 * folders are called. To DuckDB `KEY=VALUE` is a partition, `[`, `*` and `?` begin patterns, and a relative path may
 * begin with a scheme or the home folder.
 */
export function parquetTable(paths: readonly string[], { filename = false, union = false } = {}): string {
  const files = paths.map((path) => resolve(path));
  const patterns = files.map((path) => (isUnmatchable(path) ? path : literalPattern(path)));
  const read = (named: boolean) =>
    `read_parquet([${patterns.map(quote).join(', ')}], hive_partitioning = false, union_by_name = ${union}, filename = ${named})`;
  if (!files.some(isUnmatchable)) return read(filename);
  // DuckDB takes such a path literally where nothing matches it as a pattern; anything else it finds is refused
  return `(SELECT * ${filename ? '' : 'EXCLUDE (filename)'} FROM ${read(true)}
    WHERE CASE WHEN filename IN (${files.map(quote).join(', ')}) THEN true
               ELSE error('another file of that pattern: ' || filename) END)`;
}

/** Returns the pattern that only this absolute path matches. DuckDB takes the first name in a path literally. */
function literalPattern(path: string): string {
  const [, first = '', rest = ''] = /^([\\/]*[^\\/]*)(.*)$/s.exec(path) ?? [];
  return first + rest.replace(/[[*?]/g, (character) => `[${character}]`);
}

/** Whether no pattern matches the path: in patterns `\` parts folders, also where it is a character of names. */
const isUnmatchable = (path: string) => sep !== '\\' && path.includes('\\') && /[[*?]/.test(path);
