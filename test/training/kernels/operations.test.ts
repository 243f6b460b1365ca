import { describe, expect, it } from 'vitest';
import { activationDefinitions, type ActivationName } from '../../../src/activations/definitions.js';
import { convolution, convolutionGradient } from '../../../src/training/twin/convolution.js';
import { depthwise, depthwiseGradient } from '../../../src/training/twin/depthwise.js';
import { pool, poolGradient } from '../../../src/training/twin/pool.js';
import { scale, scaleGradient } from '../../../src/training/twin/scale.js';
import { shortcut, shortcutGradient } from '../../../src/training/twin/shortcut.js';
import { type Operation, type PlainFeatures, runOperation } from './one-operation.js';

type Vector = Float64Array<ArrayBuffer>;
const EPSILON = 2 ** -24;
const abs = (x: Vector): Vector => x.map(Math.abs);

/** The operations forward and backward in float64, from what is read of each input. */
function reference(operation: Operation, reads: readonly Vector[], dy: Vector, weights: Vector) {
  const { kind, channelsIn, channelsOut, size, images, kernel = 1, stride = 1 } = operation;
  const [x, second] = reads as [Vector, Vector];
  const shape = {
    ...{ images, size, outSize: Math.ceil(size / stride), channelsIn, channelsOut, kernel, stride },
    padding: (kernel - 1) / 2,
  };
  if (kind === 'depthwise') {
    const { dx, dWeights } = depthwiseGradient(dy, x, weights, shape);
    return { y: depthwise(x, weights, shape), gradients: [dx], dWeights };
  }
  if (kind === 'pool') {
    return { y: pool(x, images, channelsIn), gradients: [poolGradient(dy, size * size, channelsIn)] };
  }
  if (kind === 'scale') {
    const { dx, dWeights } = scaleGradient(dy, x, second, channelsIn);
    return { y: scale(x, second, channelsIn), gradients: [dx, dWeights] };
  }
  if (kind === 'shortcut') {
    const channels = { entry: channelsIn, x: channelsOut };
    return { y: shortcut(x, second, channels), gradients: [dy, shortcutGradient(dy, channels)] };
  }
  const { dx, dWeights } = convolutionGradient(dy, x, weights, shape);
  return { y: convolution(x, weights, shape), gradients: [dx], dWeights };
}

/** scale y + shift, and the sum of the sizes of both. */
function inner({ y, table }: PlainFeatures, size = false): Vector {
  const channels = table[0]!.length;
  return y.map((value, i) => {
    const [a, b] = [value * table[0]![i % channels]!, table[1]![i % channels]!];
    return size ? Math.max(1, Math.abs(a) + Math.abs(b)) : a + b;
  });
}

/** Every error is at most 16 roundings of the sum of the sizes of what was added up. */
function expectClose(found: Vector, expected: Vector, sizes: Vector, what: string) {
  expect(found.length, what).toBe(expected.length);
  let worst = 0;
  found.forEach((value, i) => {
    const error = Math.abs(value - expected[i]!) / (sizes[i]! * EPSILON + 1e-30);
    worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
  });
  expect(worst, `${what}: ${worst} roundings`).toBeLessThanOrEqual(16);
}

function check(operation: Operation, skipped = 0) {
  const { inputs, output, weights, weightGradient } = runOperation(operation, skipped);
  const { kind, activation } = operation;
  const functions: ActivationName[] = [activation, kind === 'scale' ? 'sigmoid' : activation];
  const reads = inputs.map((input, k) => inner(input).map(activationDefinitions[functions[k]!].value));
  const readSizes = inputs.map((input) => inner(input, true));
  const z = inner(output);
  const unchanged = kind === 'shortcut' || kind === 'pool';
  const channels = output.table[0]!.length;
  const at = (row: number, i: number) => output.table[row]![i % channels]!;
  const parts = output.gradient.map((g, i) => (unchanged || (z[i]! > 0 && z[i]! < 6) ? g : 0));
  const dy = parts.map((g, i) => (unchanged ? g : at(0, i) * g + at(3, i) * output.y[i]! + at(2, i)));
  const dySizes = parts.map(
    (g, i) => Math.abs(at(0, i) * g) + Math.abs(at(3, i) * output.y[i]!) + Math.abs(at(2, i)) + Math.abs(g),
  );
  const expected = reference(operation, reads, dy, weights);
  const sizes = reference(operation, readSizes, dySizes, abs(weights));
  expectClose(output.y, expected.y, sizes.y, 'output');
  if (expected.dWeights) expectClose(weightGradient, expected.dWeights, sizes.dWeights!, 'weights');
  inputs.forEach((input, k) => {
    expectClose(input.gradient, expected.gradients[k]!, sizes.gradients[k]!, `gradient ${k}`);
    checkSums(input, functions[k]!);
  });
  if (weights.length > 0) checkMoments(output);
}

