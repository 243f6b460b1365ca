import { expect, it } from 'vitest';
import { studentInterval } from '../../src/statistics/student-interval.js';

it('is that of the textbook', () => {
  // t(0.975, 4) = 2.776445, deviation of 1 to 5 sqrt(2.5)
  const half = (2.776445105 * Math.sqrt(2.5)) / Math.sqrt(5);
  const { mean, interval } = studentInterval([3, 1, 5, 2, 4]);
  expect(mean).toBe(3);
  expect(interval![0]).toBeCloseTo(3 - half, 8);
  expect(interval![1]).toBeCloseTo(3 + half, 8);
  expect(studentInterval([7])).toEqual({ mean: 7, interval: null, n: 1 });
  expect(studentInterval([]).mean).toBeNaN();
});
