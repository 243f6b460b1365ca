import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../src/layers/backend.js';
import type { ConvolutionParameters } from '../../src/layers/layer.js';
import { EPSILON } from '../../src/layers/normalization.js';
import type { Normalization } from '../../src/layers/protocol.js';
import { openPixelConvolutions } from '../../src/layers/pixel-convolutions.js';
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
function finished(sums: Float32Array, { shape, bias, scale }: ConvolutionParameters, mode: Normalization) {
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

function run(convolutions: ConvolutionParameters[], mode: Normalization, x: Float32Array, pixels: number) {
  const opened = openPixelConvolutions(convolutions, mode, pixels)!;
  const tensor = tf.tensor4d(x, [pixels, 1, 1, x.length / pixels]);
  const results = opened.convolve.map((convolve) => convolve(tensor).dataSync<'float32'>());
  opened.close();
  return results;
}

describe('openPixelConvolutions', () => {
  beforeAll(() => useBackend('wasm'));

  it.each(sizes)('%i pixels, %i to %i channels: the bits of the plain loop', (pixels, inputs, outputs) => {
    const x = numbers(pixels * inputs);
    const dense = [convolution(inputs, outputs, false, false), convolution(inputs, outputs)];
    const depthwise = convolution(inputs, inputs, true);
    for (const mode of ['none', 'inference'] as const) {
      const results = run([...dense, depthwise], mode, x, pixels);
      [...dense, depthwise].forEach((given, i) => {
        // which of the two depends on the processor
        const either = [fused, plain].map((way) => finished(sumsOf(x, given, way), given, mode));
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

  it('serves layers that are open at the same time, and fewer pixels than it was opened for', () => {
    const open = (value: number) => {
      const weights = new Float32Array(6).fill(value);
      return openPixelConvolutions([{ ...convolution(2, 3, false, false), weights }], 'none', 5)!;
    };
    const [first, second] = [open(1), open(2)];
    const x = tf.ones<tf.Rank.R4>([2, 1, 2, 2]);
    expect([...second.convolve[0]!(x).dataSync()]).toEqual(Array(12).fill(4));
    expect([...first.convolve[0]!(x).dataSync()]).toEqual(Array(12).fill(2));
    first.close();
    second.close();
  });

  it('is there on the WebAssembly backend only', async () => {
    await useBackend('cpu');
    expect(openPixelConvolutions([convolution(1, 1)], 'none', 1)).toBeUndefined();
    await useBackend('wasm');
    expect(openPixelConvolutions([convolution(1, 1)], 'none', 1)).toBeDefined();
  });
});
