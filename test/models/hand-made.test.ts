import * as tf from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { beforeAll, expect, it } from 'vitest';
import { useBackend } from '../../src/layers/backend.js';
import { drawLayersParameters } from '../../src/models/draw-parameters.js';
import { graphFiles } from '../../src/models/network-files.js';
import { layersGraph } from '../../src/models/network-graph.js';
import { buildStep, disposeStep } from '../../src/models/network-model.js';
import { runSteps } from '../../src/models/run-network.js';
import { addLayer, type LayerProperties } from '../../src/networks/add-layer.js';
import { layersCosts } from '../../src/networks/network-costs.js';
import { imagesInput, type LayerSource, type NetworkLayer } from '../../src/networks/network-layer.js';
import { forwardPass } from '../../src/training/twin/network-passes.js';

const SIZE = 6;

/**
 * Returns a network with unusual edges. A stem comes first, then a residual over three convolutions that covers the
 * first 4 of 6 channels. Next is a sum of two branches and their input, one branch weighted by a squeeze-excitation
 * that reads the other. A classifier ends it.
 */
function handMade(): NetworkLayer[] {
  const layers: NetworkLayer[] = [];
  const place = { layers, block: null, prefix: '' };
  const add = (name: string, inputs: readonly LayerSource[], own: Partial<LayerProperties>) =>
    addLayer(place, inputs, { name, kind: 'convolution', role: 'spatial', ...own });
  const normalization = { epsilon: 1e-5 };
  const images = { name: imagesInput, outputShape: [3, SIZE, SIZE] } as const;
  const stem = add('stem', [images], {
    channels: 4,
    kernel: 3,
    stride: 2,
    normalization,
    activation: 'relu',
  });
  const one = add('one', [stem], { channels: 8, normalization, activation: 'silu' });
  const two = add('two', [one], { kind: 'depthwise', kernel: 3, normalization, activation: 'relu6' });
  const three = add('three', [two], { channels: 6, normalization });
  const residual = add('residual', [three, stem], { kind: 'add', role: 'shortcut', activation: 'tanh' });
  const left = add('left', [residual], { channels: 5, kernel: 3, activation: 'elu' });
  const right = add('right', [residual], { channels: 5, kernel: 5, bias: true });
  const pooled = add('pooled', [right], { kind: 'pool', role: 'squeeze' });
  const gate = add('gate', [pooled], { channels: 5, bias: true, activation: 'sigmoid' });
  const weighted = add('weighted', [left, gate], { kind: 'multiply', role: 'scale' });
  // the widest is the last
  const sum = add('sum', [weighted, right, residual], { kind: 'add', role: 'shortcut', activation: 'relu' });
  const flat = add('flat', [sum], { kind: 'pool', role: 'pool', flat: true });
  add('classes', [flat], { kind: 'linear', role: 'classifier', channels: 3, bias: true });
  return layers;
}

beforeAll(() => useBackend('wasm'));

it('counts layers with edges of any kind', () => {
  const positions = 9;
  const weights = 4 * 27 + 4 * 8 + 9 * 8 + 8 * 6 + 9 * 6 * 5 + 25 * 6 * 5;
  const params = weights + 2 * (4 + 8 + 8 + 6) + 5 + (5 * 5 + 5) + (6 * 3 + 3);
  const macs = weights * positions + 5 * 5 + 6 * 3;
  const normalized = (4 + 8 + 8 + 6) * positions;
  const activated = (4 + 8 + 8 + 6 + 5) * positions + 5 + 6 * positions;
  // the residual adds 4 channels, the sum 5 and 6, the gate weights 5; the pools read 5 and 6
  const combined = (4 + 5 + 6 + 5 + 5 + 6) * positions;
  expect(layersCosts(handMade(), 'hand-made')).toEqual({
    params,
    macs,
    elementwise: normalized + activated + combined,
  });
});

it('runs them on tensors, as a saved graph and in float64 with the same numbers', async () => {
  const layers = handMade();
  const parameters = drawLayersParameters(layers, { weights: 'pytorch', bias: 'normal:0.5' });
  const before = tf.memory().numTensors;
  const images = tf.randomNormal<tf.Rank.R4>([2, SIZE, SIZE, 3], 0, 1, 'float32', 5);
  const steps = layers.map((layer) => buildStep(layer, parameters));
  const shapes: number[][] = [];
  const scores = runSteps(steps, images, (_, { shape }) => shapes.push(shape.slice(1)));
  expect(shapes).toEqual(layers.map(({ outputShape: [c, ...size] }) => [...size, c]));

  const values = new Map([...parameters].map(([name, { data }]) => [name, Float64Array.from(data)]));
  const trace = forwardPass(layers, values, Float64Array.from(images.dataSync()), 2, false);
  expectClose(scores.dataSync(), trace.features.at(-1)!);

  const named = (name: string) => layers.map((layer) => ({ ...layer, name }));
  for (const name of ['scores', 'left/right']) expect(() => layersGraph(named(name))).toThrow(`: ${name} (`);
  const { model, bytes } = graphFiles(layersGraph(layers), parameters, {});
  const saved = await loadGraphModel(
    tf.io.fromMemory({
      modelTopology: model.modelTopology,
      weightSpecs: model.weightsManifest[0]!.weights as tf.io.WeightsManifestEntry[],
      weightData: bytes.buffer,
      signature: model.signature,
      format: model.format,
      generatedBy: model.generatedBy,
    }),
  );
  const theirs = saved.predict(images) as tf.Tensor;
  expectClose(theirs.dataSync(), trace.features.at(-1)!);

  saved.dispose();
  steps.forEach(disposeStep);
  tf.dispose([scores, theirs, images]);
  expect(tf.memory().numTensors).toBe(before);
});

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  expect(scale).toBeGreaterThan(0);
  const off = Array.from(expected, (value, i) => Math.abs(value - found[i]!) / scale);
  expect(Math.max(...off)).toBeLessThan(2 ** -18);
}
