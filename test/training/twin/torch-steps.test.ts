import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ParameterShape } from '../../../src/models/parameters.js';
import { parameterShapes, sizeOf } from '../../../src/models/parameters.js';
import { networkLayers } from '../../../src/networks/network-layers.js';
import type { StepSettings } from '../../../src/training/engine.js';
import { createTwinEngine } from '../../../src/training/twin/twin-engine.js';
import { everyPart } from '../networks.js';

const read = (name: string) =>
  JSON.parse(readFileSync(`test/training/twin/fixtures/${name}`, 'utf8')) as unknown;
const runs = read('torch-steps.json') as Record<
  string,
  { losses: number[]; sums: Record<string, [number, number]> }
>;
const network = everyPart('relu6');
const BATCH = 4;

/** The formula of the script. */
const formula = (count: number, salt: number, scale: number) =>
  Float32Array.from({ length: count }, (_, k) => (((k * k * 31 + k * 17 + salt * 101) % 257) - 128) / scale);

function firstParameters() {
  let salt = 0;
  const data = ({ role, shape }: ParameterShape) => {
    const count = sizeOf(shape);
    if (role === 'weight') return formula(count, ++salt, 256);
    if (role === 'bias') return formula(count, salt, 1024);
    if (role === 'gamma') return formula(count, salt, 1024).map((x) => 1 + x);
    if (role === 'beta') return formula(count, salt + 50, 512);
    return new Float32Array(count).fill(role === 'variance' ? 1 : 0);
  };
  return new Map(
    parameterShapes(network).map((place) => [place.name, { shape: place.shape, data: data(place) }]),
  );
}

const plain = { momentum: 0.9, nesterov: false, beta1: 0.9, beta2: 0.99, epsilon: 1e-4, averageDecay: 0 };
const settings: Record<string, StepSettings> = {
  momentum: { ...plain, optimiser: 'sgd', learningRate: 0.05, weightDecay: 0.01, labelSmoothing: 0 },
  nesterov: {
    ...plain,
    optimiser: 'sgd',
    learningRate: 0.05,
    weightDecay: 0.01,
    labelSmoothing: 0.1,
    nesterov: true,
  },
  adamw: { ...plain, optimiser: 'adamw', learningRate: 0.002, weightDecay: 0.05, labelSmoothing: 0.1 },
};

it('reads the layers that the script read', () => {
  expect(networkLayers(network)).toMatchObject(read('torch-layers.json') as object[]);
});

it.each(Object.keys(settings))('takes the steps of PyTorch with %s', (name) => {
  const engine = createTwinEngine({ network, batch: BATCH, parameters: firstParameters(), averaged: false });
  const losses = runs[name]!.losses.map((_, step) => {
    const images = formula(BATCH * 9 * 9 * 3, 1000 + step, 64);
    const labels = Int32Array.from({ length: BATCH }, (_, i) => (i * 3 + step) % 4);
    return engine.step(images, labels, settings[name]!).loss;
  });
  const { tensors } = engine.state();
  const sums = Object.keys(runs[name]!.sums).map((parameter) => {
    const data = Float64Array.from(tensors.get(`value/${parameter}`)!);
    return [data.reduce((sum, x) => sum + x, 0), data.reduce((sum, x) => sum + x * x, 0)];
  });
  const errors = [...losses, ...sums.flat()].map((x, i) => {
    const expected = [...runs[name]!.losses, ...Object.values(runs[name]!.sums).flat()][i]!;
    return Math.abs(x - expected) / Math.max(1, Math.abs(expected));
  });
  expect(Math.max(...errors)).toBeLessThan(1e-9);
});
