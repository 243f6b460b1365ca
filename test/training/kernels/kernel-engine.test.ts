import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activationNames, type ActivationName } from '../../../src/activations/definitions.js';
import { createTrainingKernels } from '../../../src/kernels/training-kernels.js';
import { drawParameters } from '../../../src/models/draw-parameters.js';
import { type Parameters, parameterShapes, sizeOf } from '../../../src/models/parameters.js';
import { cifarNetwork } from '../../../src/networks/cifar.js';
import { networkNamed } from '../../../src/networks/network-named.js';
import type { Network } from '../../../src/networks/network.js';
import type { StepSettings, TrainingEngine } from '../../../src/training/engine.js';
import { createKernelEngine, kernelEngineBytes } from '../../../src/training/kernels/kernel-engine.js';
import { createTwinEngine } from '../../../src/training/twin/twin-engine.js';
import { batchOf, distance, expectGradients, norm, numbers } from '../compare-engines.js';
import { everyPart } from '../networks.js';

const settings: StepSettings = {
  ...{ optimiser: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 1e-3 },
  ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, labelSmoothing: 0.1, averageDecay: 0.9 },
};

function engines(network: Network, batch: number, averaged = false): [TrainingEngine, TrainingEngine] {
  const options = { network, batch, averaged, parameters: drawParameters(network, { seed: 1 }) };
  return [createKernelEngine(options), createTwinEngine(options)];
}

function withActivation(network: Network, activation: ActivationName): Network {
  return {
    ...network,
    stem: { ...network.stem, activation },
    blocks: network.blocks.map((block) => ({
      ...block,
      activations: { ...block.activations, expand: activation, spatial: activation },
    })),
    head: { ...network.head, convolution: { ...network.head.convolution!, activation } },
  };
}

/** What PyTorch computes in float64, and how far it is from that in float32. */
const fixture = JSON.parse(readFileSync(join(__dirname, 'fixtures/gradients.json'), 'utf8')) as {
  channels: number[];
  classes: number;
  resolution: number;
  batch: number;
  cases: {
    activation: ActivationName;
    loss: number;
    weights: Record<string, { norm: number; error: number }>;
  }[];
};

const { channels, classes, resolution } = fixture;

describe.each(fixture.cases)('a CIFAR network with $activation', ({ activation, loss, weights }) => {
  const network = withActivation(cifarNetwork(channels, { classes, resolution }), activation);
  let k = 0;
  const parameters: Parameters = new Map(
    parameterShapes(network).map(({ name, role, shape, layer }) => {
      const count = sizeOf(shape);
      if (role !== 'weight')
        return [
          name,
          { shape, data: new Float32Array(count).fill(role === 'gamma' || role === 'variance' ? 1 : 0) },
        ];
      const fan = layer.kind === 'depthwise' ? 9 : count / shape.at(-1)!;
      return [name, { shape, data: Float32Array.from(numbers(k++, count), (x) => x * Math.sqrt(24 / fan)) }];
    }),
  );
  const { images, labels } = batchOf(network, fixture.batch);
  const options = { network, batch: fixture.batch, parameters, averaged: false };
  const plain = { ...settings, labelSmoothing: 0 };

  it('has the loss of float64, and gradients no further from it than three times those of PyTorch', () => {
    const [ours, twin] = [createKernelEngine(options), createTwinEngine(options)];
    expect(twin.step(images, labels, plain).loss).toBeCloseTo(loss, 9);
    expect(Math.abs(ours.step(images, labels, plain).loss / loss - 1)).toBeLessThan(1e-6);
    const [found, exact] = [ours.gradients(), twin.gradients()];
    for (const [layer, { norm: size, error }] of Object.entries(weights)) {
      const name = `${layer}.weight`;
      expect(norm(exact.get(name)!) / size, name).toBeCloseTo(1, 8);
      const apart = distance(found.get(name)!, exact.get(name)!) / size;
      expect(apart, name).toBeLessThanOrEqual(3 * error);
    }
  });
});

