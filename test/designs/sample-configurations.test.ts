import { describe, expect, it } from 'vitest';
import { sampleConfigurations } from '../../src/designs/sample-configurations.js';
import { curveChannels } from '../../src/networks/channel-curve.js';
import { cifarNetwork } from '../../src/networks/cifar.js';
import { networkCosts } from '../../src/networks/network-costs.js';

const usual = { count: 200, blocks: 5, params: 0.2e6, macs: 30e6, seed: 0 };
const sample = sampleConfigurations(usual);

describe('sampleConfigurations', () => {
  it('gives different, monotone configurations of the family within the band', () => {
    expect(new Set(sample.map(({ channels }) => channels.join('-'))).size).toBe(200);
    for (const { channels, params, macs, curve } of sample) {
      expect(channels.every((c, i) => c >= (channels[i - 1] ?? 16))).toBe(true);
      expect(curveChannels(curve)).toEqual(channels);
      expect(networkCosts(cifarNetwork(channels))).toMatchObject({ params, macs });
      expect(Math.abs(params / 0.2e6 - 1)).toBeLessThanOrEqual(0.1);
      expect(Math.abs(macs / 30e6 - 1)).toBeLessThanOrEqual(0.1);
    }
    // and near its middle: the cost is to say nothing about the shape
    const mean = sample.reduce((sum, { macs }) => sum + Math.abs(macs / 30e6 - 1), 0) / 200;
    expect(mean).toBeLessThan(0.01);
  });

  it('goes as narrow as the network that they are like', () => {
    const like = cifarNetwork([8, 12, 16, 20, 24], { resolution: 16, classes: 10 });
    const { params, macs } = networkCosts(like);
    const found = sampleConfigurations({ count: 5, blocks: 5, params, macs, within: 0.01, like });
    expect(found.some(({ channels }) => channels[0]! < 16)).toBe(true);
    expect(Math.min(...found.flatMap(({ channels }) => channels))).toBeGreaterThanOrEqual(8);
  });

  it('spreads them from stage-wise to linear', () => {
    const tenths = Array<number>(10).fill(0);
    for (const { evenness } of sample) tenths[Math.min(9, Math.floor(10 * evenness))]!++;
    // Near two constant stages there are few lists of five blocks that differ; elsewhere the tenths are even.
    expect(Math.min(...tenths)).toBeGreaterThanOrEqual(4);
    expect(Math.min(...tenths.slice(3))).toBeGreaterThanOrEqual(15);
    expect(Math.max(...tenths)).toBeLessThanOrEqual(35);
    expect(sample[0]!.evenness).toBeLessThan(0.02);
    expect(sample.at(-1)!.evenness).toBeGreaterThan(0.98);
  });

  it('fills the tenths evenly where there are enough shapes, and does not cluster', () => {
    const deep = sampleConfigurations({ count: 60, blocks: 13, params: 3e6, macs: 351e6, seed: 1 });
    const tenths = Array<number>(10).fill(0);
    for (const { evenness } of deep) tenths[Math.min(9, Math.floor(10 * evenness))]!++;
    expect(Math.min(...tenths)).toBeGreaterThanOrEqual(4);
    expect(Math.max(...tenths)).toBeLessThanOrEqual(9);
    const profiles = deep.map(({ channels }) => {
      const mean = channels.reduce((sum, c) => sum + c) / channels.length;
      return channels.map((c) => c / mean);
    });
    const distances = profiles.map((one, i) =>
      Math.min(
        ...profiles
          .filter((_, j) => j !== i)
          .map((other) => Math.hypot(...one.map((value, k) => value - other[k]!)) / Math.sqrt(13)),
      ),
    );
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(0.01);
  });

  it('depends on the seed alone', () => {
    const small = { ...usual, count: 10 };
    expect(sampleConfigurations(small)).toEqual(sampleConfigurations(small));
    expect(sampleConfigurations(small)).not.toEqual(sampleConfigurations({ ...small, seed: 1 }));
  });

  it('finds all that there are, and says how many where that is too few', () => {
    let within = 0;
    for (let first = 16; first < 120; first++) {
      for (let last = first; last < 400; last++) {
        const { params, macs } = networkCosts(cifarNetwork([first, last]));
        if (Math.abs(params / 0.2e6 - 1) <= 0.1 && Math.abs(macs / 30e6 - 1) <= 0.1) within++;
      }
    }
    expect(within).toBeGreaterThan(10);
    expect(() => sampleConfigurations({ ...usual, blocks: 2, count: within + 1 })).toThrow(
      new RegExp(
        `^missing configurations: ${within + 1} of 2 blocks within 10% \\(${within} found; widen the band`,
      ),
    );
  });

  it('rounds to multiples', () => {
    const rounded = sampleConfigurations({ ...usual, count: 10, rounding: 'multiple-of-4' });
    expect(rounded.flatMap(({ channels }) => channels).filter((c) => c % 4 !== 0)).toEqual([]);
  });

  it.each([
    [{ count: 0 }, /^invalid count: 0 /],
    [{ blocks: 0 }, /^invalid blocks: 0 /],
    [{ seed: -1 }, /^invalid seed: -1 /],
    [{ within: 1 }, /^invalid within: 1 /],
    [{ params: -1 }, /^invalid params: -1 /],
    [{ params: undefined, macs: undefined }, /^missing budget/],
  ])('refuses %j', (wrong, message) => {
    expect(() => sampleConfigurations({ ...usual, ...wrong })).toThrow(message);
  });

  it('refuses a misspelt option', () => {
    const options = { count: 1, blocks: 5, params: 2e5, sed: 1 };
    expect(() => sampleConfigurations(options)).toThrow(
      /^unknown option: sed \(near: seed; allowed: params, /,
    );
  });
});
