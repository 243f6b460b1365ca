import { describe, expect, it } from 'vitest';

import { powerLaw } from '../../src/rank/power-law.js';
import { seeded } from '../spectrum/matrices.js';
import { battery } from './battery.js';

/** Returns a spectrum whose squares follow a power law x^-alpha, x >= 1: inverse transform of seeded numbers. */
function pareto(count: number, alpha: number, seed: number): number[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => Math.sqrt((1 - (random() + 0.5)) ** (-1 / (alpha - 1)))).sort(
    (a, b) => b - a,
  );
}

describe('powerLaw', () => {
  it.each(battery)(
    'agrees with the formulas of Clauset, Shalizi and Newman in numpy: $name',
    ({ singularValues, powerLaw: expected }) => {
      const actual = powerLaw(singularValues);
      if (expected === null || actual === null) {
        expect(actual).toBe(expected);
        return;
      }
      expect(actual.count).toBe(expected.count);
      const bound = 16 * actual.count * 2 ** -52;
      expect(Math.abs(actual.alpha / expected.alpha - 1)).toBeLessThanOrEqual(bound);
      expect(Math.abs(actual.ksDistance - expected.ksDistance)).toBeLessThanOrEqual(bound);
      expect(actual.xMax).toBe(singularValues[0]! ** 2);
      expect(actual.xMin).toBe(singularValues[actual.count - 1]! ** 2);
    },
  );

  it.each([2, 3, 4.5])('finds the exponent %d a spectrum was drawn from', (alpha) => {
    const fit = powerLaw(pareto(1000, alpha, 6))!;
    expect(fit.count).toBeGreaterThan(200);
    // Four standard errors.
    expect(Math.abs(fit.alpha - alpha)).toBeLessThan((4 * (alpha - 1)) / Math.sqrt(fit.count));
    expect(fit.ksDistance).toBeLessThan(1.63 / Math.sqrt(fit.count));
  });

  it('finds where the tail begins', () => {
    // 300 values spread evenly below 1, then a power law from 1 on.
    const body = Array.from({ length: 300 }, (_, i) => Math.sqrt((300 - i) / 300.5));
    const fit = powerLaw([...pareto(700, 2.5, 7), ...body])!;
    expect(fit.xMin).toBeGreaterThan(0.8);
    expect(fit.xMin).toBeLessThan(2);
  });

  it('does not depend on the unit', () => {
    const spectrum = pareto(50, 2.5, 8);
    const fit = powerLaw(spectrum)!;
    for (const unit of [2 ** -900, 2 ** 900]) {
      const scaled = powerLaw(spectrum.map((value) => value * unit))!;
      expect(scaled.count).toBe(fit.count);
      expect(Math.abs(scaled.alpha / fit.alpha - 1)).toBeLessThanOrEqual(50 * 900 * 2 ** -52);
    }
  });

  it('is null for fewer than ten values above 0, and for equal ones', () => {
    expect(powerLaw([])).toBeNull();
    expect(powerLaw([...pareto(9, 2, 9), 0, 0, 0])).toBeNull();
    expect(powerLaw(pareto(10, 2, 9))).not.toBeNull();
    expect(powerLaw(Array<number>(40).fill(0.1))).toBeNull();
    expect(powerLaw(Array.from({ length: 40 }, (_, i) => 1 - i * 2 ** -52))).toBeNull();
  });
});
