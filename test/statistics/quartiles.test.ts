import { describe, expect, it } from 'vitest';
import { quartiles } from '../../src/statistics/quartiles.js';

describe('quartiles', () => {
  // numpy.percentile(x, [25, 50, 75])
  it.each([
    [[7], [7, 7, 7]],
    [
      [3, 1],
      [1.5, 2, 2.5],
    ],
    [
      [2, 9, 4],
      [3, 4, 6.5],
    ],
    [
      [10, 1, 100, 2],
      [1.75, 6, 32.5],
    ],
    [
      [5, 4, 3, 2, 1],
      [2, 3, 4],
    ],
  ])('of %j are %j', (numbers, [lowerQuartile, median, upperQuartile]) => {
    expect(quartiles(numbers)).toEqual({ lowerQuartile, median, upperQuartile });
  });

  it('of nothing are NaN', () => {
    expect(quartiles([]).median).toBeNaN();
  });
});
