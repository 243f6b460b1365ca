import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blockNames } from '../../src/layers/blocks.js';
import { readWeights } from '../../src/layers/initialisation.js';
import { checkInputArray } from '../../src/layers/inputs.js';
import { drawLayer, drawSizes, type Layer } from '../../src/layers/layer.js';
import { layerProtocolFields, resolveLayerProtocol, type LayerProtocol } from '../../src/layers/protocol.js';
import { createStream } from '../../src/random/stream.js';

const small = resolveLayerProtocol({ channels: '8:32', expansion: 2 });
const address = { seed: 7, block: 'inverted-depthwise', dimensionRatio: 0.5, index: 3 } as const;

describe('drawLayer', () => {
  it('gives the same bits for the same address, in any order', () => {
    const draw = (index: number) => digest(drawLayer({ ...address, index }, small));
    const forward = [0, 1, 2, 3].map(draw);
    const backward = [3, 2, 1, 0].map(draw).reverse();
    expect(backward).toEqual(forward);
    expect(new Set(forward).size).toBe(4);
  });

  it('keeps its bits for good: runs of earlier versions can be repeated', () => {
    const digests = blockNames.map((block) => digest(drawLayer({ ...address, block }, small)).slice(0, 16));
    expect(digests).toMatchInlineSnapshot(`
      [
        "4d00cdb04bb05638",
        "ab13c2c4e2c4c4eb",
        "a33050202394ce5c",
        "97f95ac56cbf642f",
      ]
    `);
  });

  it('shares nothing between layers, seeds, blocks and ratios', () => {
    const layers = [
      address,
      { ...address, index: 4 },
      { ...address, seed: 8 },
      { ...address, block: 'inverted-conv3x3' as const },
      { ...address, dimensionRatio: 0.6 },
    ].map((one) => drawLayer(one, resolveLayerProtocol({ channels: '16:16' })));
    const firsts = layers.flatMap(({ input, convolutions }) => [
      input[0],
      ...convolutions.map(({ weights }) => weights[0]),
    ]);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('has the sizes that the protocol says', () => {
    for (let index = 0; index < 200; index++) {
      const sizes = drawSizes({ ...address, index, dimensionRatio: 0.01 }, small);
      expect(sizes.dOut).toBeGreaterThanOrEqual(8);
      expect(sizes.dOut).toBeLessThanOrEqual(32);
      const columns = Math.round(1.2 * sizes.dOut);
      expect(sizes).toMatchObject({ dIn: 1, hidden: 2, columns, images: columns });
    }
    const wide = resolveLayerProtocol({ channels: '100:100', samples: '1.5x', spatial: 4, expansion: 3 });
    expect(drawSizes({ ...address, dimensionRatio: 0.256 }, wide)).toEqual({
      dIn: 26,
      dOut: 100,
      hidden: 78,
      columns: 150,
      images: 10,
    });
  });

  it.each(['uniform', 'log-uniform'] as const)(
    'draws d_out %sly, both ends included',
    (channelDistribution) => {
      const protocol = resolveLayerProtocol({ channels: '4:63', channelDistribution });
      const draws = Array.from(
        { length: 8000 },
        (_, index) => drawSizes({ ...address, index }, protocol).dOut,
      );
      expect(Math.min(...draws)).toBe(4);
      expect(Math.max(...draws)).toBe(63);
      // 4 to 15 is one fifth of the values and half of the octaves
      const share = draws.filter((dOut) => dOut < 16).length / draws.length;
      const expected = channelDistribution === 'uniform' ? 12 / 60 : 0.5;
      expect(Math.abs(share - expected)).toBeLessThan(
        4 * Math.sqrt((expected * (1 - expected)) / draws.length),
      );
    },
  );

  it.each([0, -0.5, 1.01, NaN])('refuses the ratio %s', (dimensionRatio) => {
    expect(() => drawLayer({ ...address, dimensionRatio }, small)).toThrow(
      /^invalid dimension ratio: .*\(0, 1\]\)$/,
    );
  });

  it('draws the expansion ratio uniformly, and nothing else with it', () => {
    const at = (expansion: number | string, index: number) => {
      const protocol = resolveLayerProtocol({ channels: '400:400', expansion });
      const place = { seed: 0, block: 'inverted-depthwise', dimensionRatio: 0.5, index } as const;
      return drawSizes(place, protocol);
    };
    const ratios = Array.from({ length: 400 }, (_, i) => at('1:5', i).hidden / 200);
    for (const low of [1, 2, 3, 4]) {
      const share = ratios.filter((ratio) => ratio >= low && ratio < low + 1).length / 400;
      expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 400));
    }
    expect(at('1:5', 7)).toEqual({ ...at(2, 7), hidden: at('1:5', 7).hidden });
    expect(at('2.5', 0).hidden).toBe(500);
  });

  it('refuses what valid padding leaves nothing of', () => {
    const protocol = resolveLayerProtocol({ padding: 'valid', spatial: 2 });
    expect(() => drawLayer(address, protocol)).toThrow(/^invalid spatial size: 2 \(allowed: more than 2 /);
  });

  it('refuses what does not fit in memory before it is drawn', () => {
    const protocol = resolveLayerProtocol({ channels: '1000000:1000000' });
    expect(() => drawLayer(address, protocol)).toThrow(
      /^invalid size of a layer: \d+ MiB of memory at once, for /,
    );
  });
});

