import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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
