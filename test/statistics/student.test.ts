import { describe, expect, it } from 'vitest';
import { studentQuantile, studentTail } from '../../src/statistics/student.js';
import fixture from './fixtures/student.json';

describe("Student's t", () => {
  it.each(fixture.tails)(
    'P(|T| > %d) with %d degrees of freedom is as scipy has it',
    (t, degreesOfFreedom, tail) => {
      expect(Math.abs(studentTail(t!, degreesOfFreedom!) / tail! - 1)).toBeLessThan(1e-11);
      expect(studentTail(-t!, degreesOfFreedom!)).toBe(studentTail(t!, degreesOfFreedom!));
    },
  );
});

describe('studentQuantile', () => {
  // scipy.stats.t.ppf(0.975, freedom)
  it.each([
    [1, 12.706204736174705],
    [2, 4.302652729749464],
    [3, 3.182446305283708],
    [9, 2.2621571628540993],
    [10, 2.2281388519649385],
    [30, 2.0422724563012378],
    [999, 1.9623414611334626],
  ])('%i degrees of freedom', (degreesOfFreedom, quantile) => {
    expect(Math.abs(studentQuantile(degreesOfFreedom) / quantile - 1)).toBeLessThan(1e-9);
  });
});
