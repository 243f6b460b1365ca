import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openImages } from '../../src/images/open-images.js';
import { fixture, folderOf } from './fixtures.js';

/** Returns records with these labels; image k is 10 k + its plane everywhere, but for the first pixel. */
function records(...labels: readonly (readonly number[])[]): Uint8Array {
  const images = labels.map((bytes, k) => {
    const planes = Array.from({ length: 3072 }, (_, i) =>
      i % 1024 === 0 ? 200 : (10 * k + Math.floor(i / 1024)) % 256,
    );
    return [...bytes, ...planes];
  });
  return Uint8Array.from(images.flat());
}
const ten = (count: number) => records(...Array.from({ length: count }, (_, k) => [k % 10]));
const hundred = (count: number) => records(...Array.from({ length: count }, (_, k) => [k % 20, 99 - k]));

describe('files of CIFAR', () => {
  it.each([
    ['CIFAR-10', { 'data_batch_1.bin': ten(2), 'test_batch.bin': ten(3), 'batches.meta.txt': 'cat' }],
    ['CIFAR-100', { 'train.bin': hundred(2), 'test.bin': hundred(3), 'fine_label_names.txt': 'apple' }],
  ])('%s are read plane by plane', async (name, files) => {
    const images = await openImages(folderOf(name, files));
    expect(images.available).toBe(5);
    expect(images.leftOut).toBeUndefined();
    const source = await images.select(5);
    expect(source.words).toBe(`5 of 5 ${name} images`);
    const data = await source.read(0, 5, 32);
    const deviation = [0.229, 0.224, 0.225];
    const mean = [0.485, 0.456, 0.406];
    const value = (i: number, c: number) => Math.round((data[i]! * deviation[c]! + mean[c]!) * 255);
    const pixels = Array.from({ length: 5 }, (_, k) =>
      [0, 1].map((p) => [0, 1, 2].map((c) => value((k * 1024 + p) * 3 + c, c))),
    );
    for (const [first] of pixels) expect(first).toEqual([200, 200, 200]);
    const second = pixels.map(([, pixel]) => pixel!.join()).sort();
    expect(second).toEqual(['0,1,2', '0,1,2', '10,11,12', '10,11,12', '20,21,22']);
    expect((await source.read(0, 5, 32, 1)).length).toBe(5 * 1024);
  });

  it('are known by their size where the name says nothing, else by their labels', async () => {
    const both = new Uint8Array(3073 * 3074);
    const path = folderOf('sizes', {
      'a.bin': ten(2),
      'b.bin': hundred(2),
      'both.bin': both,
      'train.bin': both,
      // images whose every second byte is above all labels of the other format
      'labels.bin': both.map((_, i) => (i % 3073 === 0 ? 3 : 222)),
    });
    const words = async (name: string) => (await (await openImages(join(path, name))).select(1)).words;
    expect(await words('a.bin')).toBe('1 of 2 CIFAR-10 images');
    expect(await words('b.bin')).toBe('1 of 2 CIFAR-100 images');
    expect(await words('train.bin')).toBe('1 of 3,073 CIFAR-100 images');
    expect(await words('labels.bin')).toBe('1 of 3,074 CIFAR-10 images');
    await expect(words('both.bin')).rejects.toThrow('a name that tells the format, as its size fits both');
  });

  it.each<[string, Uint8Array, string]>([
    [
      'data_batch_1.bin',
      ten(2).subarray(0, 5000),
      'invalid CIFAR-10 file: PATH, 5000 bytes (allowed: a multiple of 3073 bytes (CIFAR-10), one image each; it is cut off in image 1,',
    ],
    [
      'test.bin',
      hundred(3).subarray(0, 7000),
      'invalid CIFAR-100 file: PATH, 7000 bytes (allowed: a multiple of 3074 bytes (CIFAR-100), one image each; it is cut off in image 2,',
    ],
    [
      'train.bin',
      ten(2),
      'if it is of CIFAR-10, whose size it has, name it data_batch_1.bin or test_batch.bin',
    ],
    [
      'other.bin',
      ten(1).subarray(1),
      'invalid CIFAR file: PATH, 3072 bytes (allowed: a multiple of 3073 bytes (CIFAR-10) or 3074 bytes (CIFAR-100)',
    ],
    ['test_batch.bin', new Uint8Array(), 'it is empty'],
    [
      'test_batch_2.bin',
      records([9], [10]),
      'invalid CIFAR-10 file: PATH (allowed: classes of CIFAR-10 from 0 to 9; image 1, counted from 0, has 10)',
    ],
    [
      'Train.bin',
      records([19, 99], [20, 0]),
      'coarse classes of CIFAR-100 from 0 to 19; image 1, counted from 0, has 20',
    ],
    ['c.bin', records([0, 100]), 'fine classes of CIFAR-100 from 0 to 99; image 0, counted from 0, has 100'],
  ])('%s is refused where it is wrong', async (name, bytes, message) => {
    const path = join(folderOf('wrong', { [name]: bytes }), name);
    await expect(openImages(path)).rejects.toThrow(message.replace('PATH', path));
  });

  it('are read from the one folder below that holds them', async () => {
    const path = folderOf('data', { 'cifar-10-batches-bin/test_batch.bin': ten(2) });
    expect((await openImages(path)).available).toBe(2);
    folderOf('data', { 'cifar-100-binary/test.bin': hundred(2) });
    await expect(openImages(path)).rejects.toThrow(
      /one folder with CIFAR's files, such as .*batches-bin, .*100/,
    );
    folderOf('data', { 'a.png': fixture('colour.png') });
    const images = await openImages(path);
    expect([images.available, images.leftOut]).toEqual([1, '2 .bin']);
    const beside = folderOf('beside', { 'test.bin': hundred(2), 'a.png': fixture('colour.png') });
    expect(await openImages(beside)).toMatchObject({ available: 2, leftOut: '1 .png' });
  });

  it('of both kinds in one folder, and those of other downloads, are refused', async () => {
    const both = folderOf('mixed', { 'test.bin': hundred(1), 'test_batch.bin': ten(1) });
    await expect(openImages(both)).rejects.toThrow('those of CIFAR-100 or CIFAR-10, not of both');
    const python = folderOf('cifar-10-batches-py', { data_batch_1: Uint8Array.of(0x80, 2, 0x7d) });
    const word = "a Python pickle; of CIFAR's downloads take cifar-10-binary.tar.gz";
    await expect(openImages(python)).rejects.toThrow(`data_batch_1 is ${word}`);
    await expect(openImages(join(python, 'data_batch_1'))).rejects.toThrow(word);
  });

  const shared = join(__dirname, '../../../../shared/data/cifar-10-batches-bin');
  it.skipIf(!existsSync(shared))('of the data set itself are read', async () => {
    const images = await openImages(shared);
    expect(images.available).toBeGreaterThan(2000);
    const data = await (await images.select(20)).read(0, 20, 32);
    expect(data.some((value) => value > 1)).toBe(true);
    expect(data.every((value) => Math.abs(value) < 3)).toBe(true);
  });
});
