import { invalid } from '../errors.js';
import type { LayerTask } from '../study/measure-layer.js';
import { tapsAt, type Study } from '../study/study.js';
import { connect, parquetTable, quote } from './database.js';
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
  const bits = bitSet(study);
  const parts = await partPaths(folder);
  const expected = new Map(
    study.blocks.map((block) => [block as string, study.activations.length * tapsAt(study, block).length]),
  );
  const connection = await connect();
  const mark = async (paths: readonly string[]) => {
    const result = await connection.stream(
      `SELECT min(filename), block, dimension_ratio, layer, count(*)::INTEGER
       FROM (SELECT filename, block, dimension_ratio, layer
             FROM read_parquet([${paths.map(quote).join(', ')}], filename = true))
       GROUP BY ${paths.length > 1 ? 'filename, ' : ''}block, dimension_ratio, layer`,
    );
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      for (const [path, block, dimensionRatio, layer, rows] of chunk.getRows()) {
        const task = { block, dimensionRatio, layer } as LayerTask;
        const where = `layer ${task.layer} of ${task.block} at ratio ${task.dimensionRatio}`;
        if (rows !== expected.get(task.block) || !bits.add(task)) {
          throw invalid(
            'rows',
            path,
            `every layer of the study once and whole; this file breaks it at ${where}`,
          );
        }
      }
    }
  };
  try {
    for (let i = 0; i < parts.length; i += AT_ONCE) {
      const some = parts.slice(i, i + AT_ONCE);
      await mark(some).catch(async (error: Error) => {
        if (error instanceof RangeError) throw error;
        throw (await damaged(connection, some)) ?? error;
      });
    }
  } finally {
    connection.closeSync();
  }
  return bits;
}

/** Returns the complaint about the first file that cannot be read. */
async function damaged(
  connection: Awaited<ReturnType<typeof connect>>,
  paths: readonly string[],
): Promise<RangeError | undefined> {
  for (const path of paths) {
    try {
      await connection.run(`SELECT count(layer) FROM ${parquetTable([path])}`);
    } catch (cause) {
      const error = invalid(
        'rows',
        path,
        'a whole Parquet file; without this one its layers are measured again',
      );
      error.cause = cause;
      return error;
    }
  }
  return undefined;
}

/** A set of layers of a study: each has a bit, the points of a layer number next to each other. */
function bitSet({ blocks, ratios, layers }: Study) {
  const points = blocks.length * ratios.length;
  const blockPlace = new Map(blocks.map((block, i) => [block, i * ratios.length]));
  const ratioPlace = new Map(ratios.map((ratio, i) => [ratio, i]));
  const bits = new Uint8Array(Math.ceil((points * layers) / 8));
  let count = 0;
  const placeOf = ({ block, dimensionRatio, layer }: LayerTask) =>
    layer * points + blockPlace.get(block)! + ratioPlace.get(dimensionRatio)!;
  const has = (task: LayerTask) => {
    const place = placeOf(task);
    return ((bits[Math.floor(place / 8)]! >> (place % 8)) & 1) === 1;
  };
  return {
    get count() {
      return count;
    },
    has,
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
