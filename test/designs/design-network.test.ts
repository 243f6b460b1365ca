import { describe, expect, it } from 'vitest';
import { designNetwork, type DesignOptions } from '../../src/designs/design-network.js';
import { designShapes } from '../../src/designs/design-shapes.js';
import { stageLengths } from '../../src/designs/network-like.js';
import { curveChannels, piecewiseShape } from '../../src/networks/channel-curve.js';
import { cifarNetwork } from '../../src/networks/cifar.js';
import { networkCosts } from '../../src/networks/network-costs.js';
import { networkNamed } from '../../src/networks/network-named.js';
import { channelsOf } from '../../src/networks/network.js';

/** What holds of every design that meets its budgets, counted again from its network. */
function checkDesign(options: DesignOptions) {
  const design = designNetwork(options);
  const { network, channels, curve } = design;
  const { params, macs } = networkCosts(network);
  expect(design.met).toBe(true);
  expect(channelsOf(network)).toEqual(channels);
  expect(curveChannels(curve, options.rounding)).toEqual(channels);
  if (options.params) expect(Math.abs(params / options.params - 1)).toBeLessThanOrEqual(0.01);
  if (options.macs) expect(Math.abs(macs / options.macs - 1)).toBeLessThanOrEqual(0.01);
  expect(channels.every((c, i) => c >= (channels[i - 1] ?? 1))).toBe(true);
  return design;
}

