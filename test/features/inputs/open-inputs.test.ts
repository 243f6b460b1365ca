import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../../../src/files/npy.js';
import { openInputs } from '../../../src/features/inputs/open-inputs.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-inputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Four images of CIFAR-10, each of one colour: red 51, green 102, blue 204. */
const images = join(folder, 'test_batch.bin');
const record = [0, ...[51, 102, 204].flatMap((value) => Array<number>(1024).fill(value))];
writeFileSync(images, Uint8Array.from([0, 1, 2, 3].flatMap(() => record)));

const input = (shape: (number | null)[], dtype = 'float32') => [{ name: 'x', shape, dtype }];

describe('images as inputs', () => {
  it.each([
    ['nchw', [null, 3, 8, 8], [4, 3, 8, 8], 64],
    ['nhwc', [null, 8, 8, 3], [4, 8, 8, 3], 1],
  ])('are laid out as the model has them: %s', async (layout, shape, expected, step) => {
    const source = await openInputs(images, input(shape), { mean: [0], std: [1] });
    expect(source.settings).toMatchObject({ size: 8, layout, mean: [0, 0, 0], channelOrder: 'rgb', seed: 0 });
    const { shape: found, data } = (await source.read([0, 1, 2, 3])).get('x')!;
    expect(found).toEqual(expected);
    for (const [channel, value] of [0.2, 0.4, 0.8].entries())
      expect(data[channel * step]).toBeCloseTo(value, 6);
  });

  it('are standardised, by default with ImageNet, and may have blue first', async () => {
    const size = { size: 4, layout: 'nhwc' } as const;
    const shape = [null, null, null, 3];
    const usual = (await (await openInputs(images, input(shape), size)).read([2])).get('x')!;
    expect(usual.data[0]).toBeCloseTo((0.2 - 0.485) / 0.229, 5);
    const own = { ...size, mean: [0.1, 0.2, 0.3], std: [0.5], channelOrder: 'bgr' } as const;
    const { data } = (await (await openInputs(images, input(shape), own)).read([2])).get('x')!;
    expect([...data.slice(0, 3)].map((value) => +value!.toString().slice(0, 4))).toEqual([1, 0.4, 0.2]);
  });

  it('are grey for one channel', async () => {
    const { data } = (
      await (await openInputs(images, input([null, 1, 4, 4]), { mean: [0], std: [1] })).read([0])
    ).get('x')!;
    expect(data[0]).toBeCloseTo(0.299 * 0.2 + 0.587 * 0.4 + 0.114 * 0.8, 5);
  });

  it.each([
    [input([null, 3, 8, 8]), { size: 9 }, 'invalid size: 9 (allowed: 8;'],
    [input([null, 3, null, null]), {}, 'invalid size: not known'],
    [input([null, null, null, null]), {}, 'invalid layout: not known'],
    [input([null, 3, 8, 6]), {}, 'which are made square'],
    [input([null, 7, 8, 9]), {}, 'of 1 or 3 channels'],
    [input([null, 7], 'int64'), {}, 'x int64 [any, 7]'],
    [input([null, 3, 8, 8]), { std: [0] }, 'invalid std: 0'],
    [input([null, 3, 8, 8]), { mean: [1, 2] }, 'invalid mean: 1,2'],
    [input([null, 3, 8, 8]), { count: 5 }, 'invalid number of images: 5'],
    [input([null, 3, 8, 8]), { layout: 'nhwc' as const }, 'invalid layout: nhwc'],
    [[...input([null, 3, 8, 8]), ...input([null, 3, 8, 8])], {}, 'arrays (.npy, .npz)'],
  ])('are refused for inputs that take none: %j %j', async (inputs, options, message) => {
    await expect(openInputs(images, inputs, options)).rejects.toThrow(message);
  });
});

describe('arrays as inputs', () => {
  const read = async (dtype: string, ...values: number[]) => {
    const path = join(folder, 'array.npy');
    writeFileSync(path, writeNpy({ data: Float64Array.from(values), shape: [values.length, 1] }));
    const source = await openInputs(path, input([null, 1], dtype), {});
    try {
      return Array.from((await source.read(values.map((_, i) => i))).get('x')!.data, Number);
    } finally {
      source.close?.();
    }
  };

  it('keep their numbers', async () => {
    expect(await read('float32', 1.5, -Infinity)).toEqual([1.5, -Infinity]);
    expect(await read('int64', -5, 2 ** 53)).toEqual([-5, 2 ** 53]);
    expect(await read('uint8', 0, 255)).toEqual([0, 255]);
  });

  it.each([
    ['float32', NaN, "NaN (allowed: a number of the model's input, float32)"],
    ['float32', 1e39, "1e+39 (allowed: a number of the model's input, float32)"],
    ['uint8', 256, "256 (allowed: a whole number of the model's input, uint8)"],
    ['int32', 2 ** 31, "2147483648 (allowed: a whole number of the model's input, int32)"],
    ['int64', 2 ** 63, "a whole number of the model's input, int64)"],
    ['int64', 0.5, "0.5 (allowed: a whole number of the model's input, int64)"],
  ])('of %s refuse %d, with its place', async (dtype, value, words) => {
    await expect(read(dtype, 1, value)).rejects.toThrow(`invalid number 1 of array: `);
    await expect(read(dtype, 1, value)).rejects.toThrow(words);
  });
});