describe('every part of a network', () => {
  it.each(activationNames.filter((name) => name !== 'linear'))(
    'has the gradients of the twin, %s',
    (name) => {
      const network = everyPart(name);
      const [ours, twin] = engines(network, 6);
      const { images, labels } = batchOf(network, 5);
      const [found, exact] = [ours, twin].map((engine) => engine.step(images, labels, settings));
      // an activation that grows as x² doubles the relative error of its input, at each of eight layers
      expect(Math.abs(found!.loss / exact!.loss - 1), 'relative error of the loss').toBeLessThan(1e-5);
      expect(found!.correct).toBe(exact!.correct);
      expectGradients(ours, twin);
    },
  );

  it.each([
    { ...settings },
    { ...settings, nesterov: false, momentum: 0 },
    { ...settings, optimiser: 'adamw' as const, learningRate: 0.01, weightDecay: 0.1 },
  ])('is trained as by the twin, $optimiser, nesterov $nesterov', (chosen) => {
    const network = everyPart('silu');
    const [ours, twin] = engines(network, 6, true);
    for (let step = 0; step < 4; step++) {
      const { images, labels } = batchOf(network, 6, step);
      const [found, exact] = [ours, twin].map((engine) => engine.step(images, labels, chosen));
      expect(Math.abs(found!.loss / exact!.loss - 1), `step ${step}`).toBeLessThan(1e-4);
    }
    const [found, exact] = [ours.state(), twin.state()];
    expect(found.steps).toBe(4);
    for (const [name, tensor] of exact.tensors) {
      if (name.startsWith('first/') || name.startsWith('second/')) continue;
      const apart = distance(found.tensors.get(name)!, tensor);
      // AdamW steps by the sign of a gradient, even where that is rounding alone
      if (chosen.optimiser === 'sgd' || name.endsWith('weight'))
        expect(apart, name).toBeLessThanOrEqual(2e-3 * norm(tensor) + 1e-4);
    }
    const { images, labels } = batchOf(network, 6, 9);
    const [a, b] = [ours, twin].map((engine) => engine.evaluate(images, labels));
    expect(Math.abs(a!.loss / b!.loss - 1)).toBeLessThan(1e-2);
    expect(distance(ours.scores(images), twin.scores(images))).toBeLessThan(0.1);
    for (const [name, { data }] of ours.parameters())
      expect(data).toEqual(found.tensors.get(`average/${name}`));
  });

  it('goes on with the same bits from a state, in batches of any size', () => {
    const network = everyPart('relu6');
    const [ours] = engines(network, 6, true);
    const again = createKernelEngine({
      ...{ network, batch: 9, averaged: true },
      parameters: drawParameters(network, { seed: 2 }),
    });
    const batch = batchOf(network, 6);
    const small = batchOf(network, 4, 7);
    ours.step(batch.images, batch.labels, settings);
    again.restore(ours.state());
    const results = [ours, again].map((engine) => {
      engine.evaluate(small.images, small.labels);
      return [
        engine.step(small.images, small.labels, settings),
        engine.step(batch.images, batch.labels, settings),
        engine.evaluate(batch.images, batch.labels),
      ];
    });
    expect(results[0]).toEqual(results[1]);
    expect(ours.state()).toEqual(again.state());
  });
});

describe('a network of every family', () => {
  it.each([
    'cifar:3-5',
    'mobilenet-v1-0.25',
    'mobilenet-v2-0.1',
    'rexnet-0.5',
    'rexnet-plain',
    'rexnet-lite-0.5',
    'efficientnet-b0',
  ])('%s takes a step as the twin does', (name) => {
    const whole = networkNamed(name, { resolution: 16, classes: 4 });
    const network = { ...whole, blocks: whole.blocks.slice(0, 6) };
    const [ours, twin] = engines(network, 4);
    const { images, labels } = batchOf(network, 4);
    const [found, exact] = [ours, twin].map((engine) => engine.step(images, labels, settings));
    expect(Math.abs(found!.loss / exact!.loss - 1)).toBeLessThan(1e-4);
    // normalizations of four numbers enlarge roundings, through tens of layers
    const [gradients, expected] = [ours.gradients(), [...twin.gradients()]];
    const apart = expected.map(([key, gradient]) => distance(gradients.get(key)!, gradient));
    expect(norm(apart)).toBeLessThan(1e-2 * norm(expected.map(([, gradient]) => norm(gradient))));
    ours.dispose();
  });
});

describe('the memory of training', () => {
  it('is what the estimate says, and refused before anything is allocated', () => {
    const network = networkNamed('rexnet-1.0');
    expect(kernelEngineBytes(network, 512, false)).toBeGreaterThan(2 ** 32);
    const options = {
      network,
      batch: 512,
      averaged: false,
      parameters: drawParameters(network, { seed: 0 }),
    };
    expect(() => createKernelEngine(options)).toThrow(
      /^invalid size: training rexnet-1.0 on 512 images of 224 pixels at a time needs \d+ MiB of memory/,
    );
    const small = everyPart();
    expect(kernelEngineBytes(small, 8, true)).toBeGreaterThan(kernelEngineBytes(small, 4, false));
  });

  it('is given back', () => {
    const [engine] = engines(everyPart(), 2);
    engine.dispose();
    expect(() => engine.state()).toThrow(/^invalid engine: disposed/);
  });
});

describe('without fused multiply-add', () => {
  it('the gradients are those of the twin, with other bits than the fused ones', () => {
    const network = everyPart('mish');
    const [fused, twin] = engines(network, 4);
    const { images, labels } = batchOf(network, 4);
    const parameters = drawParameters(network, { seed: 1 });
    const options = { network, batch: 4, averaged: false, parameters };
    const plain = createKernelEngine(options, createTrainingKernels('plain'));
    for (const engine of [fused, twin, plain]) engine.step(images, labels, settings);
    expectGradients(plain, twin);
    expect(plain.gradients()).not.toEqual(fused.gradients());
  });
});
