import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../src/layers/backend.js';
import { drawParameters } from '../../src/models/draw-parameters.js';
import { buildNetwork } from '../../src/models/network-model.js';
import { runNetwork } from '../../src/models/run-network.js';
import { calibrateBatchNorm } from '../../src/models/calibrate-batch-norm.js';
import { networkNamed } from '../../src/networks/network-named.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';

describe('calibrateBatchNorm', () => {
  beforeAll(() => useBackend('wasm'));

  it('gives every normalized channel mean 0 and variance 1 on the images it was given', () => {
    const network = networkNamed('rexnet-0.2', { resolution: 32, classes: 10 });
    const images = tf.tensor4d(
      fillNormal(createStream(1, 'images'), new Float32Array(8 * 32 * 32 * 3)),
      [8, 32, 32, 3],
    );
    const before = tf.memory().numTensors;
    const drawn = drawParameters(network, { seed: 2, bias: 'uniform' });
    const settled = calibrateBatchNorm(network, drawn, images);
    expect(tf.memory().numTensors).toBe(before);

    const model = buildNetwork(network, settled);
    let seen = 0;
    const scores = runNetwork(model, images, (layer, output) => {
      // what comes out is what was normalized only where nothing follows
      if (!layer.normalization || layer.activation !== 'linear') return;
      seen++;
      const data = output.dataSync<'float32'>();
      const count = data.length / layer.channelsOut;
      for (let c = 0; c < layer.channelsOut; c++) {
        const values = Array.from({ length: count }, (_, i) => data[i * layer.channelsOut + c]!);
        const mean = values.reduce((sum, x) => sum + x, 0) / count;
        const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count;
        expect(Math.abs(mean), layer.name).toBeLessThan(1e-4);
        const { data: raw } = settled.get(`${layer.name}.variance`)!;
        const expected = raw[c]! / (raw[c]! + layer.normalization.epsilon);
        expect(Math.abs(variance - expected), layer.name).toBeLessThan(1e-3);
      }
    });
    expect(seen).toBeGreaterThan(16); // projections and the spatial convolutions before a squeeze
    expect(scores.dataSync<'float32'>().every(Number.isFinite)).toBe(true);
    tf.dispose([scores, images]);
    model.dispose();
  });

  it('leaves the other tensors, and those it was given, as they were', () => {
    const network = networkNamed('cifar:8-8', { classes: 4 });
    const images = tf.ones<tf.Rank.R4>([2, 32, 32, 3]);
    const drawn = drawParameters(network);
    const settled = calibrateBatchNorm(network, drawn, images);
    images.dispose();
    for (const [name, { data }] of drawn) {
      if (/\.(mean|variance)$/.test(name)) expect(new Set(data).size, name).toBe(1);
      else expect(settled.get(name)!.data, name).toBe(data);
    }
  });
});