describe('weights', () => {
  const shape = { kernel: 3, window: 3, inputs: 40, outputs: 60, depthwise: false };
  const size = 9 * 40 * 60;
  const draw = (notation: string) =>
    readWeights(notation)!.fill(createStream(1, notation), new Float32Array(size), shape);
  const fanIn = 360;
  const fanOut = 540;

  it.each([
    ['normal', 1],
    ['normal:0.02', 0.02],
    ['kaiming-normal', Math.sqrt(2 / fanIn)],
    ['kaiming-normal:fan-out', Math.sqrt(2 / fanOut)],
    ['xavier-normal', Math.sqrt(2 / (fanIn + fanOut))],
  ])('%s has standard deviation %d and normal tails', (notation, sd) => {
    const weights = draw(notation);
    expect(Math.abs(rootMeanSquare(weights) / sd - 1)).toBeLessThan(4 / Math.sqrt(2 * size));
    const beyondTwo = weights.filter((w) => Math.abs(w) > 2 * sd).length;
    expect(Math.abs(beyondTwo - 0.0455 * size)).toBeLessThan(4 * Math.sqrt(0.0455 * size));
  });

  it.each([
    ['uniform', 1],
    ['uniform:0.3', 0.3],
    ['uniform:3/fan-in', 3 / Math.sqrt(fanIn)],
    ['uniform:3/fan-out', 3 / Math.sqrt(fanOut)],
    ['uniform:3/inputs', 3 / Math.sqrt(40)],
    ['uniform:3/outputs', 3 / Math.sqrt(60)],
    ['kaiming-uniform', Math.sqrt(6 / fanIn)],
    ['kaiming-uniform:fan-out', Math.sqrt(6 / fanOut)],
    ['xavier-uniform', Math.sqrt(6 / (fanIn + fanOut))],
    ['pytorch', 1 / Math.sqrt(fanIn)],
  ])('%s is uniform within %d', (notation, bound) => {
    const weights = draw(notation);
    const largest = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    expect(largest).toBeLessThanOrEqual(bound * (1 + 2 ** -23));
    expect(largest).toBeGreaterThan(bound * (1 - 20 / size));
    expect(Math.abs(rootMeanSquare(weights) / (bound / Math.sqrt(3)) - 1)).toBeLessThan(4 / Math.sqrt(size));
  });

  it('counts fans as PyTorch does', () => {
    const { cases } = JSON.parse(readFileSync(join(__dirname, 'fixtures/features.json'), 'utf8')) as {
      cases: {
        convolutions: {
          kernel: number;
          depthwise: boolean;
          inputs: number;
          outputs: number;
          fanIn: number;
          fanOut: number;
        }[];
      }[];
    };
    for (const { fanIn, fanOut, ...rest } of cases.flatMap(({ convolutions }) => convolutions)) {
      const shape = { ...rest, window: rest.kernel };
      const first = (notation: string) =>
        readWeights(notation)!.fill(createStream(0, 'x'), new Float32Array(1), shape)[0]!;
      const unit = first('normal');
      expect(first('kaiming-normal:fan-in') / unit).toBeCloseTo(Math.sqrt(2 / fanIn), 6);
      expect(first('kaiming-normal:fan-out') / unit).toBeCloseTo(Math.sqrt(2 / fanOut), 6);
    }
  });

  it.each([
    { kernel: 1, window: 1, inputs: 5, outputs: 9, depthwise: false },
    { kernel: 1, window: 1, inputs: 9, outputs: 5, depthwise: false },
    { kernel: 3, window: 3, inputs: 2, outputs: 9, depthwise: false },
    { kernel: 3, window: 3, inputs: 12, outputs: 12, depthwise: true },
  ])('orthogonal has orthonormal rows or columns: %j', (shape) => {
    const columns = shape.kernel ** 2 * (shape.depthwise ? 1 : shape.inputs);
    const size = columns * shape.outputs;
    const w = readWeights('orthogonal')!.fill(createStream(2, 'orthogonal'), new Float32Array(size), shape);
    const at = (output: number, column: number) => w[column * shape.outputs + output]!;
    const byRows = shape.outputs <= columns;
    const [count, length] = byRows ? [shape.outputs, columns] : [columns, shape.outputs];
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let i = 0; i < length; i++) dot += byRows ? at(a, i) * at(b, i) : at(i, a) * at(i, b);
        expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(length * 2 ** -23);
      }
    }
  });

  it.each(['gaussian', 'normal:0', 'normal:-1', 'normal:x', 'kaiming-normal:fan', 'pytorch:2', ''])(
    'refuses %j',
    (weights) => {
      expect(() => resolveLayerProtocol({ weights })).toThrow(
        /^invalid weights: .* \(allowed: normal\[:SD\], /,
      );
    },
  );
});

