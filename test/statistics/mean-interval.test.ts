import { describe, expect, it } from 'vitest';
import { fillUniform } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';
import { meanInterval } from '../../src/statistics/mean-interval.js';
import { meanAndSd } from '../../src/statistics/moments.js';
import { studentQuantile } from '../../src/statistics/student.js';

describe('meanAndSd', () => {
  it('agrees with the definition, also for values that differ in the last digits', () => {
    const values = [1e6 + 0.1, 1e6 + 0.2, 1e6 + 0.3];
    expect(meanAndSd(values).mean).toBeCloseTo(1e6 + 0.2, 9);
    expect(meanAndSd(values).sd).toBeCloseTo(0.1, 8);
    expect(meanAndSd([0.5])).toEqual({ mean: 0.5, sd: 0 });
  });
});

describe('meanInterval', () => {
  it('lies in [0, 1], holds the mean, and is longer towards the middle', () => {
    const values = [1, 1, 0.98, 1, 0.96, 1, 1, 0.99];
    const { mean } = meanAndSd(values);
    const [low, high] = meanInterval(values, 1 / 64);
    expect(0 < low && low < mean && mean < high && high <= 1).toBe(true);
    expect(mean - low).toBeGreaterThan(high - mean);
  });

  it('is the same seen from the other end', () => {
    const values = [0.2, 0.25, 0.22, 0.31];
    const [low, high] = meanInterval(values, 0.01);
    const [mirrorLow, mirrorHigh] = meanInterval(
      values.map((value) => 1 - value),
      0.01,
    );
    expect(mirrorLow).toBeCloseTo(1 - high, 12);
    expect(mirrorHigh).toBeCloseTo(1 - low, 12);
  });

  it('does not take equal values for certainty', () => {
    const [low, high] = meanInterval(new Array<number>(10).fill(1), 1 / 64);
    expect(high).toBe(1);
    expect(low).toBeLessThan(1 - 1 / 640);
    expect(low).toBeGreaterThan(1 - 3 / 64);
    expect(meanInterval([1], 1 / 64)).toEqual([0, 1]);
  });

  it('is the plain t interval where the values are far from both ends', () => {
    const values = Array.from({ length: 200 }, (_, i) => 0.5 + 0.001 * ((i % 21) - 10));
    const { mean, sd } = meanAndSd(values);
    const half = (studentQuantile(199) * sd) / Math.sqrt(200);
    const [low, high] = meanInterval(values, 1e-6);
    expect(low).toBeCloseTo(mean - half, 6);
    expect(high).toBeCloseTo(mean + half, 6);
  });

  // Layers of 64 channels of which each is lost with a small probability: the mean is known, the interval is
  // counted. 3,000 trials: the share that holds the mean is known to within 0.004 (one standard error).
  it.each([
    { loss: 0.001, n: 10 },
    { loss: 0.01, n: 10 },
    { loss: 0.04, n: 20 },
    { loss: 0.3, n: 20 },
    { loss: 0.01, n: 100 },
  ])('holds the mean of random layers about 95 times in 100: $loss, $n layers', ({ loss, n }) => {
    const trials = 3000;
    const channels = 64;
    const stream = createStream(1, `coverage ${loss} ${n}`);
    const draws = new Float64Array(channels);
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const values = Array.from(
        { length: n },
        () => 1 - fillUniform(stream, draws).filter((u) => u < loss).length / channels,
      );
      const [low, high] = meanInterval(values, 1 / channels);
      if (low <= 1 - loss && 1 - loss <= high) held++;
    }
    expect(held / trials).toBeGreaterThan(0.935);
  });
});
