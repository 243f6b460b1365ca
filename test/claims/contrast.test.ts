import { describe, expect, it } from 'vitest';
import { estimateContrast, type LayerGroup } from '../../src/claims/contrast.js';
import fixture from './fixtures/statistics.json';

const group = (values: LayerGroup['values'], dimensionRatio = 0.1, step = 0): LayerGroup => ({
  ...{ block: 'pointwise', dimensionRatio, values, step },
});
const term = (value: string, weight: number, dimensionRatio = 0.1) => ({
  ...{ block: 'pointwise', dimensionRatio, value, weight },
});
const { a, b, c, paired, welch } = fixture;

describe('estimateContrast', () => {
  it('is the paired t test for two values of the same layers', () => {
    const { p, estimate, standardError, degreesOfFreedom } = estimateContrast(
      [group({ a, b })],
      [term('a', 1), term('b', -1)],
    );
    expect(p).toBeCloseTo(paired.p, 12);
    expect(estimate / standardError).toBeCloseTo(paired.t, 10);
    expect(degreesOfFreedom).toBeCloseTo(11, 10);
  });

  it("is Welch's t test for values of different layers", () => {
    const { p, estimate, standardError, degreesOfFreedom } = estimateContrast(
      [group({ a }), group({ a: c }, 0.5)],
      [term('a', 1), term('a', -1, 0.5)],
    );
    expect(p / welch.p).toBeCloseTo(1, 10);
    expect(estimate / standardError).toBeCloseTo(welch.t, 10);
    expect(degreesOfFreedom).toBeCloseTo(welch.degreesOfFreedom, 10);
  });

  it('does not take layers that agree for certainty', () => {
    const ones = [1, 1, 1, 1, 1];
    const found = estimateContrast([group({ ones }, 0.1, 1 / 64)], [term('ones', 1)]);
    expect(found.standardError).toBeCloseTo(1 / 64 / 5, 12);
  });

  it('has no evidence against a difference that is 0 in every layer', () => {
    const { estimate, p } = estimateContrast(
      [group({ a, twin: a }, 0.1, 0)],
      [term('a', 1), term('twin', -1)],
    );
    expect([estimate, p]).toEqual([0, 1]);
  });

  it('says which layers it lacks', () => {
    expect(() => estimateContrast([group({ a })], [term('a', 1, 0.5)])).toThrow('at dimension ratio 0.5');
    expect(() => estimateContrast([group({ a })], [term('silu', 1)])).toThrow('silu');
  });
});
