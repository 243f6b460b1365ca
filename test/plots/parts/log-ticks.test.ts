import { describe, expect, it } from 'vitest';
import { logTicks } from '../../../src/plots/parts/log-ticks.js';

describe('logTicks', () => {
  it('has 1, 2 and 5 times powers of ten, exactly, within the axis and on its ends', () => {
    expect(logTicks(3e8, 2e9)).toEqual([5e8, 1e9, 2e9]);
    expect(logTicks(0.05, 1)).toEqual([0.05, 0.1, 0.2, 0.5, 1]);
    expect(logTicks(21, 49)).toEqual([25, 30, 35, 40, 45]);
    expect(logTicks(28, 77)).toEqual([30, 40, 50, 60, 70]);
    expect(logTicks(2.3e8, 4.5e8)).toEqual([2.5e8, 3e8, 3.5e8, 4e8, 4.5e8]);
    expect(logTicks(3.02e8, 4.46e8)).toEqual([3.2e8, 3.4e8, 3.6e8, 3.8e8, 4e8, 4.2e8, 4.4e8]);
    expect(logTicks(31, 35)).toEqual([31, 32, 33, 34, 35]);
  });
});
