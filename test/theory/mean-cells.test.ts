import { describe, expect, it } from 'vitest';
import { lawCells, meanCells } from '../../src/theory/mean-cells.js';

describe('meanCells', () => {
  it.each([
    [6, 1],
    [6, 0.87],
    [40, 0.5],
    [40, 0],
  ])(
    'of %d inputs and alignment %d have the variance of all means, and hold all rows',
    (dimension, alignment) => {
      const cells = meanCells(dimension, alignment);
      const sumOf = (value: (cell: (typeof cells)[number]) => number) =>
        cells.reduce((sum, cell) => sum + value(cell), 0);
      const variance = alignment ** 2 + ((1 - alignment ** 2) * dimension) / (dimension - 2);
      expect(sumOf(({ share }) => share)).toBeCloseTo(1, 10);
      expect(sumOf(({ share, value }) => share * value)).toBeCloseTo(0, 10);
      expect(sumOf(({ share, value }) => share * value ** 2)).toBeCloseTo(variance, 10);
      for (const { parts } of cells)
        expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
      // of means that directions make alone, none is beyond the sphere
      const largest = Math.max(...cells.flatMap(({ parts }) => parts.map(({ value }) => value)));
      if (alignment === 1) expect(largest).toBeLessThan(Math.sqrt(dimension));
      else expect(largest).toBeGreaterThan(3);
    },
  );

  it('parts a normal law where it should', () => {
    // the middle cell of seven as far as 2.5 deviations ends at 0.357 of them
    const [, , , middle] = meanCells(1e6, 0);
    expect(middle!.share).toBeCloseTo(0.279, 2);
  });

  it.each(['normal', 'uniform'] as const)('hold a %s law as it is', (name) => {
    const cells = lawCells({ name, deviation: 0.7 });
    const sumOf = (power: number) => cells.reduce((sum, { share, value }) => sum + share * value ** power, 0);
    expect([0, 1, 2].map(sumOf)).toEqual([1, 0, 0.49].map((sum) => expect.closeTo(sum, 9) as number));
    const largest = Math.max(...cells.flatMap(({ parts }) => parts.map(({ value }) => value)));
    if (name === 'uniform') expect(largest).toBeCloseTo(0.7 * Math.sqrt(3), 2);
    else expect(largest).toBeGreaterThan(0.7 * 4);
  });
});
