import { describe, expect, it } from 'vitest';
import {
  curveChannels,
  linearShape,
  piecewiseShape,
  shapeHeights,
  stageShape,
} from '../../src/networks/channel-curve.js';
import { channelsOf } from '../../src/networks/network.js';
import { networkNamed } from '../../src/networks/network-named.js';

describe('curveChannels', () => {
  it('gives ReXNet x1.0 as the straight line it is', () => {
    const a = 180 / 16;
    expect(curveChannels({ shape: linearShape(16), a, b: 16 - a })).toEqual(
      channelsOf(networkNamed('rexnet-1.0')),
    );
  });

  it('gives MobileNetV2 as the stages it is', () => {
    const shape = stageShape([1, 2, 3, 4, 3, 3, 1], [16, 24, 32, 64, 96, 160, 320]);
    expect(curveChannels({ shape, a: 1, b: 0 })).toEqual(channelsOf(networkNamed('mobilenet-v2')));
    expect(curveChannels({ shape, a: 0.75, b: 0 }, 'multiple-of-8')).toEqual(
      channelsOf(networkNamed('mobilenet-v2-0.75')),
    );
  });

  // of the paper's Table 3: the best of constraint (d)
  it('gives a searched configuration by its knots', () => {
    const shape = piecewiseShape(13, [
      { block: 1, height: 0 },
      { block: 3, height: 0 },
      { block: 4, height: 1 },
      { block: 13, height: 37 },
    ]);
    expect(curveChannels({ shape, a: 6, b: 34 })).toEqual([
      34, 34, 34, 40, 64, 88, 112, 136, 160, 184, 208, 232, 256,
    ]);
  });

  it('rounds by the rule', () => {
    const curve = { shape: linearShape(4), a: 1, b: 11.5 };
    expect(curveChannels(curve)).toEqual([12, 14, 14, 16]);
    expect(curveChannels(curve, 'nearest')).toEqual([13, 14, 15, 16]);
    expect(curveChannels(curve, 'multiple-of-8')).toEqual([16, 16, 16, 16]);
    expect(() => curveChannels(curve, 'multiple-of-0')).toThrow(/^invalid rounding: multiple-of-0 /);
  });

  it('never decreases, whatever the rounding', () => {
    for (const rounding of ['nearest', 'half-to-even', 'multiple-of-8', 'multiple-of-12'] as const) {
      for (let a = 0; a < 9; a += 0.37) {
        const channels = curveChannels({ shape: linearShape(40), a, b: 3.1 }, rounding);
        expect(channels).toEqual(channels.toSorted((x, y) => x - y));
      }
    }
  });

  it('refuses a curve that decreases or runs out of channels', () => {
    expect(() => curveChannels({ shape: linearShape(3), a: -1, b: 9 })).toThrow(/^invalid slope a: -1 /);
    expect(() => curveChannels({ shape: linearShape(3), a: 1, b: -1 })).toThrow(/^invalid channels: 0 /);
  });
});

describe('shapeHeights', () => {
  it('meets every knot exactly and is straight between', () => {
    const knots = [
      { block: 1, height: 0.1 },
      { block: 4, height: 0.7 },
      { block: 5, height: 0.7 },
      { block: 7, height: 2.1 },
    ];
    const heights = shapeHeights(piecewiseShape(7, knots));
    for (const { block, height } of knots) expect(heights[block - 1]).toBe(height);
    expect(heights[1]).toBeCloseTo(0.3, 12);
    expect(heights[5]).toBeCloseTo(1.4, 12);
  });

  it('is one height for one block', () => {
    expect(shapeHeights(linearShape(1))).toEqual([1]);
    expect(shapeHeights(stageShape([1]))).toEqual([1]);
  });

  it('refuses knots that do not span the blocks, are out of order, or sink', () => {
    const knots = (...pairs: [number, number][]) => pairs.map(([block, height]) => ({ block, height }));
    expect(() => piecewiseShape(5, knots([1, 0], [4, 1]))).toThrow(/^invalid knots: 1, 4 .*last on block 5/);
    expect(() => piecewiseShape(5, [])).toThrow(/^invalid knots/);
    expect(() => piecewiseShape(5, [null] as never)).toThrow(
      'invalid knots: [null] (allowed: a list of knots',
    );
    expect(() => shapeHeights(null as never)).toThrow('invalid shape: null (allowed: an object with');
    expect(() => piecewiseShape(5, knots([1, 0], [3, 1], [3, 2], [5, 3]))).toThrow(/^invalid knot: 3 /);
    expect(() => piecewiseShape(5, knots([1, 2], [5, 1]))).toThrow(/^invalid height: 1 /);
    expect(() => stageShape([2, 0])).toThrow(/^invalid stage: 0 /);
    expect(() => linearShape(0)).toThrow(/^invalid blocks: 0 /);
  });
});
