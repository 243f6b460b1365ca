import { describe, expect, it } from 'vitest';
import { magnitudeAxis, magnitudeFloor } from '../../../../src/plots/figures/spectrum/magnitude-floor.js';

const floorOf = (...magnitudes: number[]): number =>
  magnitudeFloor(magnitudes.map((magnitude) => ({ magnitude })));

describe('magnitudeFloor', () => {
  it('is the power of ten below the smallest positive median', () => {
    expect(floorOf(1, 0.5, 3e-5)).toBe(1e-5);
    expect(floorOf(1, 1e-4)).toBe(1e-5);
    expect(floorOf(1, 0, 3e-5)).toBe(1e-5);
  });

  it('lies between 1e-9 and 0.01', () => {
    expect(floorOf(1, 1e-17)).toBe(1e-9);
    expect(floorOf(1, 0)).toBe(0.01);
    expect(floorOf()).toBe(0.01);
  });
});

describe('magnitudeAxis', () => {
  it('says at the floor when something lies below', () => {
    expect(magnitudeAxis(1e-4, true).labelExpr).toContain('≤ 10⁻⁴');
    expect(magnitudeAxis(1e-4, false).labelExpr).not.toContain('≤');
  });

  it('leaves room beside the floor', () => {
    expect(magnitudeAxis(1e-4, false).values).toEqual([1e-4, 1, 0.1, 0.01, 0.001]);
    expect(magnitudeAxis(1e-9, false).values).toEqual([1e-9, 1, 0.01, 0.0001, 1e-6]);
  });
});
