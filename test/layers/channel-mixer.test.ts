import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../src/layers/backend.js';
import { openChannelMixer } from '../../src/layers/channel-mixer.js';
import { seeded } from '../spectrum/wasm/random.js';

const sizes = [
  [1, 1, 1],
  [3, 5, 7],
  [4, 8, 8],
  [6, 385, 9],
  [130, 40, 12],
  [133, 800, 21],
] as const;

describe('openChannelMixer', () => {
  beforeAll(() => useBackend('wasm'));

  it.each(sizes)(
    '%i pixels, %i to %i channels: the bits of the plain triple loop',
    (pixels, inputs, outputs) => {
      const random = seeded(pixels * inputs);
      const numbers = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
      const [x, weights, bias] = [numbers(pixels * inputs), numbers(inputs * outputs), numbers(outputs)];
      const convolution = { weights, bias, inputs, outputs, divisor: Math.sqrt(1 + 1e-5) };
      const mixer = openChannelMixer([{ ...convolution, bias: null, divisor: 1 }, convolution], pixels)!;
      const tensor = tf.tensor4d(x, [pixels, 1, 1, inputs]);
      const [plain, whole] = mixer.mix.map((mix) => mix(tensor).dataSync());
      const divisor = Math.fround(convolution.divisor);
      for (let p = 0; p < pixels; p++) {
        for (let o = 0; o < outputs; o++) {
          let sum = 0;
          for (let k = 0; k < inputs; k++) {
            sum = Math.fround(sum + Math.fround(x[p * inputs + k]! * weights[k * outputs + o]!));
          }
          expect(plain![p * outputs + o]).toBe(sum);
          expect(whole![p * outputs + o]).toBe(Math.fround(Math.fround(sum + bias[o]!) / divisor));
        }
      }
      mixer.close();
    },
  );

  it('serves layers that are open at the same time, and fewer pixels than it was opened for', () => {
    const weights = (value: number) => new Float32Array(6).fill(value);
    const open = (value: number) => {
      const convolution = { weights: weights(value), bias: null, inputs: 2, outputs: 3, divisor: 1 };
      return openChannelMixer([convolution], 5)!;
    };
    const [first, second] = [open(1), open(2)];
    const x = tf.ones<tf.Rank.R4>([2, 1, 2, 2]);
    expect([...second.mix[0]!(x).dataSync()]).toEqual(Array(12).fill(4));
    expect([...first.mix[0]!(x).dataSync()]).toEqual(Array(12).fill(2));
    first.close();
    second.close();
  });

  it('is there on the WebAssembly backend only', async () => {
    const convolution = { weights: new Float32Array(1), bias: null, inputs: 1, outputs: 1, divisor: 1 };
    await useBackend('cpu');
    expect(openChannelMixer([convolution], 1)).toBeUndefined();
    await useBackend('wasm');
    expect(openChannelMixer([convolution], 1)).toBeDefined();
  });
});
