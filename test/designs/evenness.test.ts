import { expect, it } from 'vitest';
import { evenness } from '../../src/designs/evenness.js';

it('is 1 for a line, 0 for two stages or one, log k / log n for k of n equal steps', () => {
  expect(evenness([10, 20, 30, 40, 50])).toBeCloseTo(1, 12);
  expect(evenness([36, 36, 36, 36, 83])).toBe(0);
  expect(evenness([36, 36, 36])).toBe(0);
  expect(evenness([1, 1, 2, 2, 3, 3, 4, 4, 4])).toBeCloseTo(Math.log(3) / Math.log(8), 12);
  expect(evenness([5, 9])).toBe(1);
  expect(evenness([7])).toBe(0);
});
