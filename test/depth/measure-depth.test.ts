import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { imagesNeeded, usualBatch } from '../../src/depth/image-demand.js';
import { measureDepth } from '../../src/depth/measure-depth.js';
import { randomImages } from '../../src/images/random-images.js';
import { useBackend } from '../../src/layers/backend.js';
import { drawParameters } from '../../src/models/draw-parameters.js';
import { buildNetwork } from '../../src/models/network-model.js';
import type { Parameters } from '../../src/models/parameters.js';
import { runNetwork } from '../../src/models/run-network.js';
import { networkFromJson } from '../../src/networks/network-json.js';
import { networkNamed } from '../../src/networks/network-named.js';
import type { Network } from '../../src/networks/network.js';
import { effectiveRank } from '../../src/rank/metrics.js';
import { spectrumAndRanks } from '../../src/rank/rank.js';

const small = networkFromJson({
  name: 'small',
  resolution: 16,
  stem: { channels: 12 },
  blocks: [
    { channels: 10, expansion: 1 },
    { channels: 10, expansion: 3 },
    { channels: 14, expansion: 4, stride: 2 },
  ],
  head: { classes: 5 },
});

beforeAll(() => useBackend('wasm'));

/** With one tensor replaced. */
function changed(
  parameters: Parameters,
  name: string,
  value: (i: number, old: Float32Array) => number,
): Parameters {
  const { shape, data } = parameters.get(name)!;
  return new Map(parameters).set(name, { shape, data: data.map((_, i) => value(i, data)) });
}

