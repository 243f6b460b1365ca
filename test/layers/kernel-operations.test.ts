import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../src/layers/backend.js';
import { activationDefinitions, activationNames } from '../../src/activations/definitions.js';
import { activations, type Activation } from '../../src/layers/activations.js';
import { openKernelOperations } from '../../src/layers/kernel-operations.js';
import type { ConvolutionParameters, Layer } from '../../src/layers/layer.js';
import { EPSILON } from '../../src/layers/normalization.js';
import { resolveLayerProtocol } from '../../src/layers/protocol.js';
import { readNormalization, type NormalizationRule } from '../../src/layers/read-normalization.js';
import { seeded } from '../spectrum/wasm/random.js';

const sizes = [
  [1, 1, 1],
  [3, 5, 7],
  [4, 8, 8],
  [6, 385, 9],
  [130, 40, 12],
  [133, 800, 21],
] as const;

const { fround, sqrt } = Math;
const numbers = (count: number, random = seeded(count)) =>
  Float32Array.from({ length: count }, () => 2 * random() - 1);

function convolution(
  inputs: number,
  outputs: number,
  depthwise = false,
  whole = true,
): ConvolutionParameters {
  return {
    shape: { kernel: 1, window: 1, depthwise, inputs, outputs },
    weights: numbers(depthwise ? outputs : inputs * outputs),
    bias: whole ? numbers(outputs) : null,
    scale: whole ? numbers(outputs) : null,
    shift: null,
  };
}

/** The float32 nearest to sum + a b: what a processor's fused multiply-add gives. */
function fused(sum: number, a: number, b: number): number {
  const product = a * b; // exact: 48 bits
  const total = product + sum;
  const part = total - product;
  const lost = product - (total - part) + (sum - part);
  if (lost === 0) return fround(total);
  // rounded to an odd last bit instead, the second rounding is the only one
  const nearest = new BigInt64Array(Float64Array.of(total).buffer);
  if ((nearest[0]! & 1n) === 0n) nearest[0]! += lost > 0 === total > 0 ? 1n : -1n;
  return fround(new Float64Array(nearest.buffer)[0]!);
}

/** The same with two roundings. */
const plain = (sum: number, a: number, b: number) => fround(sum + fround(a * b));

/** x W, or x times the weight of its channel, by the plain loop in float32. */
function sumsOf(
  x: Float32Array,
  { shape, weights }: ConvolutionParameters,
  plusProduct = plain,
): Float32Array {
  const { inputs, outputs, depthwise } = shape;
  return Float32Array.from({ length: (x.length / inputs) * outputs }, (_, at) => {
    const [p, o] = [Math.floor(at / outputs), at % outputs];
    if (depthwise) return x[at]! * weights[o]!;
    let sum = 0;
    for (let k = 0; k < inputs; k++) sum = plusProduct(sum, x[p * inputs + k]!, weights[k * outputs + o]!);
    return sum;
  });
}

/** Channel by channel: bias, mean, deviation and scale, with the means of float64. */
function finished(
  sums: Float32Array,
  { shape, bias, scale }: ConvolutionParameters,
  mode: NormalizationRule,
) {
  const { outputs } = shape;
  const biased = sums.map((sum, at) => sum + (bias?.[at % outputs] ?? 0));
  const mean = (o: number, f: (y: number) => number) => {
    let sum = 0;
    for (let at = o; at < sums.length; at += outputs) sum += f(biased[at]!);
    return sum / (sums.length / outputs);
  };
  const statistics = Array.from({ length: outputs }, (_, o) => {
    const centre = mean(o, (y) => y);
    const deviation = fround(sqrt(mean(o, (y) => (y - centre) ** 2) + EPSILON));
    if (mode === 'running:0.3') {
      const pixels = sums.length / outputs;
      const unbiased = (mean(o, (y) => (y - centre) ** 2) * pixels) / Math.max(1, pixels - 1);
      return [fround(0.3 * centre), fround(sqrt(0.7 + 0.3 * unbiased + EPSILON))] as const;
    }
    if (mode === 'none') return [0, 1] as const;
    if (mode === 'inference') return [0, fround(sqrt(1 + EPSILON))] as const;
    return [mode === 'batch' ? fround(centre) : 0, deviation] as const;
  });
  return biased.map((y, at) => {
    const [centre, deviation] = statistics[at % outputs]!;
    return fround(fround(y - centre) / deviation) * (scale?.[at % outputs] ?? 1);
  });
}

