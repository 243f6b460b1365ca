import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openImages } from '../../src/images/open-images.js';
import { randomImages } from '../../src/images/random-images.js';
import { fixture } from './fixtures.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-images-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function folderOf(name: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  const path = join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return path;
}

const whole = {
  'a.png': fixture('colour.png'),
  'b/c.JPG': fixture('colour.jpg'),
  'b/d/e.jpeg': fixture('grey.jpg'),
  'notes.txt': 'no image',
};
const broken = { 'x.png': fixture('colour.png').subarray(0, 60), 'y.jpg': 'not one' };

describe('a folder of images', () => {
  const path = folderOf('whole', whole);

  it('holds those below it too, and gives them standardised, the same every time', async () => {
    const images = await openImages(path);
    expect(images.available).toBe(3);
    const source = await images.select(3);
    expect(source.words).toBe(`3 of 3 images in ${path}`);
    const all = await source.read(0, 3, 9);
    expect(all.length).toBe(3 * 9 * 9 * 3);
    expect(await source.read(1, 2, 9)).toEqual(all.subarray(9 * 9 * 3));
  });

  it('is in an order of the seed', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 8; seed++) {
      const source = await (await openImages(path, { seed })).select(1);
      orders.add(String((await source.read(0, 1, 4)).slice(0, 3)));
    }
    expect(orders.size).toBe(3);
  });

  it('has its pixels less the mean of ImageNet over its deviation', async () => {
    const source = await (await openImages(join(path, 'a.png'))).select(1);
    const [red, green, blue] = await source.read(0, 1, 9);
    // the square begins at x = 2 of the first row: 40, 0, 26
    expect(red).toBeCloseTo((40 / 255 - 0.485) / 0.229, 5);
    expect(green).toBeCloseTo((0 / 255 - 0.456) / 0.224, 5);
    expect(blue).toBeCloseTo((26 / 255 - 0.406) / 0.225, 5);
  });

  it('without images is refused', async () => {
    const empty = folderOf('empty', { 'notes.txt': '' });
    await expect(openImages(empty)).rejects.toThrow(
      `missing images: ${empty} (the folder holds no .png, .jpg or .jpeg, and no CIFAR-10 files)`,
    );
    await expect(openImages(join(folder, 'nowhere'))).rejects.toThrow('no such file or folder');
    await expect(openImages(join(empty, 'notes.txt'))).rejects.toThrow('unknown kind of images');
  });
});

describe('broken images', () => {
  const path = folderOf('broken', { ...whole, ...broken });

  it('are counted and named', async () => {
    const images = await openImages(path);
    await expect(images.select(5)).rejects.toThrow(RangeError);
    await expect(images.select(5)).rejects.toThrow(/invalid images: 2 of 5 in .* broken: /);
    await expect(images.select(5)).rejects.toThrow(/x\.png \(.+\)/);
    await expect(images.select(5)).rejects.toThrow(/y\.jpg \(it is neither PNG nor JPEG\)/);
  });

  it('are skipped only where that is asked for, with word of it', async () => {
    const skipped: string[] = [];
    const images = await openImages(path, { skipBroken: true, onSkipped: (found) => skipped.push(...found) });
    const source = await images.select(5);
    expect(source.count).toBe(3);
    expect(skipped.length).toBe(2);
    expect((await source.read(0, 3, 4)).every(Number.isFinite)).toBe(true);
  });

  it('are an error where there are no others', async () => {
    const images = await openImages(folderOf('only', broken), { skipBroken: true });
    await expect(images.select(2)).rejects.toThrow('none of 2 can be decoded');
  });
});

describe('CIFAR-10 files', () => {
  // image k is 10 k + its plane everywhere, but for the first pixel
  const records = (count: number) =>
    Uint8Array.from({ length: count * 3073 }, (_, i) => {
      const k = Math.floor(i / 3073);
      const byte = i % 3073;
      return byte === 0 ? k : byte % 1024 === 1 ? 200 : 10 * k + Math.floor((byte - 1) / 1024);
    });

  it('are read plane by plane', async () => {
    const path = folderOf('cifar', { 'data_batch_1.bin': records(2), 'test_batch.bin': records(3) });
    const images = await openImages(path);
    expect(images.available).toBe(5);
    const source = await images.select(5);
    expect(source.words).toBe('5 of 5 CIFAR-10 images');
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
  });

  it('of another length or with another class are refused', async () => {
    const cut = join(
      folderOf('cut', { 'data_batch_1.bin': records(2).subarray(0, 5000) }),
      'data_batch_1.bin',
    );
    await expect(openImages(cut)).rejects.toThrow(`invalid CIFAR-10 file: ${cut}, 5000 bytes`);
    const wrong = records(1);
    wrong[0] = 10;
    const other = join(folderOf('class', { 'test_batch.bin': wrong }), 'test_batch.bin');
    const source = await (await openImages(other)).select(1);
    await expect(source.read(0, 1, 32)).rejects.toThrow('image 0, counted from 0, has 10');
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

describe('random images', () => {
  it('are standard normal, and each its own', async () => {
    const source = await randomImages(3).select(40);
    const all = await source.read(0, 40, 8);
    expect(await source.read(17, 1, 8)).toEqual(all.subarray(17 * 192, 18 * 192));
    const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
    const variance = all.reduce((sum, x) => sum + x * x, 0) / all.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(all.length));
    expect(Math.abs(variance - 1)).toBeLessThan(6 / Math.sqrt(all.length));
    expect(await (await randomImages(4).select(40)).read(0, 1, 8)).not.toEqual(all.subarray(0, 192));
  });
});
