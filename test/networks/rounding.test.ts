import { describe, expect, it } from 'vitest';
import { roundHalfToEven, roundToMultiple } from '../../src/networks/rounding.js';

describe('roundHalfToEven', () => {
  it('rounds as Python does', () => {
    expect([0.5, 1.5, 2.5, 27.25, 49.75, 72.25, 117.5, 118.5].map(roundHalfToEven)).toEqual([
      0, 2, 2, 27, 50, 72, 118, 118,
    ]);
    expect([-0.4, -0.5, -1.5].map((x) => roundHalfToEven(x) + 0)).toEqual([0, 0, -2]);
  });
});

describe('roundToMultiple', () => {
  it('takes the next larger multiple where more than a tenth would be lost', () => {
    // 11.2 is nearer to 8, which would lose 29%
    expect([1, 8.8, 8.9, 11.2, 12, 17.7, 17.8, 22.4, 33.6].map((x) => roundToMultiple(x, 8))).toEqual([
      8, 8, 16, 16, 16, 16, 24, 24, 32,
    ]);
  });
});
