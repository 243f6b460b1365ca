import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/formats/byte-source.js';
import { manifestSchema, readManifestGroup } from '../../../src/formats/tfjs/manifest.js';
import { readSchema } from '../../../src/schema.js';

const weight = (dtype: string, quantization?: object) => ({ name: 'w', shape: [3], dtype, quantization });
const read = (bytes: Uint8Array, ...weights: object[]) => {
  const [group] = readSchema('manifest', manifestSchema, [{ paths: ['a.bin'], weights }]);
  return readManifestGroup(bytesSource('a.bin', bytes), group!.weights);
};
const stored = Uint8Array.of(0, 3, 255);

describe('readManifestGroup', () => {
  it('gives quantised numbers as TensorFlow.js does: those of int32 rounded', async () => {
    const quantization = { dtype: 'uint8', scale: 0.5, min: -3 };
    const [real] = read(stored, weight('float32', quantization)).tensors;
    expect([...(await real!.read(0, 3))]).toEqual([-3, -1.5, 124.5]);
    const [whole] = read(stored, weight('int32', quantization)).tensors;
    expect([...(await whole!.read(0, 3))]).toEqual([-3, -1, 125]);
    expect(whole!.dtype).toBe('int32');
  });

  it.each([
    [
      weight('float32', { dtype: 'uint8', scale: 2 }),
      'missing quantization of w: uint8 (expected its scale and min)',
    ],
    [
      weight('float32', { scale: 2, min: 0 }),
      'quantization.dtype: not given (allowed: uint8, uint16, float16)',
    ],
    [weight('bool', { dtype: 'uint8', scale: 2, min: 0 }), 'stored as uint8: bool (allowed: float32, int32)'],
    [weight('int32', { dtype: 'float16' }), 'stored as float16: int32 (allowed: float32)'],
    [{ name: 'w', shape: [3] }, 'missing [0].weights[0].dtype: not given (allowed: text)'],
  ])('refuses %j', (given, words) => {
    expect(() => read(new Uint8Array(6), given)).toThrow(words);
  });
});
