import { resolve } from 'node:path';
import { invalid } from '../../errors.js';
import type { RunKind } from '../run-kind.js';
import { formatShard, isOfShard, taskCount, type Shard } from '../shard.js';
import type { Column } from './columns.js';
import { connect, parquetTable } from './database.js';
import { partPaths } from './row-files.js';

/** The tasks of a run whose rows are on disk, by their places. */
export interface DoneTasks {
  readonly count: number;
  has(place: number): boolean;
}

/** Parts read in one query. */
const AT_ONCE = 500;

/**
 * Returns which tasks the whole parts of a run have. It keeps one bit per task, so a thousand million tasks take some
 * 100 MiB.
 *
 * @throws RangeError that names the part if one is damaged, has a task in part, or one that another has too
 */
export async function readDoneTasks<Spec>(
  kind: RunKind<Spec>,
  folder: string,
  spec: Spec,
): Promise<DoneTasks> {
  const remedy = `a whole Parquet file; without this one its ${kind.unit}s are measured again`;
  return readTasks(kind, await partPaths(folder), spec, null, remedy);
}

/**
 * Checks that the table of a complete run has all rows of its part and no others.
 *
 * @throws RangeError that names the table if it is damaged, or has a task in part, twice, of another part or not at all
 */
export async function requireRows<Spec>(
  kind: RunKind<Spec>,
  path: string,
  spec: Spec,
  shard: Shard | null,
): Promise<void> {
  const { count } = await readTasks(kind, [path], spec, shard, 'a whole Parquet file');
  const total = taskCount(kind.tasks(spec), shard);
  if (count !== total) {
    const allowed = `all ${total} ${kind.unit}s of part ${formatShard(shard)}; this file has ${count}`;
    throw invalid('rows', path, allowed);
  }
}

/** Returns the tasks that files have; each must belong to the part, once and whole. */
async function readTasks<Spec>(
  kind: RunKind<Spec>,
  paths: readonly string[],
  spec: Spec,
  shard: Shard | null,
  whole: string,
): Promise<DoneTasks> {
  const tasks = kind.tasks(spec);
  const bits = bitSet(tasks.count);
  const constants = (kind.constants?.(spec) ?? {}) as Readonly<Record<string, unknown>>;
  const fixed = kind.columns.filter(({ key }) => Object.hasOwn(constants, key));
  const keys = kind.taskColumns;
  const connection = await connect();
  const mark = async (some: readonly string[]) => {
    const names = keys.map(({ name }) => `"${name}"`).join(', ');
    const bounds = fixed.map(({ name }) => `, min("${name}"), max("${name}")`).join('');
    const result = await connection.stream(
      `SELECT min(filename), count(*)::INTEGER, ${names}${bounds}
       FROM (SELECT filename, ${[names, ...fixed.map(({ name }) => `"${name}"`)].join(', ')}
             FROM ${parquetTable(some, { filename: true })})
       GROUP BY ${some.length > 1 ? 'filename, ' : ''}${names}`,
    );
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      for (const [file, rows, ...values] of chunk.getRows()) {
        const path = some.find((given) => resolve(given) === file);
        fixed.forEach(({ name, key, sql }, i) => {
          const bounds = values.slice(keys.length + 2 * i, keys.length + 2 * i + 2);
          const found = bounds.map((value) => (sql === 'BIGINT' ? Number(value) : value));
          const strange = found.find((value) => value !== constants[key]);
          if (strange === undefined) return;
          const allowed = `${kind.unit}s of ${name} ${String(constants[key])}; this file has ${name} ${String(strange)}`;
          throw invalid('rows', path, allowed);
        });
        const task = taskOf(keys, values);
        const place = tasks.placeOf(task);
        const isWhole = place !== undefined && rows === (kind.rowsOf?.(spec, task) ?? rows);
        if (isWhole && isOfShard(tasks, shard, place) && bits.add(place)) continue;
        const what = shard ? `part ${formatShard(shard)} of the ${kind.kind}` : `the ${kind.kind}`;
        const allowed = `every ${kind.unit} of ${what} once and whole; this file breaks it at ${kind.describe(task)}`;
        throw invalid('rows', path, allowed);
      }
    }
  };
  try {
    for (let i = 0; i < paths.length; i += AT_ONCE) {
      const some = paths.slice(i, i + AT_ONCE);
      await mark(some).catch(async (error: Error) => {
        if (error instanceof RangeError) throw error;
        throw (await damaged(connection, some, whole)) ?? error;
      });
    }
  } finally {
    connection.closeSync();
  }
  return bits;
}

/** Returns the task whose columns have these values. */
function taskOf(keys: readonly Column[], values: readonly unknown[]): object {
  const task: Record<string, unknown> = {};
  for (const [i, { key, sql }] of keys.entries())
    task[key] = sql === 'BIGINT' ? Number(values[i]) : (values[i] ?? null);
  return task;
}

/** Returns the error for the first file that cannot be read completely. */
export async function damaged(
  connection: Awaited<ReturnType<typeof connect>>,
  paths: readonly string[],
  whole: string,
): Promise<RangeError | undefined> {
  for (const path of paths) {
    try {
      await connection.run(`SELECT count(hash(row)) FROM ${parquetTable([path])} AS row`);
    } catch (cause) {
      const error = invalid('rows', path, whole);
      error.cause = cause;
      return error;
    }
  }
  return undefined;
}

/** A set of places, with one bit per place. */
function bitSet(size: number) {
  const bits = new Uint8Array(Math.ceil(size / 8));
  let count = 0;
  const has = (place: number) => ((bits[Math.floor(place / 8)]! >> (place % 8)) & 1) === 1;
  return {
    get count() {
      return count;
    },
    has,
    /** Adds a place and returns whether it was new. */
    add(place: number): boolean {
      if (has(place)) return false;
      bits[Math.floor(place / 8)]! |= 1 << (place % 8);
      count++;
      return true;
    },
  };
}
