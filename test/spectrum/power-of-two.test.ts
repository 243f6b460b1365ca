import { describe, expect, it } from 'vitest';

import { exponentOf, largestExponent, timesPowerOfTwo } from '../../src/spectrum/power-of-two.js';

describe('exponentOf', () => {
  it('is exact at and beside every power of two', () => {
    for (let exponent = -1022; exponent <= 1023; exponent++) {
      const power = 2 ** exponent;
      expect(exponentOf(power)).toBe(exponent);
      expect(exponentOf(power * (1 + 2 ** -52))).toBe(exponent);
      if (exponent > -1022) expect(exponentOf(power * (1 - 2 ** -53))).toBe(exponent - 1);
    }
  });

  it('knows subnormal numbers, the largest number and zero', () => {
    expect(exponentOf(Number.MIN_VALUE)).toBe(-1074);
    expect(exponentOf(3 * Number.MIN_VALUE)).toBe(-1073);
    expect(exponentOf(Number.MAX_VALUE)).toBe(1023);
    expect(exponentOf(0)).toBe(-Infinity);
  });
});

describe('largestExponent', () => {
  it('looks at magnitudes', () => {
    expect(largestExponent(Float64Array.of(1, -9, 3))).toBe(3);
    expect(largestExponent(Float32Array.of(0, -0))).toBe(-Infinity);
  });
});

describe('timesPowerOfTwo', () => {
  it('reaches from the smallest number to 1 and back', () => {
    expect(timesPowerOfTwo(Number.MIN_VALUE, 1074)).toBe(1);
    expect(timesPowerOfTwo(1, -1074)).toBe(Number.MIN_VALUE);
    expect(timesPowerOfTwo(-1.5, 1023)).toBe(-1.5 * 2 ** 1023);
  });
});
