import { describe, expect, it } from 'vitest';
import { nextUnit, createStream } from '../../src/random/stream.js';
import { boundedMean } from '../../src/statistics/bounded-mean.js';
import { meanInterval } from '../../src/statistics/mean-interval.js';
import fixture from './fixtures/bounded-means.json';

describe('boundedMean', () => {
  it.each(fixture.map((one, i) => ({ ...one, i })))(
    'is the interval that a fine grid of means has: case $i',
    ({ values, alpha, interval: [first = NaN, last = NaN] }) => {
      const { low, high, p } = boundedMean(values, alpha);
      // the grid has steps of 1e-5; an end lies between the last mean excluded and the first one kept
      expect(low).toBeGreaterThan(first - 1.1e-5);
      expect(low).toBeLessThanOrEqual(first);
      expect(high).toBeLessThan(last + 1.1e-5);
      expect(high).toBeGreaterThanOrEqual(last);
      for (const m of [low - 1e-4, high + 1e-4]) expect(p(m)).toBeLessThanOrEqual(alpha);
      expect(p((low + high) / 2)).toBeGreaterThan(alpha);
    },
  );

  it('is the same seen from the other end', () => {
    const values = [0.2, 0.9, 0.4, 1, 0.3, 0.8];
    const { low, high } = boundedMean(values);
    const mirror = boundedMean(values.map((value) => 1 - value));
    expect(mirror.low).toBeCloseTo(1 - high, 8);
    expect(mirror.high).toBeCloseTo(1 - low, 8);
  });

  it('knows nothing without values, and takes none outside [0, 1]', () => {
    const { low, high, p } = boundedMean([]);
    expect([low, high, p(0.3)]).toEqual([0, 1, 1]);
    expect(() => boundedMean([0.5, NaN])).toThrow('invalid value: NaN (allowed: a number in [0, 1])');
    expect(() => boundedMean([1.01])).toThrow('invalid value: 1.01');
    expect(() => boundedMean([0.5], 0)).toThrow('invalid alpha: 0 (allowed: a number in (0, 1))');
  });
});

/** Layers as they come: their distribution, and its mean. */
const distributions: Readonly<Record<string, readonly [mean: number, draw: (unit: () => number) => number]>> =
  {
    '16 channels, each lost with probability 0.04': [
      0.96,
      (unit) => Array.from({ length: 16 }, unit).filter((u) => u >= 0.04).length / 16,
    ],
    'full rank but for one layer in a hundred, which has half': [0.995, (unit) => (unit() < 0.01 ? 0.5 : 1)],
    'a random expansion: anything': [0.5, (unit) => unit()],
    'all or nothing': [0.1, (unit) => (unit() < 0.1 ? 1 : 0)],
  };

/** How often of `trials` an interval of n layers misses the mean. */
function misses(name: string, n: number, trials: number, interval: (values: number[]) => [number, number]) {
  const [mean, draw] = distributions[name] ?? [NaN, () => NaN];
  const stream = createStream(7, `${name} ${n}`);
  const unit = () => nextUnit(stream);
  let missed = 0;
  for (let trial = 0; trial < trials; trial++) {
    const [low, high] = interval(Array.from({ length: n }, () => draw(unit)));
    if (!(low <= mean && mean <= high)) missed++;
  }
  return missed / trials;
}

describe('intervals of mean rank ratios, by simulation', () => {
  const bounded = (alpha: number) => (values: number[]) => {
    const { low, high } = boundedMean(values, alpha);
    return [low, high] as [number, number];
  };

  // 600 trials: 0.05 missed is told from 0.08 with three standard errors
  it.each(Object.keys(distributions).flatMap((name) => [8, 40, 150].map((n) => [name, n] as const)))(
    'bounded ones miss at most as often as promised: %s, %d layers',
    (name, n) => {
      expect(misses(name, n, 600, bounded(0.05))).toBeLessThan(0.08);
      expect(misses(name, n, 300, bounded(1e-3))).toBeLessThan(0.011);
    },
  );

  it('are not so long that anything would do', () => {
    expect(misses('a random expansion: anything', 150, 600, bounded(0.5))).toBeGreaterThan(0.05);
  });

  it("Student's miss rare layers that few layers have not shown, and are right on average elsewhere", () => {
    const student = (channels: number) => (values: number[]) => meanInterval(values, 1 / channels);
    const [common = '', rare = ''] = Object.keys(distributions);
    expect(misses(common, 40, 600, student(16))).toBeLessThan(0.08);
    expect(misses(rare, 40, 600, student(64))).toBeGreaterThan(0.3);
    expect(misses(rare, 40, 600, bounded(0.05))).toBeLessThan(0.05);
  });
});
