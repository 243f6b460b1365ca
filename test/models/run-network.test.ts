import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../src/layers/backend.js';
import { drawParameters } from '../../src/models/draw-parameters.js';
import { buildNetwork } from '../../src/models/network-model.js';
import { parameterShapes } from '../../src/models/parameters.js';
import { runNetwork } from '../../src/models/run-network.js';
import { networkFromJson } from '../../src/networks/network-json.js';
import { networkLayers } from '../../src/networks/network-layers.js';
import { networkNamed } from '../../src/networks/network-named.js';
import { cases, formulaImages, formulaParameters, networkOf, resolution } from './formula.js';

describe.each(['wasm', 'cpu'] as const)('on the %s backend', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)('$network puts out what PyTorch does', (given) => {
    const network = networkOf(given);
    expect(parameterShapes(network).length).toBe(given.names.length);
    const model = buildNetwork(network, formulaParameters(network, given));
    const images = tf.tensor4d(formulaImages(), [2, resolution, resolution, 3]);
    const outputs: Float32Array[] = [];
    const scores = runNetwork(model, images, (layer, output) => {
      if (layer.taps.includes('output')) outputs.push(output.dataSync<'float32'>().slice());
    });

    expect(outputs.map((output) => output.length)).toEqual(given.blocks.map(({ length }) => length));
    // the script works in float64: each layer adds a few roundings of the largest value
    outputs.forEach((output, block) => {
      const { values, scale } = given.blocks[block]!;
      const places = values.map((_, i) => Math.floor((i * output.length) / values.length));
      const off = places.map((place, i) => Math.abs(output[place]! - values[i]!) / scale);
      expect(Math.max(...off), `block ${block + 1}`).toBeLessThan((block + 2) * 2 ** -20);
    });
    const scale = Math.max(...given.scores.map(Math.abs));
    scores.dataSync().forEach((score, i) => {
      expect(Math.abs(score - given.scores[i]!) / scale).toBeLessThan(2 ** -15);
    });
    scores.dispose();
    images.dispose();
    model.dispose();
  });
});

describe('every family', () => {
  beforeAll(() => useBackend('wasm'));
  const names = [
    'rexnet-0.2',
    'rexnet-1.0:depth=0.5',
    'rexnet-lite-1.0',
    'rexnet-plain-1.0',
    'mobilenet-v1-0.25',
    'mobilenet-v2-0.35',
    'efficientnet-b1',
    'cifar:34-34-45-55-66',
  ];

  it.each(names)('%s runs, with the shapes its layers say, and leaves no tensor behind', (name) => {
    const before = tf.memory().numTensors;
    const network = networkNamed(name, { resolution: 48, classes: 7 });
    const model = buildNetwork(network, drawParameters(network));
    const images = tf.randomUniform<tf.Rank.R4>([2, 48, 48, 3], 0, 1, 'float32', 1);
    const seen: number[][] = [];
    const scores = runNetwork(model, images, (_, output) => seen.push(output.shape.slice(1)));
    const expected = networkLayers(network).map(({ outputShape: [channels, height, width] }) =>
      height === undefined ? [channels] : [height, width, channels],
    );
    expect(seen).toEqual(expected);
    expect(scores.shape).toEqual([2, 7]);
    expect(scores.dataSync().every(Number.isFinite)).toBe(true);
    tf.dispose([scores, images]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('runs every kind of block', () => {
    const network = networkFromJson({
      resolution: 15,
      blocks: [
        { kind: 'conv3x3', channels: 8, squeezeExcitation: {} },
        { kind: 'pointwise', channels: 12, stride: 2 },
        { kind: 'inverted-conv3x3', channels: 12, expansion: 2 },
        { kind: 'separable', channels: 20, kernel: 5, stride: 2 },
      ],
      head: { classes: 3, hidden: { channels: 9 } },
    });
    const model = buildNetwork(network, drawParameters(network, { weights: 'pytorch', bias: 'pytorch' }));
    const scores = runNetwork(model, tf.ones([1, 15, 15, 3]));
    expect(scores.shape).toEqual([1, 3]);
    expect(scores.dataSync().some((x) => x !== 0)).toBe(true);
  });

  it('frees its tensors when a visit throws', () => {
    const network = networkNamed('cifar:8-8');
    const model = buildNetwork(network, drawParameters(network));
    const before = tf.memory().numTensors;
    const images = tf.ones<tf.Rank.R4>([1, 32, 32, 3]);
    expect(() =>
      runNetwork(model, images, ({ role }) => {
        if (role === 'project') throw new Error('enough');
      }),
    ).toThrow('enough');
    images.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses images with other channels', () => {
    const network = networkNamed('cifar:8-8');
    const model = buildNetwork(network, drawParameters(network));
    expect(() => runNetwork(model, tf.ones([1, 32, 32, 1]))).toThrow(
      'invalid channels of the images: 1 (allowed: 3)',
    );
  });

  it('refuses images without pixels, and names the layer where the backend fails', () => {
    const network = networkNamed('cifar:8-8');
    const model = buildNetwork(network, drawParameters(network));
    const wrong = [tf.ones([32, 32, 3]), tf.zeros([1, 0, 32, 3]), [1, 2]] as never[];
    for (const images of wrong)
      expect(() => runNetwork(model, images)).toThrow(
        /^invalid images: \[[\d,]+\] \(allowed: a tensor \[images, /,
      );
    model.dispose();
    expect(() => runNetwork(model, tf.ones([1, 32, 32, 3]))).toThrow(
      /^stem does not run on features \[1, 32, 32, 3\]; .* less memory: /,
    );
  });
});
