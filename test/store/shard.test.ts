import { describe, expect, it } from 'vitest';
import { layerTasks } from '../../src/study/measure-layer.js';
import { studyTasks } from '../../src/runs/study-run.js';
import { formatShard, placesOf, readShard, taskCount } from '../../src/store/shard.js';
import { listTasks } from '../../src/store/task-list.js';
import { resolveStudy } from '../../src/study/study.js';

const whole = (layers: number) =>
  resolveStudy({ blocks: ['pointwise', 'conv3x3'], ratios: [0.2, 0.5, 1], layers });
const study = (layers: number) => studyTasks(whole(layers));

const name = (task: { block: string; dimensionRatio: number; layer: number }) => JSON.stringify(task);

describe('readShard', () => {
  it('reads I/N, and takes 1/1 and nothing for the whole study', () => {
    expect(readShard('2/3', study(1))).toEqual({ index: 2, count: 3 });
    expect(formatShard(readShard('2/3', study(1)))).toBe('2/3');
    for (const whole of ['1/1', undefined, null]) expect(readShard(whole, study(1))).toBeNull();
    expect(formatShard(null)).toBe('1/1');
  });

  it.each(['0/2', '3/2', '-1/2', '1/0', '1.5/2', '1', '/', '1/2/3', 'one/two', '', '01/2'])(
    'refuses %j',
    (text) => {
      const said = text === '' ? "''" : text;
      expect(() => readShard(text, study(1))).toThrow(
        new RangeError(`invalid shard: ${said} (allowed: I/N with whole numbers, 1 <= I <= N)`),
      );
    },
  );

  it('refuses more parts than there are layers to draw', () => {
    expect(readShard('6/6', study(1))).toEqual({ index: 6, count: 6 });
    expect(() => readShard('1/7', study(1), 'the study has layers')).toThrow(
      'invalid shard: 1/7 (allowed: no more parts than the study has layers, 6)',
    );
  });
});

describe('the parts of a study', () => {
  it.each([
    [20, 3],
    [20, 4],
    [1, 5],
    [2, 12],
    [7, 7],
    [9, 2],
    [10, 1],
    [3, 13],
  ])('with %i layers per point, %i of them, are disjoint, complete and even', (layers, count) => {
    const tasks = study(layers);
    const { blocks, ratios } = whole(layers);
    const parts = Array.from({ length: count }, (_, i) =>
      Array.from(placesOf(tasks, readShard(`${i + 1}/${count}`, tasks)), (place) => tasks.at(place)),
    );
    const names = parts.flat().map(name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.sort()).toEqual(Array.from(layerTasks(whole(layers)), name).sort());

    const spread = (numbers: number[]) => Math.max(...numbers) - Math.min(...numbers);
    expect(spread(parts.map((part) => part.length))).toBeLessThanOrEqual(1);
    for (const block of blocks) {
      for (const ratio of ratios) {
        const shares = parts.map(
          (part) => part.filter((task) => task.block === block && task.dimensionRatio === ratio).length,
        );
        expect(spread(shares)).toBeLessThanOrEqual(1);
      }
    }
    parts.forEach((part, i) =>
      expect(taskCount(tasks, readShard(`${i + 1}/${count}`, tasks))).toBe(part.length),
    );
  });

  it('are the same whenever they are asked for', () => {
    const shard = readShard('2/3', study(5));
    expect([...placesOf(study(5), shard)]).toEqual([...placesOf(study(5), shard)]);
  });
});

describe('the tasks of a study', () => {
  it('are those of measureStudy, in its order, each found by its place', () => {
    const tasks = study(4);
    const all = [...layerTasks(whole(4))];
    expect(tasks.count).toBe(all.length);
    expect(all.map((_, place) => tasks.at(place))).toEqual(all);
    expect(all.map((task) => tasks.placeOf(task))).toEqual(all.map((_, place) => place));
    const strange = { block: 'pointwise', dimensionRatio: 0.3, layer: 0 } as const;
    expect(tasks.placeOf(strange)).toBeUndefined();
    expect(tasks.placeOf({ ...strange, dimensionRatio: 0.2, layer: 4 })).toBeUndefined();
  });

  it('are counted and found without being listed, a thousand million of them', () => {
    const tasks = study(2 ** 28);
    const shard = readShard('7/11', tasks);
    expect(tasks.count).toBe(6 * 2 ** 28);
    expect(taskCount(tasks, shard)).toBe(Math.floor((6 * 2 ** 28) / 11) + 1);
    expect(tasks.placeOf(tasks.at(1_234_567_890))).toBe(1_234_567_890);
  });
});

it('tasks given one by one are dealt in turn', () => {
  const tasks = listTasks(['a', 'b', 'c', 'd', 'e'], (name) => name);
  const part = (i: number) => Array.from(placesOf(tasks, { index: i, count: 2 }), (place) => tasks.at(place));
  expect([1, 2].map(part)).toEqual([
    ['a', 'c', 'e'],
    ['b', 'd'],
  ]);
  expect(tasks.placeOf('f')).toBeUndefined();
});
