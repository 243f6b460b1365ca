import { invalid } from '../errors.js';
import { layerTasks, type LayerTask } from './measure-layer.js';
import type { Study } from './study.js';

/** Part `index`, from 1, of `count` parts of a study. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * Returns the part that `i/n` names, or null for the whole study: nothing given, or `1/1`.
 * @throws RangeError unless 1 <= i <= n, with no more parts than the study has layers to draw
 */
export function readShard(text: unknown, study: Study): Shard | null {
  if (text === undefined || text === null) return null;
  const match = /^([1-9]\d*)\/([1-9]\d*)$/.exec(String(text).trim());
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || index > count) throw invalid('shard', text, 'I/N with whole numbers, 1 <= I <= N');
  if (count > taskCount(study)) {
    throw invalid('shard', text, `no more parts than the study has layers to draw, ${taskCount(study)}`);
  }
  return count === 1 ? null : { index, count };
}

/** Returns `i/n`, the notation that `readShard` reads. */
export function formatShard(shard: Shard | null): string {
  return shard ? `${shard.index}/${shard.count}` : '1/1';
}

/** Returns how many layers a study draws, or its part: each counts once, whatever its activations and taps. */
export function taskCount({ blocks, ratios, layers }: Study, shard: Shard | null = null): number {
  const points = blocks.length * ratios.length;
  if (!shard) return points * layers;
  const { index, count } = shard;
  const left = points * (layers % count);
  return points * Math.floor(layers / count) + Math.floor(left / count) + (index <= left % count ? 1 : 0);
}

/**
 * Yields the tasks of a part of a study. The parts are disjoint, together they are the study, and each has its
 * even share: of the layers of every point the parts' numbers differ by one at most, and so do they in all.
 *
 * The layers of a point are dealt out in turn. What is left of a point when all parts have the same number goes
 * to the parts that follow those which had the rest of the point before.
 */
export function* tasksOf(study: Study, shard: Shard | null): Generator<LayerTask> {
  if (!shard) return yield* layerTasks(study);
  const points = study.blocks.length * study.ratios.length;
  let place = 0; // of the point: the tasks run through all points for one layer number after another
  for (const task of layerTasks(study)) {
    if (isOfShard(study, shard, task.layer, place)) yield task;
    place = (place + 1) % points;
  }
}

/** Returns whether a layer of the point at a place of the grid, block by block, belongs to a part of the study. */
export function isOfShard({ layers }: Study, shard: Shard | null, layer: number, place: number): boolean {
  return !shard || (layer + place * (layers % shard.count)) % shard.count === shard.index - 1;
}
