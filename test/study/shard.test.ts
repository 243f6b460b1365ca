import { describe, expect, it } from 'vitest';
import { layerTasks } from '../../src/study/measure-layer.js';
import { formatShard, readShard, taskCount, tasksOf } from '../../src/study/shard.js';
import { resolveStudy } from '../../src/study/study.js';

const study = (layers: number, ratios = [0.2, 0.5, 1]) =>
  resolveStudy({ blocks: ['pointwise', 'conv3x3'], ratios, layers });

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
    expect(() => readShard('1/7', study(1))).toThrow(
      'invalid shard: 1/7 (allowed: no more parts than the study has layers to draw, 6)',
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
  ])('with %i layers a point, %i of them, are disjoint, complete and even', (layers, count) => {
    const whole = study(layers);
    const parts = Array.from({ length: count }, (_, i) => [
      ...tasksOf(whole, readShard(`${i + 1}/${count}`, whole)),
    ]);
    const names = parts.flat().map(name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.sort()).toEqual(Array.from(layerTasks(whole), name).sort());

    const spread = (numbers: number[]) => Math.max(...numbers) - Math.min(...numbers);
    expect(spread(parts.map((part) => part.length))).toBeLessThanOrEqual(1);
    for (const block of whole.blocks) {
      for (const ratio of whole.ratios) {
        const shares = parts.map(
          (part) => part.filter((task) => task.block === block && task.dimensionRatio === ratio).length,
        );
        expect(spread(shares)).toBeLessThanOrEqual(1);
      }
    }
    parts.forEach((part, i) =>
      expect(taskCount(whole, readShard(`${i + 1}/${count}`, whole))).toBe(part.length),
    );
  });

  it('are the same whenever they are asked for', () => {
    const shard = readShard('2/3', study(5));
    expect([...tasksOf(study(5), shard)]).toEqual([...tasksOf(study(5), shard)]);
  });
});
