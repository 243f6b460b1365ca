import { describe, expect, it } from 'vitest';
import { estimateContrast, type LayerGroup } from '../../src/claims/contrast.js';
import { fillUniform } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';
import { boundedMean } from '../../src/statistics/bounded-mean.js';

const group = (values: LayerGroup['values'], dimensionRatio = 0.1): LayerGroup => ({
  ...{ block: 'pointwise', dimensionRatio, values },
});
const term = (value: string, weight: number, dimensionRatio = 0.1) => ({
  ...{ block: 'pointwise', dimensionRatio, value, weight },
});
const uniform = (label: string, n = 60) => fillUniform(createStream(0, label), new Float64Array(n));

describe('estimateContrast', () => {
  const [a, b] = [uniform('a'), uniform('b')];

  it('is the mean of paired differences, with the interval of values between -1 and 1', () => {
    const found = estimateContrast([group({ a, b })], [term('a', 1), term('b', -1)]);
    const shares = a.map((x, i) => (x - (b[i] ?? NaN) + 1) / 2);
    const expected = boundedMean(shares);
    expect(found.estimate).toBeCloseTo(2 * (shares.reduce((sum, x) => sum + x, 0) / 60) - 1, 12);
    expect(found.low).toBeCloseTo(2 * expected.low - 1, 12);
    expect(found.high).toBeCloseTo(2 * expected.high - 1, 12);
    expect(found.p).toBe(expected.p(0.5));
  });

  it('takes layers of several groups together, as many as the smallest has', () => {
    const groups = [group({ a }), group({ a: b.slice(0, 40) }, 0.5)];
    const found = estimateContrast(groups, [term('a', 0.5), term('a', 0.5, 0.5)]);
    const sums = Array.from({ length: 40 }, (_, i) => ((a[i] ?? NaN) + (b[i] ?? NaN)) / 2);
    const { low, high } = boundedMean(sums);
    expect([found.low, found.high]).toEqual([low, high]);
  });

  it('has an interval that is shorter where layers have much in common', () => {
    const twin = a.map((x, i) => Math.min(1, Math.max(0, x + 0.01 * ((b[i] ?? NaN) - 0.5))));
    const difference = [term('a', 1), term('b', -1)];
    const alike = estimateContrast([group({ a, b: twin })], difference);
    const unlike = estimateContrast([group({ a, b })], difference);
    expect(alike.high - alike.low).toBeLessThan(0.7 * (unlike.high - unlike.low));
  });

  it('does not take layers that agree for certainty', () => {
    const ones = new Float64Array(40).fill(1);
    const { estimate, low, high } = estimateContrast([group({ ones })], [term('ones', 1)]);
    expect([estimate, high]).toEqual([1, 1]);
    // forty layers cannot exclude what happens to one in twenty
    expect(low).toBeLessThan(0.95);
    expect(low).toBeGreaterThan(0.8);
  });

  it('has no evidence against a difference that is 0 in every layer', () => {
    const { estimate, p } = estimateContrast([group({ a, twin: a })], [term('a', 1), term('twin', -1)]);
    expect([estimate, p]).toEqual([0, 1]);
  });

  it('says which layers it lacks, and which value is not a share', () => {
    expect(() => estimateContrast([group({ a })], [term('a', 1, 0.5)])).toThrow('at dimension ratio 0.5');
    expect(() => estimateContrast([group({ a })], [term('silu', 1)])).toThrow('silu');
    expect(() => estimateContrast([group({ a: [0.5, 1.5] })], [term('a', 1)])).toThrow(
      'invalid a: 1.5 (allowed: a share of the channels, in [0, 1])',
    );
  });
});