describe('designNetwork', () => {
  // Budgets a little off the cost of a network of that depth and the authors' line, so that each is within reach.
  const depths = [8, 12, 16, 20, 33].map((blocks) => {
    const depth = networkNamed(`rexnet-1.0:depth=${blocks / 16}`);
    const { params, macs } = networkCosts(depth);
    return { blocks, params, macs };
  });
  const grid = depths.flatMap(({ blocks, params, macs }) =>
    designShapes.map((shape) => ({ blocks, shape, params, macs })),
  );

  it.each(grid)('meets two budgets within 1%: $blocks blocks, $shape', (options) => {
    expect(checkDesign(options).binds).toEqual(['params', 'macs']);
  });

  it.each([
    { blocks: 5, params: 0.2e6, macs: 30e6 },
    { blocks: 9, params: 0.5e6, macs: 100e6 },
    { blocks: 9, params: 1e6, macs: 200e6 },
    { blocks: 13, params: 3e6, macs: 351e6 },
  ])('meets the budgets of the paper’s searches: $blocks blocks, $params parameters', (options) => {
    for (const shape of designShapes) checkDesign({ ...options, shape, like: cifarNetwork });
  });

  it('finds the authors’ network from its own budget', () => {
    const published = networkNamed('rexnet-1.0');
    const { channels } = checkDesign({ ...networkCosts(published), blocks: 16 });
    const authors = channelsOf(published);
    expect(Math.max(...channels.map((c, i) => Math.abs(c - authors[i]!)))).toBeLessThanOrEqual(3);
    // the budget is the default
    expect(designNetwork({}).channels).toEqual(channels);
  });

  it('keeps the first block with one budget, and says that it binds', () => {
    for (const shape of ['linear', 'stage'] as const) {
      const { channels, binds } = checkDesign({ macs: 500e6, shape });
      expect([channels[0], ...binds]).toEqual([16, 'macs']);
    }
    expect(checkDesign({ params: 3e6 }).binds).toEqual(['params']);
    expect(checkDesign({ params: 1e6, like: cifarNetwork, blocks: 9 }).channels[0]).toBe(16);
  });

  it('rounds to multiples', () => {
    for (const shape of designShapes) {
      const { channels } = checkDesign({
        params: 4.8e6,
        macs: 400e6,
        shape,
        rounding: 'multiple-of-8',
        within: 0.01,
      });
      expect(channels.filter((c) => c % 8 !== 0)).toEqual([]);
    }
  });

  it('gives each shape its form', () => {
    const budget = { params: 4.8e6, macs: 400e6 };
    const steps = (channels: readonly number[]) => channels.slice(1).map((c, i) => c - channels[i]!);
    const line = steps(checkDesign(budget).channels);
    expect(Math.max(...line) - Math.min(...line)).toBeLessThanOrEqual(1);
    const stages = checkDesign({ ...budget, shape: 'stage' });
    expect(stageLengths(stages.network)).toEqual([1, 2, 2, 6, 5]);
    expect(steps(stages.channels).map((step) => step > 0)).toEqual(
      [...'101010000010000'].map((digit) => digit === '1'),
    );
    const bent = checkDesign({ ...budget, shape: 'piecewise', knots: [4, 10] });
    expect(bent.curve.shape.knots.map(({ block }) => block)).toEqual([1, 4, 10, 16]);
    // of those without given knots the straightest that does: constant over two blocks
    expect(
      checkDesign({ ...budget, shape: 'piecewise' }).curve.shape.knots.map(({ block }) => block),
    ).toContain(2);
  });

  it('takes a shape of one’s own', () => {
    const shape = piecewiseShape(16, [
      { block: 1, height: 0 },
      { block: 8, height: 0 },
      { block: 16, height: 1 },
    ]);
    const { channels } = checkDesign({ params: 4.8e6, shape });
    expect(new Set(channels.slice(0, 8))).toEqual(new Set([16]));
  });

  it('says how close it came and what binds where the budgets exclude each other', () => {
    const fewMacs = designNetwork({ params: 4.8e6, macs: 200e6 });
    expect(fewMacs).toMatchObject({ met: false, binds: ['macs'] });
    expect(fewMacs.deviations.params).toBeLessThan(-0.2);
    const manyMacs = designNetwork({ params: 2e6, macs: 4e9 });
    expect(manyMacs).toMatchObject({ met: false, binds: ['params'] });
    expect(manyMacs.deviations.macs).toBeLessThan(-0.5);
    const tooSmall = designNetwork({ params: 0.5e6 });
    expect(tooSmall).toMatchObject({ met: false, binds: [], channels: Array(16).fill(1) });
    expect(tooSmall.deviations.params).toBeGreaterThan(1);
  });

  it('exceeds no limit', () => {
    for (const macs of [150e6, 200e6, 300e6, 400e6, 600e6]) {
      const { met, costs, binds } = designNetwork({ params: 4.8e6, macs, atMost: true });
      expect(met).toBe(true);
      expect(costs.params).toBeLessThanOrEqual(4.8e6);
      expect(costs.macs).toBeLessThanOrEqual(macs);
      expect(binds.length).toBeGreaterThan(0);
    }
    expect(designNetwork({ params: 0.5e6, atMost: true }).met).toBe(false);
  });

  it('keeps to the fewest channels', () => {
    const { channels, met } = designNetwork({
      params: 4.8e6,
      macs: 340e6,
      shape: 'piecewise',
      minChannels: 12,
    });
    expect({ met, narrow: channels.filter((c) => c < 12) }).toEqual({ met: true, narrow: [] });
  });

  it.each([
    [{ params: 0 }, /^invalid params: 0 /],
    [{ macs: NaN }, /^invalid macs: NaN /],
    [{ macs: [3e8] as never }, /^invalid macs: \[300000000\] /],
    [{ params: 5e6, within: ['0.1'] as never }, /^invalid within: \["0.1"\] /],
    [{ like: cifarNetwork, blocks: 5 }, /^missing budget: /],
    [{ like: cifarNetwork, params: 1e6 }, /^invalid blocks: undefined /],
    [{ params: 5e6, blocks: 4 }, /^invalid blocks: 4 \(allowed: at least 5, /],
    [{ params: 5e6, blocks: 2.5 }, /^invalid blocks: 2.5 /],
    [{ params: 5e6, shape: 'round' as never }, /^unknown shape: round /],
    [{ params: 5e6, shape: piecewiseShape(1, [{ block: 1, height: 0 }]) }, /^invalid shape: 1 blocks /],
    [{ params: 5e6, shape: 'piecewise', knots: [8, 4] }, /^invalid knots: 8,4 /],
    [{ params: 5e6, shape: 'linear', knots: [8] }, /^invalid knots: 8 /],
    [{ params: 5e6, within: 0 }, /^invalid within: 0 /],
    [{ params: 5e6, minChannels: 0 }, /^invalid minChannels: 0 /],
    [{ params: 5e6, rounding: 'up' as never }, /^invalid rounding: up /],
    [{ params: 1e300 }, /^invalid params: 1e\+300 \(allowed: a number from 1, below 2\^53\)/],
    [{ macs: Infinity }, /^invalid macs: Infinity /],
    [{ parms: 1e6 } as DesignOptions, /^unknown option: parms \(near: params; allowed: params, macs, /],
    [{ constructor: 1 } as unknown as DesignOptions, /^unknown option: constructor /],
    [
      { rounding: 'multiple-of-70000' },
      /^invalid rounding: multiple-of-70000 \(allowed: .* N at most 65536\)/,
    ],
    [{ shape: 'piecewise', knots: '4,10' as never }, /^invalid knots: 4,10 \(allowed: a list of blocks\)/],
    [{ shape: {} as never }, /^invalid blocks: undefined /],
    [{ shape: 'toString' as never }, /^unknown shape: toString \(allowed: linear, stage, piecewise\)/],
    [
      { like: { blocks: [{ chanels: 3 }] } as never },
      /^unknown key of blocks\[0\]: chanels \(near: channels; /,
    ],
  ] satisfies [DesignOptions, RegExp][])('refuses %j', (options, message) => {
    expect(() => designNetwork(options)).toThrow(message);
  });
});

it.each(['piecewise', 'linear'] as const)('knots that are too deep for text are refused, %s', (shape) => {
  let list: unknown[] = [];
  for (let depth = 0; depth < 100_000; depth++) list = [list];
  expect(() => designNetwork({ params: 5e6, shape, knots: list as never })).toThrow(
    /^invalid knots: a list that JSON cannot hold \(allowed: (one to four|none, )/,
  );
});
