import { expect, it } from 'vitest';
import { addEqualBits, logDeterminant } from '../../src/search/naswot.js';

it('counts equal signs of images, zeros among the negative ones, over several layers', () => {
  const first = Array.from({ length: 70 }, (_, i) => (i % 3 === 0 ? 1 : -1));
  const second = first.map((value, i) => (i < 33 ? -value : value));
  const third = first.map((value) => (value > 0 ? value : 0));
  const equal = new Float64Array(9);
  addEqualBits(equal, [...first, ...second, ...third], 3);
  expect([...equal]).toEqual([70, 37, 70, 37, 70, 37, 70, 37, 70]);
  addEqualBits(equal, [1, 1, -1], 3);
  expect([...equal]).toEqual([71, 38, 70, 38, 71, 37, 70, 37, 71]);
  // the determinant by its rule for 3 x 3
  const determinant = 71 ** 3 + 2 * 38 * 37 * 70 - 71 * (38 ** 2 + 37 ** 2 + 70 ** 2);
  expect(logDeterminant(equal, 3)).toBeCloseTo(Math.log(determinant), 10);
  expect(logDeterminant([70, 70, 70, 70], 2)).toBeNull();
});