describe("a user's own inputs", () => {
  const images = {
    data: Float32Array.from({ length: 20 * 3 * 4 * 5 }, (_, i) => i),
    shape: [20, 3, 4, 5],
  };
  const draw = (protocol: Partial<LayerProtocol>, array = images) =>
    drawLayer(
      { ...address, block: 'pointwise', dimensionRatio: 1 },
      resolveLayerProtocol({ inputs: 'file:images.npy', ...protocol }),
      array,
    );

  it('are read as windows at the same place of every sample, one place a channel', () => {
    const { input, sizes } = draw({ channels: '6:6', spatial: 2, samples: '40' });
    expect(sizes.images).toBe(10);
    const sample = (value: number) => Math.floor(value / 60);
    const place = (value: number) => value % 60;
    const samples = new Set<number>();
    const corners = Array.from({ length: 6 }, (_, channel) => place(input[channel]!));
    for (let image = 0; image < 10; image++) {
      samples.add(sample(input[image * 24]!));
      for (let y = 0; y < 2; y++)
        for (let x = 0; x < 2; x++)
          for (let channel = 0; channel < 6; channel++) {
            const value = input[((image * 2 + y) * 2 + x) * 6 + channel]!;
            expect(place(value)).toBe(corners[channel]! + y * 5 + x);
            expect(sample(value)).toBe(sample(input[image * 24]!));
          }
    }
    expect(samples.size).toBe(10);
    expect(new Set(corners).size).toBe(6);
  });

  it('may be features', () => {
    const features = { data: Float64Array.from({ length: 50 * 8 }, (_, i) => i), shape: [50, 8] };
    const { input } = draw({ channels: '8:8' }, features as never);
    expect([...input.slice(0, 8)].map((value) => value % 8).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('must be large enough', () => {
    expect(() => draw({ channels: '30:30' })).toThrow(
      /^invalid input array: 20 samples \(allowed: at least 36/,
    );
    expect(() => draw({ channels: '70:70', samples: '5' })).toThrow(
      /^invalid input array: 3 planes of 4 x 5 .* it has 60/,
    );
    expect(() => draw({ channels: '4:4', spatial: 9 })).toThrow(
      /room for 4 channels of 9 x 9 pixels; it has 0/,
    );
  });

  it('must be whole and finite', () => {
    expect(() => checkInputArray({ data: new Float32Array(6), shape: [6] })).toThrow(
      /^invalid input array shape: \[6\]/,
    );
    expect(() => checkInputArray({ data: new Float32Array(6), shape: [2, 4] })).toThrow(
      /^invalid input array length: 6 .*8/,
    );
    const data = Float32Array.of(0, 1, 2, NaN);
    expect(() => checkInputArray({ data, shape: [2, 2] })).toThrow(
      /^invalid input array value: NaN .* sample 1/,
    );
  });
});

describe('resolveLayerProtocol', () => {
  it('fills in the defaults and keeps what is given', () => {
    const protocol = resolveLayerProtocol({ spatial: 3 });
    for (const [key, field] of Object.entries(layerProtocolFields)) {
      expect(protocol[key as keyof LayerProtocol]).toBe(key === 'spatial' ? 3 : field.default);
    }
  });

  it('has defaults that it would accept', () => {
    expect(resolveLayerProtocol(resolveLayerProtocol())).toEqual(resolveLayerProtocol());
  });

  it.each([
    [{ channels: '1:10' }, 'invalid channels: 1:10 (allowed: MIN:MAX with whole numbers, 2 <= MIN <= MAX)'],
    [{ channels: '20:10' }, 'invalid channels: 20:10'],
    [{ channels: '20' }, 'invalid channels: 20'],
    [{ samples: '0' }, 'invalid samples: 0 (allowed: d_out, d_out+K'],
    [{ samples: '-3' }, 'invalid samples: -3'],
    [{ samples: '0x' }, 'invalid samples: 0x'],
    [{ spatial: 0 }, 'invalid spatial: 0 (allowed: a whole number >= 1)'],
    [{ spatial: 1.5 }, 'invalid spatial: 1.5'],
    [{ expansion: 0 }, 'invalid expansion: 0'],
    [{ expansion: '3:3' }, 'invalid expansion: 3:3 (allowed: a number > 0, or MIN:MAX'],
    [{ expansion: '-1:3' }, 'invalid expansion: -1:3'],
    [{ expansion: '1:2:3' }, 'invalid expansion: 1:2:3'],
    [{ padding: 'full' }, 'invalid padding: full (allowed: same, valid)'],
    [
      { normalization: 'layer' },
      'invalid normalization: layer (allowed: none, inference, batch, deviation, running:R with 0 < R <= 1)',
    ],
    [{ normalization: 'running:0' }, 'invalid normalization: running:0 (allowed: none, '],
    [{ normalization: 'running:1.5' }, 'invalid normalization: running:1.5 (allowed: none, '],
    [{ shortcut: 'maybe' }, 'invalid shortcut: maybe (allowed: true, false)'],
    [{ inputs: 'file:' }, 'invalid inputs: file: (allowed: normal[:SD], uniform'],
    [{ bias: 'kaiming-normal' }, 'invalid bias: kaiming-normal (allowed: none, '],
    [{ kernel: 3 }, 'unknown protocol key: kernel (allowed: weights, bias, '],
  ])('refuses %j', (given, message) => {
    expect(() => resolveLayerProtocol(given as Partial<LayerProtocol>)).toThrow(message);
  });
});

function rootMeanSquare(x: Float32Array): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length);
}

/** SHA-256 of every number of the layer. */
function digest({ input, convolutions }: Layer): string {
  const hash = createHash('sha256').update(new Uint8Array(input.buffer));
  for (const { weights, bias } of convolutions) {
    hash.update(new Uint8Array(weights.buffer));
    if (bias) hash.update(new Uint8Array(bias.buffer));
  }
  return hash.digest('hex');
}
