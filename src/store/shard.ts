import { invalid } from '../errors.js';
import type { TaskList } from './task-list.js';

/** Part `index`, from 1, of `count` parts of a run. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * Returns the shard `i/n`, or null for the whole (not given, or `1/1`). @param of the number of tasks and their name,
 * for the message: `the study has layers`
 * @throws RangeError unless 1 <= i <= n, with no more parts than there are tasks
 */
export function readShard(
  text: unknown,
  tasks: Pick<TaskList<unknown>, 'count'>,
  of = 'there are tasks',
): Shard | null {
  if (text === undefined || text === null) return null;
  const match = /^([1-9]\d*)\/([1-9]\d*)$/.exec(String(text).trim());
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || index > count) throw invalid('shard', text, 'I/N with whole numbers, 1 <= I <= N');
  if (count > tasks.count) throw invalid('shard', text, `no more parts than ${of}, ${tasks.count}`);
  return count === 1 ? null : { index, count };
}

/** Returns `i/n`, the notation that `readShard` reads. */
export function formatShard(shard: Shard | null): string {
  return shard ? `${shard.index}/${shard.count}` : '1/1';
}

/** Returns the number of tasks of a part, or of the whole. */
export function taskCount({ count }: Pick<TaskList<unknown>, 'count'>, shard: Shard | null): number {
  if (!shard) return count;
  return Math.floor(count / shard.count) + (shard.index <= count % shard.count ? 1 : 0);
}

/**
 * Yields the places of the tasks of a part, in order. The parts are disjoint, together they are the whole, and their
 * sizes differ by one at most: the tasks are dealt out in turn, in the order that the list deals them in.
 */
export function* placesOf(tasks: TaskList<unknown>, shard: Shard | null): Generator<number> {
  for (let place = 0; place < tasks.count; place++) if (isOfShard(tasks, shard, place)) yield place;
}

/** Returns whether the task at a place belongs to a part. */
export function isOfShard(tasks: TaskList<unknown>, shard: Shard | null, place: number): boolean {
  return !shard || (tasks.deal?.(place) ?? place) % shard.count === shard.index - 1;
}