/** A layer of any convolutions, over `pixels` images of one pixel. */
function layerOf(
  convolutions: ConvolutionParameters[],
  input: Float32Array,
  pixels: number,
  normalization: NormalizationRule = 'none',
): Layer {
  const [dIn, dOut] = [input.length / pixels, convolutions.at(-1)!.shape.outputs];
  return {
    address: { seed: 0, block: 'pointwise', dimensionRatio: 1, index: 0 },
    protocol: resolveLayerProtocol({ normalization }),
    normalization: readNormalization(normalization)!,
    sizes: { dIn, dOut, hidden: dOut, columns: pixels, images: pixels },
    convolutions,
    input,
  };
}

/** What each of the convolutions makes of x. */
function run(
  convolutions: ConvolutionParameters[],
  mode: NormalizationRule,
  x: Float32Array,
  pixels: number,
) {
  const { input, convolve, read, close } = openKernelOperations(layerOf(convolutions, x, pixels, mode))!;
  const results = convolve.map((apply) => read(apply(input), pixels).data);
  close();
  return results;
}

/** f of each x. */
function activated(f: Activation, x: Float32Array): Float32Array {
  const { input, activate, read, close } = openKernelOperations(
    layerOf([convolution(1, 1, true, false)], x, x.length),
  )!;
  const { data } = read(activate(input, f), x.length);
  close();
  return data as Float32Array;
}

describe('convolutions on the kernels', () => {
  beforeAll(() => useBackend('wasm'));

  it.each(sizes)('%i pixels, %i to %i channels: the bits of the plain loop', (pixels, inputs, outputs) => {
    const x = numbers(pixels * inputs);
    const dense = [convolution(inputs, outputs, false, false), convolution(inputs, outputs)];
    const depthwise = convolution(inputs, inputs, true);
    for (const mode of ['none', 'inference'] as const) {
      const results = run([...dense, depthwise], mode, x, pixels);
      [...dense, depthwise].forEach((given, i) => {
        // which of the two depends on the processor
        const either = [fused, plain].map((method) => finished(sumsOf(x, given, method), given, mode));
        expect(either).toContainEqual(results[i]);
      });
    }
  });

  it.each(sizes)('%i pixels, %i to %i channels: statistics of the batch', (pixels, inputs, outputs) => {
    const x = numbers(pixels * inputs);
    for (const mode of ['batch', 'deviation', 'running:0.3'] as const) {
      for (const given of [convolution(inputs, outputs), convolution(inputs, inputs, true)]) {
        const [found] = run([given], mode, x, pixels);
        const expected = finished(sumsOf(x, given), given, mode);
        const worst = Math.max(...expected.map((y, i) => Math.abs(y - found![i]!)));
        // the loop above adds in another order; a single pixel has variance 0 and is divided by sqrt(epsilon)
        expect(worst).toBeLessThan(1e-6 * Math.max(1, ...expected.map(Math.abs)));
      }
    }
  });

  it('serves layers that are open at the same time', () => {
    const x = new Float32Array(4).fill(1);
    const open = (value: number) => {
      const weights = new Float32Array(6).fill(value);
      return openKernelOperations(layerOf([{ ...convolution(2, 3, false, false), weights }], x, 2))!;
    };
    const [first, second] = [open(1), open(2)];
    expect([...second.read(second.convolve[0]!(second.input), 2).data]).toEqual(Array(6).fill(4));
    expect([...first.read(first.convolve[0]!(first.input), 1).data]).toEqual(Array(3).fill(2));
    first.close();
    second.close();
  });

  it('are there on the WebAssembly backend only', async () => {
    const layer = layerOf([convolution(1, 1)], numbers(1), 1);
    await useBackend('cpu');
    expect(openKernelOperations(layer)).toBeUndefined();
    await useBackend('wasm');
    expect(openKernelOperations(layer)).toBeDefined();
  });

  it.each([
    [1, 1],
    [3, 5],
    [4, 4],
    [7, 13],
  ])('adds the input of %i channels to the first of %i', (dIn, dOut) => {
    const x = numbers(6 * dIn);
    const given = convolution(dIn, dOut);
    const { input, convolve, addShortcut, keep, read, close } = openKernelOperations(layerOf([given], x, 6))!;
    const kept = keep(() => convolve[0]!(input));
    const y = read(kept, 6).data;
    const sum = read(addShortcut(kept), 6).data;
    expect(read(kept, 6).data).toEqual(y);
    expect(read(input, 6).data).toEqual(x);
    close();
    const expected = y.map((value, at) => {
      const [row, channel] = [Math.floor(at / dOut), at % dOut];
      return channel < dIn ? value + x[row * dIn + channel]! : value;
    });
    expect(sum).toEqual(expected);
  });
});