describe('measureDepth', () => {
  it('gives each network the channels it takes', async () => {
    const images = await randomImages(0).select(3);
    for (const inputChannels of [1, 2, 3]) {
      const network = { ...small, inputChannels };
      const [stem] = await measureDepth(network, images, { taps: ['output'] });
      expect(stem).toMatchObject({ channelsIn: inputChannels, rank: 12 });
    }
    const short = { ...images, read: () => Promise.resolve(new Float32Array(7)) };
    await expect(measureDepth(small, short)).rejects.toThrow(
      'invalid images: 3 random images, 7 numbers (allowed: 2304: 3 of 16 x 16 x 3)',
    );
  });

  it('measures the stem and every tap of every block', async () => {
    const rows = await measureDepth(small, await randomImages(0).select(12));
    expect(rows.map(({ layer, tap }) => `${layer} ${tap}`)).toEqual([
      'stem output',
      'block1.spatial spatial',
      'block1.project project',
      'block1.project output',
      'block2.expand expand',
      'block2.spatial spatial',
      'block2.project project',
      'block2.shortcut output',
      'block3.expand expand',
      'block3.spatial spatial',
      'block3.project project',
      'block3.project output',
    ]);
    expect(rows[4]).toMatchObject({
      network: 'small',
      seed: 0,
      block: 2,
      channelsIn: 10,
      channels: 30,
      size: 8,
      positions: 12 * 64,
      tolerance: 'relative:0.001',
    });
  });

  it('finds the rank that was planted', async () => {
    // the projection of block 2 has three independent columns: 1, i, i^2 of the output channel
    const parameters = changed(drawParameters(small), 'block2.project.weight', (i, old) => {
      const [input, output] = [Math.floor(i / 10), i % 10];
      return [0, 1, 2].reduce((sum, k) => sum + old[(10 * input + k) % old.length]! * (output / 5) ** k, 0);
    });
    const rows = await measureDepth(small, await randomImages(0).select(12), { parameters });
    const at = (name: string, tap: string) => rows.find((row) => row.layer === name && row.tap === tap)!;
    expect(at('block2.spatial', 'spatial')).toMatchObject({ rank: 30, rankRatio: 1, certified: true });
    expect(at('block2.project', 'project')).toMatchObject({
      rank: 3,
      rankRatio: 0.3,
      certified: true,
      seed: null,
    });
    // the shortcut brings the others back
    expect(at('block2.shortcut', 'output').rank).toBe(10);
  });

  it('gives what the features in one piece give, by another way', async () => {
    const images = await randomImages(5).select(10);
    const parameters = drawParameters(small, { seed: 5 });
    const rows = await measureDepth(small, images, {
      parameters,
      batch: 4,
      tolerances: ['relative:0.1', 'energy:0.9'],
    });
    const model = buildNetwork(small, parameters);
    const x = tf.tensor4d(await images.read(0, 10, 16), [10, 16, 16, 3]);
    let compared = 0;
    runNetwork(model, x, (layer, output) => {
      if (layer.taps.length === 0) return;
      const channels = layer.channelsOut;
      const columns = output.size / channels;
      const data = output.dataSync<'float32'>();
      const matrix = {
        data: data.map((_, i) => data[(i % columns) * channels + Math.floor(i / columns)]!),
        rows: channels,
        columns,
      };
      const whole = spectrumAndRanks(matrix, ['relative:0.1', 'energy:0.9'], { accuracy: 'full' });
      for (const row of rows.filter((row) => row.layer === layer.name)) {
        const expected = whole.ranks.find(({ tolerance }) => tolerance.rule === row.tolerance)!;
        expect(row.rank).toBe(expected.rank);
        expect(Math.abs(row.effectiveRank - effectiveRank(whole.spectrum))).toBeLessThan(1e-4 * channels);
        expect(row.positions).toBe(columns);
        compared++;
      }
    }).dispose();
    expect(compared).toBe(22);
    x.dispose();
    model.dispose();
  });

  it('does not depend on batches or on how much memory there is', async () => {
    const network = networkFromJson({
      name: 'squeezed',
      resolution: 16,
      blocks: [
        { channels: 10, expansion: 1 },
        { channels: 14, stride: 2, squeezeExcitation: {} },
        { channels: 20, squeezeExcitation: {} },
      ],
      head: { convolution: { channels: 70 }, classes: 5 },
    });
    const images = await randomImages(1).select(20);
    const before = tf.memory().numTensors;
    const once = await measureDepth(network, images);
    const steps: number[] = [];
    const often = await measureDepth(network, images, {
      batch: 7,
      memoryBytes: 1.2e6,
      onProgress: (done, total) => steps.push(done / total),
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(often.length).toBe(once.length);
    for (const [i, row] of often.entries()) {
      const { effectiveRank, largest, stableRank, ...other } = row;
      expect(once[i]).toMatchObject({ layer: other.layer, rank: other.rank, positions: other.positions });
      expect(Math.abs(effectiveRank - once[i]!.effectiveRank)).toBeLessThan(1e-3 * other.channels);
      expect(Math.abs(largest / once[i]!.largest - 1)).toBeLessThan(1e-4);
      expect(Math.abs(stableRank / once[i]!.stableRank - 1)).toBeLessThan(1e-3);
    }
    expect(steps.at(-1)).toBe(1);
    expect(steps.length).toBeGreaterThan(6); // more than one group
  });

  it('bounds a rank by the positions', async () => {
    const network: Network = { ...small, resolution: 4 };
    const rows = await measureDepth(network, await randomImages(0).select(2));
    const { positions, channels, rank } = rows.find(({ layer }) => layer === 'block3.spatial')!;
    expect([positions, channels]).toEqual([2, 40]);
    expect(rank).toBeLessThanOrEqual(2);
  });

  it('names the layer whose features are not finite', async () => {
    const images = await randomImages(0).select(2);
    // finite weights whose products are not; a ReLU6 would bound them
    const huge = changed(drawParameters(small), 'block2.project.weight', () => 3e38);
    const parameters = changed(huge, 'block2.project.gamma', () => 3e38);
    await expect(measureDepth(small, images, { parameters })).rejects.toThrow(
      /^features of block2.project: invalid matrix entry: (Infinity|NaN)/,
    );
    const broken = changed(parameters, 'block2.expand.variance', (i) => (i === 3 ? -1 : 1));
    await expect(measureDepth(small, images, { parameters: broken })).rejects.toThrow(
      'invalid number of block2.expand.variance: -1 at 3 (allowed: finite numbers from 0, as variances are)',
    );
  });

  it('refuses weights of another network, and a batch of none', async () => {
    const images = await randomImages(0).select(2);
    const parameters = drawParameters(networkNamed('cifar:8-8'));
    await expect(measureDepth(small, images, { parameters })).rejects.toThrow(
      'invalid weights: 57 mismatches',
    );
    await expect(measureDepth(small, images, { batch: 0 })).rejects.toThrow('invalid batch: 0');
    await expect(measureDepth(small, images, { tap: ['output'] } as never)).rejects.toThrow(
      'unknown option: tap (near: taps; allowed: parameters, seed, ',
    );
  });

  it('refuses at once what does not fit in memory', async () => {
    const images = await randomImages(0).select(1);
    const large = networkNamed('mobilenet-v2-1.0', { resolution: 8192 });
    await expect(measureDepth(large, images)).rejects.toThrow(
      'invalid resolution: 8192 (allowed: on the wasm',
    );
  });
});

describe('the images of a network', () => {
  it('are enough for eight positions a channel at every tap, and at least 16', () => {
    // 960 hidden channels and 1280 at the head, at 7 x 7: 10240 / 49
    expect(imagesNeeded(networkNamed('mobilenet-v2-1.0'))).toBe(209);
    expect(imagesNeeded(small)).toBe(20);
    expect(imagesNeeded({ ...small, resolution: 2 * small.resolution })).toBe(16);
  });

  it('run so many at once that the largest features take 64 MB', () => {
    // 96 channels at 112 x 112
    expect(usualBatch(networkNamed('mobilenet-v2-1.0'))).toBe(13);
    expect(usualBatch(small)).toBe(256);
  });
});
