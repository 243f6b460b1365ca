import { describe, expect, it } from 'vitest';
import { logTicks } from '../../src/plots/log-ticks.js';

describe('logTicks', () => {
  it('has 1, 2 and 5 times powers of ten, exactly, within the axis and on its ends', () => {
    expect(logTicks(3e8, 2e9)).toEqual([5e8, 1e9, 2e9]);
    expect(logTicks(0.05, 1)).toEqual([0.05, 0.1, 0.2, 0.5, 1]);
    expect(logTicks(21, 49)).toEqual([]);
  });
});
