import { beforeAll, describe, expect, it } from 'vitest';
import { activationNames } from '../../../src/activations/definitions.js';
import { useBackend } from '../../../src/layers/backend.js';
import { tf } from '../../../src/layers/tensors.js';
import { drawParameters } from '../../../src/models/draw-parameters.js';
import type { Network } from '../../../src/networks/network.js';
import type { StepSettings } from '../../../src/training/engine.js';
import { prepareTensorGradients } from '../../../src/training/tensors/prepare-tensor-gradients.js';
import { createTensorEngine } from '../../../src/training/tensors/tensor-engine.js';
import { createTwinEngine } from '../../../src/training/twin/twin-engine.js';
import { batchOf, expectGradients } from '../compare-engines.js';
import { everyPart } from '../networks.js';

const settings: StepSettings = {
  ...{ optimiser: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 1e-3 },
  ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, labelSmoothing: 0.1, averageDecay: 0.9 },
};

const engines = (network: Network) => {
  const options = { network, batch: 8, averaged: true, parameters: drawParameters(network, { seed: 1 }) };
  return [createTensorEngine(options), createTwinEngine(options)] as const;
};

describe('an engine on tensors', () => {
  beforeAll(() => useBackend('cpu'));

  it('has the gradients of the twin, for every part of a network, and leaves no tensors', async () => {
    await prepareTensorGradients();
    const network = everyPart('silu');
    const [ours, twin] = engines(network);
    const before = tf.memory().numTensors;
    const { images, labels } = batchOf(network, 4);
    const results = [ours, twin].map((engine) => engine.step(images, labels, settings));
    expect(Math.abs(results[0]!.loss / results[1]!.loss - 1)).toBeLessThan(1e-5);
    expect(results[0]!.correct).toBe(results[1]!.correct);
    expectGradients(ours, twin, 3e-4);
    const [found, exact] = [ours.state(), twin.state()];
    for (const [name, tensor] of exact.tensors) {
      const own = found.tensors.get(name)!;
      tensor.forEach((x, i) => expect(Math.abs(own[i]! - x), name).toBeLessThan(1e-4 * (1 + Math.abs(x))));
    }
    const [scores, expected] = [ours.scores(images), twin.scores(images)];
    scores.forEach((score, i) => expect(score).toBeCloseTo(expected[i]!, 4));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(activationNames.filter((name) => name !== 'silu'))('goes back through %s', (name) => {
    const whole = everyPart(name);
    const network = { ...whole, resolution: 5, blocks: whole.blocks.slice(0, 1) };
    const [ours, twin] = engines(network);
    const { images, labels } = batchOf(network, 8);
    for (const engine of [ours, twin]) engine.step(images, labels, settings);
    expectGradients(ours, twin, 3e-4);
  });
});

describe('prepareTensorGradients', () => {
  it('names the gradients that a backend has not', async () => {
    await useBackend('wasm');
    await expect(prepareTensorGradients()).rejects.toThrow(
      /^missing gradients: Conv2DBackpropFilter, .* of the tensor backend wasm \(the engine tfjs needs/,
    );
  });
});
