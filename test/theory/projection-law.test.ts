import { describe, expect, it } from 'vitest';
import { logNormalBetween } from '../../src/statistics/normal.js';
import { lengthQuadrature } from '../../src/theory/harmonics.js';
import { projectionLaw } from '../../src/theory/projection-law.js';

const bounds = [
  [-Infinity, 2.5],
  [-1, 3],
  [-3.5, Infinity],
  [0, 0.5],
] as const;

describe('projectionLaw', () => {
  it.each([13, 40])('is the normal law for %d normal entries', (dimension) => {
    const law = projectionLaw(dimension, lengthQuadrature(dimension, 12));
    for (const [low, high] of bounds) {
      const expected = logNormalBetween(low, high);
      expect(Math.abs(law(low, high) / expected - 1)).toBeLessThan(0.01);
    }
  });

  it('is uniform for three entries of one length: Archimedes', () => {
    const law = projectionLaw(3, lengthQuadrature(3, 8, -2));
    for (const [low, high] of [
      [-Infinity, 1],
      [-0.5, 1.5],
    ] as const) {
      const share = (high - Math.max(low, -Math.sqrt(3))) / (2 * Math.sqrt(3));
      expect(Math.exp(law(low, high))).toBeCloseTo(share, 3);
    }
    expect(law(-Infinity, 2)).toBeCloseTo(0, 12);
  });
});

describe('lengthQuadrature', () => {
  it.each([
    ['normal', 0],
    ['uniform', -1.2],
    ['signs', -2],
  ] as const)('has the spread of squared lengths of 13 %s entries', (_, kurtosis) => {
    const { nodes, weights } = lengthQuadrature(13, 8, kurtosis);
    const moment = (power: number) => nodes.reduce((sum, r, k) => sum + weights[k]! * r ** power, 0);
    expect(moment(2)).toBeCloseTo(13, 8);
    expect(moment(4) - moment(2) ** 2).toBeCloseTo(13 * (2 + kurtosis), 2);
  });
});
