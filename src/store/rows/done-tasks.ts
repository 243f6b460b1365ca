import { resolve } from 'node:path';
import { invalid } from '../../errors.js';
import type { LayerTask } from '../../study/measure-layer.js';
import { formatShard, isOfShard, taskCount, type Shard } from '../../study/shard.js';
import { tapsAt, type Study } from '../../study/study.js';
import { connect, parquetTable } from './database.js';
import { partPaths } from './row-files.js';

/** The layers of a study whose rows are on disk. */
export interface DoneTasks {
  readonly count: number;
  has(task: LayerTask): boolean;
}

/** Parts looked at in one query. */
const AT_ONCE = 500;

/**
 * Returns which layers of a study the whole parts of its run have. One bit a layer is kept, so a thousand million
 * layers take some 100 MiB.
 *
 * @throws RangeError that names the part if one is damaged, has a layer in part, or one that another has too
 */
export async function readDoneTasks(folder: string, study: Study): Promise<DoneTasks> {
  const remedy = 'a whole Parquet file; without this one its layers are measured again';
  return readTasks(await partPaths(folder), study, null, remedy);
}

/**
 * Checks that the table of a complete run has the rows of its part of the study, all of them and no others.
 *
 * @throws RangeError that names the table if it is damaged, or has a layer in part, twice, of another part or not at all
 */
export async function requireRows(path: string, study: Study, shard: Shard | null): Promise<void> {
  const { count } = await readTasks([path], study, shard, 'a whole Parquet file');
  const total = taskCount(study, shard);
  if (count !== total)
    throw invalid('rows', path, `all ${total} layers of part ${formatShard(shard)}; this file has ${count}`);
}

/** Returns which layers files have, each of the study's part, once and whole. */
async function readTasks(
  paths: readonly string[],
  study: Study,
  shard: Shard | null,
  whole: string,
): Promise<DoneTasks> {
  const bits = bitSet(study);
  const expected = new Map(
    study.blocks.map((block) => [block as string, study.activations.length * tapsAt(study, block).length]),
  );
  const connection = await connect();
  const mark = async (some: readonly string[]) => {
    const result = await connection.stream(
      `SELECT min(filename), block, dimension_ratio, layer, count(*)::INTEGER, min(seed), max(seed)
       FROM (SELECT filename, block, dimension_ratio, layer, seed
             FROM ${parquetTable(some, { filename: true })})
       GROUP BY ${some.length > 1 ? 'filename, ' : ''}block, dimension_ratio, layer`,
    );
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      for (const [file, block, dimensionRatio, layer, rows, ...seeds] of chunk.getRows()) {
        const path = some.find((given) => resolve(given) === file);
        const strange = seeds.find((seed) => Number(seed) !== study.seed);
        if (strange !== undefined)
          throw invalid('rows', path, `layers of seed ${study.seed}; this file has seed ${Number(strange)}`);
        const task = { block, dimensionRatio, layer } as LayerTask;
        if (rows === expected.get(task.block) && bits.isOf(shard, task) && bits.add(task)) continue;
        const where = `layer ${task.layer} of ${task.block} at ratio ${task.dimensionRatio}`;
        const what = shard ? `part ${formatShard(shard)} of the study` : 'the study';
        throw invalid('rows', path, `every layer of ${what} once and whole; this file breaks it at ${where}`);
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

/** Returns the complaint about the first file that cannot be read from end to end. */
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

/** A set of layers of a study: each has a bit, the points of a layer number next to each other. */
function bitSet(study: Study) {
  const { blocks, ratios, layers } = study;
  const points = blocks.length * ratios.length;
  const blockPlace = new Map(blocks.map((block, i) => [block, i * ratios.length]));
  const ratioPlace = new Map(ratios.map((ratio, i) => [ratio, i]));
  const bits = new Uint8Array(Math.ceil((points * layers) / 8));
  let count = 0;
  const pointOf = ({ block, dimensionRatio }: LayerTask) =>
    blockPlace.get(block)! + ratioPlace.get(dimensionRatio)!;
  const placeOf = (task: LayerTask) => task.layer * points + pointOf(task);
  const has = (task: LayerTask) => {
    const place = placeOf(task);
    return ((bits[Math.floor(place / 8)]! >> (place % 8)) & 1) === 1;
  };
  return {
    get count() {
      return count;
    },
    has,
    /** Returns whether the layer belongs to a part of the study. */
    isOf: (shard: Shard | null, task: LayerTask) => isOfShard(study, shard, task.layer, pointOf(task)),
    /** Returns whether the layer is one of the study's that was not in yet. */
    add(task: LayerTask): boolean {
      const place = placeOf(task);
      if (!(place < points * layers) || has(task)) return false;
      bits[Math.floor(place / 8)]! |= 1 << (place % 8);
      count++;
      return true;
    },
  };
}
