import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openImages } from '../../src/images/open-images.js';
import { randomImages } from '../../src/images/random-images.js';
import { fixture, folder, folderOf } from './fixtures.js';

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

  it('is grey for networks of one channel: the luma of Rec. 601', async () => {
    const source = await (await openImages(join(path, 'a.png'))).select(1);
    const [first, second] = await source.read(0, 1, 9, 1);
    const mean = 0.299 * 0.485 + 0.587 * 0.456 + 0.114 * 0.406;
    const deviation = 0.299 * 0.229 + 0.587 * 0.224 + 0.114 * 0.225;
    const grey = (red: number, blue: number) => (0.299 * red + 0.114 * blue) / 255;
    expect(first).toBeCloseTo((grey(40, 26) - mean) / deviation, 5);
    expect(second).toBeCloseTo((grey(60, 39) - mean) / deviation, 5);
    await expect(source.read(0, 1, 9, 4)).rejects.toThrow('invalid channels: 4 (allowed: 1 or 3 from');
  });

  it('says which files it does not read', async () => {
    expect((await openImages(path)).leftOut).toBe('1 .txt');
    const more = { 'x.GIF': 'GIF8', 'y.gif': 'GIF8', 'b/labels': '', '.hidden.png': '', '.cache/z.png': '' };
    const images = await openImages(folderOf('more', { ...whole, ...more }));
    expect(images.available).toBe(3);
    expect(images.leftOut).toBe('2 .gif, 1 without ending, 1 .txt');
  });

  it('reads a folder that is named as an image is, and a file whose name says nothing', async () => {
    const odd = folderOf('odd', { 'x.png/photo.PNG': whole['a.png'], photo: whole['a.png'] });
    expect((await openImages(odd)).available).toBe(1);
    expect((await openImages(join(odd, 'photo'))).available).toBe(1);
  });

  it('refuses options that are misspelt and numbers that make no sense', async () => {
    const openWith = (options: object) => openImages(path, options);
    await expect(openWith({ skipbroken: true })).rejects.toThrow(
      'unknown option: skipbroken (near: skipBroken; allowed: seed, skipBroken, onSkipped)',
    );
    await expect(openWith({ constructor: 1 })).rejects.toThrow('unknown option: constructor');
    await expect(openWith({ seed: -1 })).rejects.toThrow('invalid seed: -1');
    await expect(openWith({ skipBroken: 'no' })).rejects.toThrow('invalid skipBroken: no');
    const images = await openImages(path);
    for (const count of [0, 4, 1.5, NaN])
      await expect(images.select(count)).rejects.toThrow(
        `invalid number of images: ${count} (allowed: a whole number from 1 to 3)`,
      );
    const source = await images.select(2);
    await expect(source.read(1, 2, 9)).rejects.toThrow('invalid number of images: 2');
    await expect(source.read(0, 1, 0)).rejects.toThrow('invalid resolution: 0');
  });

  it('without images is refused', async () => {
    const empty = folderOf('empty', { 'notes.txt': '' });
    await expect(openImages(empty)).rejects.toThrow(
      `missing images: ${empty} (the folder holds no .png, .jpg, .jpeg, .webp, and no CIFAR-10 or CIFAR-100 files (.bin); it holds 1 .txt)`,
    );
    await expect(openImages(join(folder, 'nowhere'))).rejects.toThrow('no such file or folder');
    await expect(openImages(join(empty, 'notes.txt'))).rejects.toThrow('unknown kind of images');
    const packed = { 'photos.tar.gz': Uint8Array.of(0x1f, 0x8b), 'train-images-idx3-ubyte': '\0\0\x08\x03' };
    const archive = folderOf('archive', packed);
    await expect(openImages(archive)).rejects.toThrow(
      'photos.tar.gz is a gzip archive, to be unpacked first',
    );
    await expect(openImages(join(archive, 'photos.tar.gz'))).rejects.toThrow('a gzip archive');
    await expect(openImages(join(archive, 'train-images-idx3-ubyte'))).rejects.toThrow('an IDX file');
  });
});

describe('broken images', () => {
  const path = folderOf('broken', { ...whole, ...broken });

  it('are counted and named', async () => {
    const images = await openImages(path);
    await expect(images.select(5)).rejects.toThrow(RangeError);
    await expect(images.select(5)).rejects.toThrow(/invalid images: 2 of 5 in .* broken: /);
    await expect(images.select(5)).rejects.toThrow(/x\.png \(.+\)/);
    await expect(images.select(5)).rejects.toThrow(/y\.jpg \(it is not a PNG, JPEG or WebP\)/);
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
