import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawAugmentation } from '../../src/training/data/augmentation.js';
import { epochOrder, trainingBatch } from '../../src/training/data/batches.js';
import { learningRates } from '../../src/training/learning-rate.js';
import { recipeFields, resolveRecipe } from '../../src/training/recipe.js';

describe('resolveRecipe', () => {
  it('has the table of the manual', () => {
    const lines = readFileSync('docs/training.md', 'utf8').split('\n');
    const cells = lines.flatMap((line) => {
      const row = /^\| `(\w+)` +\| (.*?) +\| `(.*?)` +\| (.*?) +\|$/.exec(line);
      return row ? [row.slice(1)] : [];
    });
    expect(cells).toEqual(
      Object.entries(recipeFields).map(([key, { meaning, why, ...field }]) => [
        ...[key, meaning, String(field.default), why],
      ]),
    );
  });

  it('has defaults that are allowed, each with its reason', () => {
    const recipe = resolveRecipe();
    for (const [key, { default: usual, read, why }] of Object.entries(recipeFields)) {
      expect([key, read(usual)]).toEqual([key, recipe[key as keyof typeof recipe]]);
      expect(why).not.toBe('');
    }
    expect(resolveRecipe(JSON.parse(JSON.stringify(recipe)) as object)).toEqual(recipe);
  });

  it.each([
    [{ epoch: 3 }, 'unknown recipe key: epoch (near: epochs'],
    [{ constructor: 1 }, 'unknown recipe key: constructor'],
    [{ epochs: 0 }, 'invalid epochs: 0'],
    [{ batch: 1 }, 'invalid batch: 1 (allowed: a whole number from 2'],
    [{ learningRate: 'fast' }, 'invalid learningRate: fast'],
    [{ momentum: 1 }, 'invalid momentum: 1'],
    [{ schedule: 'step:2:3' }, 'invalid schedule: step:2:3 (allowed: cosine'],
    [{ schedule: 'step:0.1' }, 'invalid schedule'],
    [{ seed: -1 }, 'invalid seed: -1'],
    [{ weights: 'large' }, 'invalid weights: large'],
  ])('refuses %j', (given, message) => {
    expect(() => resolveRecipe(given as object)).toThrow(message);
  });
});

describe('learningRates', () => {
  const rates = (given: object, steps: number[]) =>
    steps.map(learningRates(resolveRecipe({ learningRate: 1, epochs: 4, ...given }), 10));
  it('rises over the warm-up and falls as a cosine', () => {
    const [first, last, top, half, end] = rates({ warmUp: 2 }, [0, 19, 20, 30, 39]);
    expect([first, last, top]).toEqual([1 / 20, 1, 1]);
    expect(half).toBeCloseTo(0.5, 12);
    expect(end).toBeLessThan(0.01);
  });
  it('falls in steps after epochs', () => {
    expect(rates({ warmUp: 0, schedule: 'step:0.1:1:3' }, [0, 9, 10, 29, 30])).toEqual([
      1,
      1,
      0.1,
      0.1,
      0.1 ** 2,
    ]);
    expect(rates({ warmUp: 0, schedule: 'constant' }, [0, 39])).toEqual([1, 1]);
  });
});

describe('augmentation', () => {
  const recipe = resolveRecipe({ crop: 0.25, cutOut: 0.5 });
  it('depends on seed, epoch and image alone, and covers its range', () => {
    const draws = Array.from({ length: 300 }, (_, i) => drawAugmentation(recipe, 1, i, 8));
    expect(drawAugmentation(recipe, 1, 7, 8)).toEqual(draws[7]);
    expect(drawAugmentation(recipe, 2, 7, 8)).not.toEqual(draws[7]);
    expect(drawAugmentation({ ...recipe, seed: 1 }, 1, 7, 8)).not.toEqual(draws[7]);
    expect(new Set(draws.map(({ left }) => left))).toEqual(new Set([-2, -1, 0, 1, 2]));
    const flips = draws.filter(({ mirrored }) => mirrored).length;
    expect(Math.abs(flips - 150)).toBeLessThan(35);
    // what other choices draw does not move
    expect(drawAugmentation({ ...recipe, flip: false }, 1, 7, 8)).toEqual({ ...draws[7], mirrored: false });
  });

  it('shifts, mirrors and blots pixels', () => {
    const pixels = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    const data = { count: 1, resolution: 4, channels: 1, pixels, labels: Int32Array.of(0) };
    const table = [Float32Array.from({ length: 256 }, (_, i) => i)];
    for (let epoch = 1; epoch <= 40; epoch++) {
      const { left, top, mirrored, hole } = drawAugmentation(recipe, epoch, 0, 4);
      const expected = Array.from({ length: 16 }, (_, i) => {
        const [y, x] = [Math.floor(i / 4), i % 4];
        const [fromY, fromX] = [y + top, (mirrored ? 3 - x : x) + left];
        const blotted = x >= hole!.left && x < hole!.left + 2 && y >= hole!.top && y < hole!.top + 2;
        const inside = fromX >= 0 && fromX < 4 && fromY >= 0 && fromY < 4;
        return inside && !blotted ? pixels[4 * fromY + fromX] : 0;
      });
      expect([...trainingBatch(data, table, recipe, epoch, [0]).images]).toEqual(expected);
    }
  });

  it('has an order of its own in each epoch', () => {
    const order = epochOrder(50, 0, 1);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(epochOrder(50, 0, 1)).toEqual(order);
    expect(epochOrder(50, 0, 2)).not.toEqual(order);
  });
});