/** The sums of what was written, given what was written. */
function checkMoments({ y, first, sums }: PlainFeatures) {
  const channels = first.length;
  const expected = new Float64Array(2 * channels);
  const sizes = new Float64Array(2 * channels);
  y.forEach((value, i) => {
    const c = i % channels;
    const apart = value - first[c]!;
    expected[c]! += apart;
    expected[channels + c]! += apart * apart;
    sizes[c]! += Math.abs(apart);
    sizes[channels + c]! += apart * apart;
  });
  expectClose(sums as Vector, expected, sizes, 'sums');
}

function checkSums(input: PlainFeatures, f: ActivationName) {
  const { y, table, gradient, gradientSums } = input;
  const channels = table[0]!.length;
  const expected = new Float64Array(2 * channels);
  const sizes = new Float64Array(2 * channels);
  inner(input).forEach((z, i) => {
    const c = i % channels;
    const through = activationDefinitions[f].derivative(z) * gradient[i]!;
    const apart = y[i]! - table[4]![c]!;
    const size = Math.max(1, Math.abs(z)) * Math.abs(gradient[i]!);
    expected[c]! += through;
    expected[channels + c]! += through * apart;
    sizes[c]! += size;
    sizes[channels + c]! += size * Math.abs(apart);
  });
  expectClose(gradientSums as Vector, expected, sizes, 'sums of the gradient');
}

const widths = [1, 7, 8, 9, 34, 45];

describe.each(widths)('with %i channels', (channels) => {
  const other = widths[(widths.indexOf(channels) + 2) % widths.length]!;
  const common = {
    channelsIn: channels,
    channelsOut: channels,
    size: 7,
    images: 3,
    activation: 'relu6',
  } as const;
  it('products', () => {
    check({ ...common, kind: 'product', channelsOut: other });
    check({ ...common, kind: 'product', channelsOut: other, size: 1, images: 5, activation: 'silu' });
  });
  it.each([
    [3, 1],
    [3, 2],
    [5, 1],
    [5, 3],
    [1, 2],
  ])('windows of %i pixels, stride %i', (kernel, stride) => {
    check({ ...common, kind: 'window', channelsOut: other, kernel, stride, size: 5, images: 2 });
  });
  it.each([
    [3, 1, 'relu6'],
    [3, 2, 'relu6'],
    [3, 2, 'silu'],
    [5, 1, 'linear'],
    [5, 2, 'mish'],
    [7, 3, 'relu'],
    [1, 1, 'relu'],
  ] as const)('depthwise windows of %i pixels, stride %i, %s', (kernel, stride, activation) => {
    check({ ...common, kind: 'depthwise', kernel, stride, activation });
    check({ ...common, kind: 'depthwise', kernel, stride, activation, size: 6 });
    check({ ...common, kind: 'depthwise', kernel, stride, activation, size: 1 });
  });
  it('pooling, scaling and shortcuts', () => {
    check({ ...common, kind: 'pool' });
    check({ ...common, kind: 'scale', activation: 'hardSwish' });
    check({ ...common, kind: 'shortcut' });
    check({ ...common, kind: 'shortcut', channelsOut: channels + 5, activation: 'sigmoid' });
  });
});

it.each(Object.keys(activationDefinitions) as ActivationName[])('%s and its derivative', (activation) => {
  check({ kind: 'product', channelsIn: 9, channelsOut: 7, size: 5, images: 2, activation });
});

it('sums that are longer than a chunk', () => {
  check({ kind: 'product', channelsIn: 9, channelsOut: 10, size: 13, images: 3, activation: 'relu' });
  check({ kind: 'product', channelsIn: 700, channelsOut: 9, size: 3, images: 2, activation: 'relu' });
});

it('addresses beyond 2 GiB', () => {
  const common = { channelsIn: 9, channelsOut: 9, size: 5, images: 2, activation: 'silu' } as const;
  for (const kind of ['product', 'window', 'depthwise', 'pool', 'scale', 'shortcut'] as const) {
    check({ ...common, kind, kernel: kind === 'window' || kind === 'depthwise' ? 5 : 1 }, 33_000);
  }
});