describe('activations on the kernels', () => {
  beforeAll(() => useBackend('wasm'));

  const { abs, max } = Math;
  /** Those with a kernel; the backend computes the others. */
  const names = activationNames.filter((name) => activationDefinitions[name].kernel !== null);
  const edges = [
    0, 1e-30, 1e-10, 1e-4, 0.3465735, 0.3465737, 1, 3, 6, 6.0001, 86.9, 87.1, 88.8, 104, 1e4, 1e30,
  ];
  const xs = Float32Array.from([
    ...edges,
    ...edges.map((x) => -x),
    ...numbers(3000),
    ...numbers(3001).map((x) => 20 * x),
  ]);

  it.each(names)('%s is right to 5 units of rounding, for all sizes of x', (name) => {
    const y = activated(activations[name], xs);
    xs.forEach((x, i) => {
      const expected = activationDefinitions[name].value(x);
      // what is left of exp(x) below the least normal number is not kept; x + 3 is rounded once before it is clipped
      const least = 2 ** -125 * max(1, abs(x)) + (name.startsWith('hard') ? 2 ** -24 * max(1, abs(x)) : 0);
      // beyond float32 is infinite
      const error = y[i] === Math.fround(expected) ? 0 : abs(y[i]! - expected);
      expect(error, `${name}(${x}) = ${y[i]}`).toBeLessThanOrEqual(5 * 2 ** -24 * abs(expected) + least);
    });
  });

  it('are as many as are built in, but for GELU, which the backend computes', () => {
    expect(activationNames.filter((name) => !names.includes(name))).toEqual(['gelu']);
    const expected = activations.gelu(tf.tensor1d(xs)).dataSync<'float32'>();
    expect(activated(activations.gelu, xs)).toEqual(expected);
  });

  it.each([1, 2, 3, 4, 5, 8, 9])('reach all of %i numbers and no others', (count) => {
    const { input, activate, addShortcut, keep, read, close } = openKernelOperations(
      layerOf([convolution(1, 1, true, false)], numbers(count), count),
    )!;
    const kept = keep(() => activate(input, activations.sigmoid));
    expect(read(input, count).data).toEqual(numbers(count));
    const once = read(kept, count).data;
    expect(once.every((y) => y > 0.25 && y < 0.75)).toBe(true);
    expect(read(activate(kept, activations.relu), count).data).toEqual(once);
    expect(read(addShortcut(kept), count).data).toEqual(once.map((y, i) => y + numbers(count)[i]!));
    close();
  });

  it('show what is not a number', () => {
    for (const name of names) {
      const y = activated(activations[name], Float32Array.of(1, NaN, 2));
      expect([...y].map(Number.isNaN), name).toEqual([false, true, false]);
    }
  });

  it("hand a user's own to the backend", () => {
    expect([...activated((x) => tf.square(x), Float32Array.of(1, -2, 3))]).toEqual([1, 4, 9]);
    expect(() => activated((x) => tf.sum(x), Float32Array.of(1, 2))).toThrow(
      /^invalid shape of the activation/,
    );
  });
});
