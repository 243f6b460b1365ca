import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bottleneck } from '../../src/features/bottleneck.js';
import type { ModelInputs } from '../../src/features/inputs/model-inputs.js';
import { measureFeatures } from '../../src/features/measure-features.js';
import { silentChannels } from '../../src/features/silent-channels.js';
import { openRunnable } from '../../src/features/running/open-runnable.js';
import { useBackend } from '../../src/layers/backend.js';
import { tf } from '../../src/layers/tensors.js';
import { calibrateBatchNorm } from '../../src/models/calibrate-batch-norm.js';
import { drawParameters } from '../../src/models/draw-parameters.js';
import { saveNetwork } from '../../src/models/network-files.js';
import type { Parameters } from '../../src/models/parameters.js';
import { networkNamed } from '../../src/networks/network-named.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-bottleneck-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => void (await useBackend('wasm')));

const SIDE = 32;
const network = networkNamed('mobilenet-v2-0.35', { resolution: SIDE, classes: 10 });

/** Images as smooth as photographs: their neighbouring pixels are much alike. */
function smoothImages(count: number): Float32Array {
  const data = new Float32Array(count * SIDE * SIDE * 3);
  for (let image = 0; image < count; image++) {
    const waves = fillNormal(createStream(5, `image/${image}`), new Float64Array(3 * 36 * 2));
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (let k = 0; k < 36; k++) {
            const [u, v] = [k % 6, Math.floor(k / 6)];
            const phase = (Math.PI * (u * x + v * y)) / SIDE;
            const size = 1 / (1 + u + v);
            sum +=
              size *
              (waves[(c * 36 + k) * 2]! * Math.cos(phase) + waves[(c * 36 + k) * 2 + 1]! * Math.sin(phase));
          }
          data[((image * SIDE + y) * SIDE + x) * 3 + c] = sum;
        }
  }
  return data;
}

const images = smoothImages(128);
const length = SIDE * SIDE * 3;
const inputsOf = (count: number): ModelInputs => ({
  count,
  words: 'smooth images',
  read: (indices) => {
    const data = new Float32Array(indices.length * length);
    for (const [i, index] of indices.entries())
      data.set(images.subarray(index * length, (index + 1) * length), i * length);
    return Promise.resolve(new Map([['images', { shape: [indices.length, SIDE, SIDE, 3], data }]]));
  },
});

/** Returns the layers that are bottlenecks with so many images, those marked for silent channels, and the number of all. */
async function marked(parameters: Parameters, counts: readonly number[]) {
  const x = tf.tensor4d(images.slice(0, 32 * length), [32, SIDE, SIDE, 3]);
  const settled = calibrateBatchNorm(network, parameters, x);
  x.dispose();
  await saveNetwork(folder, network, settled);
  const model = await openRunnable(folder, 'wasm');
  // the head has 1280 channels, which take most of the time
  const layers = (name: string) => name.startsWith('block');
  const found: { layers: string[]; silent: string[]; of: number }[] = [];
  for (const count of counts) {
    const { features } = await measureFeatures(model, inputsOf(count), { reference: false, layers });
    const names = (rows: typeof features) => rows.map(({ layer }) => layer);
    found.push({
      layers: names(features.filter((row) => row.bottleneck)),
      silent: names(
        features.filter(({ shares, channels }) => silentChannels(shares, { channels, inputs: count }).marked),
      ),
      of: new Set(names(features)).size,
    });
  }
  model.close();
  return found;
}

describe('a bottleneck', () => {
  it('is hardly found in networks with random weights, on few images and on many', async () => {
    for (const { layers, silent, of } of await marked(drawParameters(network, { seed: 2 }), [8, 32, 128])) {
      expect(of).toBeGreaterThan(45);
      expect(layers.length / of).toBeLessThanOrEqual(0.05);
      expect(silent.length / of).toBeLessThanOrEqual(0.05);
    }
  });

  it('is found where a layer has weights of low rank, and not elsewhere', async () => {
    const parameters = new Map(drawParameters(network, { seed: 1 }));
    const name = 'block5.project.weight';
    const { shape, data } = parameters.get(name)!;
    const outputs = shape.at(-1)!;
    // all outputs are mixtures of three of them
    const mixtures = fillNormal(createStream(1, 'mixtures'), new Float32Array(3 * outputs));
    const low = data.map((_, i) => {
      const [from, to] = [i - (i % outputs), i % outputs];
      return [0, 1, 2].reduce((sum, k) => sum + data[from + k]! * mixtures[k * outputs + to]!, 0);
    });
    parameters.set(name, { shape, data: low });
    for (const { layers } of await marked(parameters, [8, 32])) {
      expect(layers).toContain(name);
      expect(layers.length).toBeLessThanOrEqual(3);
    }
  });

  it('follows its rule', () => {
    const sizes = { channels: 64, columns: 1000 };
    const at = (rank: number) => ({ lower: rank, upper: rank });
    expect(bottleneck(at(40), at(19), sizes)).toEqual({ entered: 40, possible: 40, kept: 19 });
    expect(bottleneck(at(40), at(20), sizes)).toBe(null);
    // a narrow layer that fills its width
    expect(bottleneck(at(400), at(64), sizes)).toBe(null);
    // ranks that are not proved do not count
    expect(bottleneck(at(40), { lower: 10, upper: 20 }, sizes)).toBe(null);
    expect(bottleneck(at(7), at(1), sizes)).toBe(null);
    expect(bottleneck(at(40), at(1), { channels: 64, columns: 127 })).toBe(null);
    expect(bottleneck(null, at(1), sizes)).toBe(null);
  });
});
