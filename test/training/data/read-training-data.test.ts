import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { squareImage } from '../../../src/images/square-image.js';
import { prepareImages } from '../../../src/training/data/prepare-images.js';
import { readTrainingData } from '../../../src/training/data/read-training-data.js';
import { idx, stripes, writeStripes } from '../small-images.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-data-'));
afterAll(() => {
  rmSync(base, { recursive: true });
});
let folders = 0;
const newFolder = () => {
  const folder = join(base, String(folders++));
  mkdirSync(folder);
  return folder;
};
const read = (folder: string, options = {}) =>
  readTrainingData(folder, { resolution: 8, channels: 1, ...options });

/** Returns the bytes of CIFAR records whose pixels are all the same. */
const records = (labels: readonly (readonly number[])[]) =>
  Buffer.concat(labels.map((own) => Buffer.concat([Buffer.from(own), Buffer.alloc(3072, 10 * own.at(-1)!)])));

describe('IDX files', () => {
  const folder = writeStripes(newFolder());

  it('are kept as their bytes at their own size', async () => {
    const data = await read(folder);
    const { labels, pixels } = stripes(96, 96);
    expect(data).toMatchObject({ kind: 'IDX files', classes: ['0', '1', '2'], split: 'as stored' });
    expect([data.train.count, data.test.count]).toEqual([96, 40]);
    expect([...data.train.labels]).toEqual([...labels]);
    expect(data.train.pixels).toEqual(pixels);
  });

  it('are unpacked, and have the checksum of what is in them', async () => {
    const packed = newFolder();
    for (const name of ['train', 't10k'])
      for (const part of ['images-idx3-ubyte', 'labels-idx1-ubyte']) {
        const bytes = readFileSync(join(folder, `${name}-${part}`));
        writeFileSync(join(packed, `${name}-${part}.gz`), gzipSync(bytes));
      }
    const { sha256 } = await read(packed);
    expect(sha256).toBe((await read(folder)).sha256);
    expect((await read(packed, { resolution: 7 })).sha256).not.toBe(sha256);
  });

  it('become three equal channels for a network of colour', async () => {
    const { train } = await read(folder, { channels: 3 });
    const { pixels } = (await read(folder)).train;
    expect(train.pixels).toEqual(
      Uint8Array.from({ length: 3 * pixels.length }, (_, i) => pixels[Math.floor(i / 3)]!),
    );
  });

  it('have more classes where that is said, never fewer', async () => {
    expect((await read(folder, { classes: 5 })).classes).toHaveLength(5);
    await expect(read(folder, { classes: 2 })).rejects.toThrow('invalid classes: 2 (allowed: 3');
  });

  const damaged = (change: (at: string) => void) => {
    const copy = newFolder();
    cpSync(folder, copy, { recursive: true });
    change(copy);
    return read(copy);
  };
  const images = 'train-images-idx3-ubyte';
  it.each<[string, (at: string) => void, RegExp]>([
    [
      'cut off',
      (at) => {
        writeFileSync(join(at, images), readFileSync(join(at, images)).subarray(0, 999));
      },
      /999 bytes \(allowed: 6160 bytes.*cut off/,
    ],
    [
      'too long',
      (at) => {
        writeFileSync(join(at, images), Buffer.concat([readFileSync(join(at, images)), Buffer.alloc(3)]));
      },
      /too long/,
    ],
    [
      'another kind',
      (at) => {
        writeFileSync(join(at, images), 'not images');
      },
      /which begins with 6e6f7420 \(allowed: bytes of 3 dimensions/,
    ],
    [
      'a broken archive',
      (at) => {
        writeFileSync(join(at, images), gzipSync(Buffer.alloc(100)).subarray(0, 20));
      },
      /whole gzip file/,
    ],
    [
      'other labels',
      (at) => {
        writeFileSync(join(at, 'train-labels-idx1-ubyte'), idx([3], Buffer.alloc(3)));
      },
      /invalid labels: 3 in .*allowed: 96/,
    ],
    [
      'no labels',
      (at) => {
        rmSync(join(at, 'train-labels-idx1-ubyte'));
      },
      /missing labels of the images: .*train-images/,
    ],
    [
      'one class',
      (at) => {
        writeFileSync(join(at, 'train-labels-idx1-ubyte'), idx([96], Buffer.alloc(96)));
      },
      /label: 1 of test|classes: 1 in/,
    ],
    [
      'test labels beyond',
      (at) => {
        writeFileSync(join(at, 't10k-labels-idx1-ubyte'), idx([40], Buffer.alloc(40, 7)));
      },
      /invalid label: 7 of test image 0.*from 0 to 2/,
    ],
    [
      'two data sets',
      (at) => {
        writeFileSync(join(at, `emnist-${images}`), '');
      },
      /of emnist-, MNIST|of MNIST, emnist-/,
    ],
    [
      'no test',
      (at) => {
        rmSync(join(at, 't10k-images-idx3-ubyte'));
        rmSync(join(at, 't10k-labels-idx1-ubyte'));
      },
      /missing test images: .*t10k.*--test-share/,
    ],
    [
      'no training',
      (at) => {
        rmSync(join(at, images));
        rmSync(join(at, 'train-labels-idx1-ubyte'));
      },
      /missing training images/,
    ],
  ])('are refused: %s', async (_, change, message) => {
    await expect(damaged(change)).rejects.toThrow(message);
  });
});

describe('CIFAR files', () => {
  it('give fine labels, names, and all training files', async () => {
    const [ten, hundred] = [newFolder(), newFolder()];
    writeFileSync(join(ten, 'data_batch_1.bin'), records([[0], [9]]));
    writeFileSync(join(ten, 'data_batch_2.bin'), records([[4]]));
    writeFileSync(join(ten, 'test_batch.bin'), records([[3]]));
    writeFileSync(join(ten, 'batches.meta.txt'), 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n');
    const data = await read(ten, { channels: 3, resolution: 2 });
    expect([...data.train.labels, ...data.test.labels]).toEqual([0, 9, 4, 3]);
    expect(data).toMatchObject({ kind: 'CIFAR-10', classes: [...'abcdefghij'] });
    expect(new Set(data.train.pixels)).toEqual(new Set([0, 90, 40]));
    writeFileSync(
      join(hundred, 'train.bin'),
      records([
        [19, 99],
        [0, 5],
      ]),
    );
    writeFileSync(join(hundred, 'test.bin'), records([[1, 2]]));
    const fine = await read(join(hundred, '.'));
    expect([[...fine.train.labels], fine.classes.length]).toEqual([[99, 5], 100]);
  });

  it.each<[string, Record<string, Buffer>, RegExp]>([
    [
      'cut off',
      { 'data_batch_1.bin': records([[0], [1]]).subarray(0, 5000), 'test_batch.bin': records([[1]]) },
      /cut off in image 1/,
    ],
    [
      'labels beyond',
      { 'data_batch_1.bin': records([[0], [10]]), 'test_batch.bin': records([[1]]) },
      /from 0 to 9; image 1.*has 10/,
    ],
    ['no test', { 'data_batch_1.bin': records([[0], [1]]) }, /missing test images: .*test_batch.bin/],
    ['only a test', { 'test_batch.bin': records([[0], [1]]) }, /missing training images/],
    [
      'one class',
      { 'data_batch_1.bin': records([[3], [3]]), 'test_batch.bin': records([[3]]) },
      /invalid classes: 1 in/,
    ],
    [
      'both',
      { 'data_batch_1.bin': records([[0], [1]]), 'test.bin': records([[0, 1]]) },
      /those of CIFAR-10 alone/,
    ],
  ])('are refused: %s', async (_, files, message) => {
    const folder = newFolder();
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    await expect(read(folder)).rejects.toThrow(message);
  });
});

describe('folders of images', () => {
  const write = async (path: string, grey: number) => {
    mkdirSync(join(path, '..'), { recursive: true });
    const create = { width: 12, height: 10, channels: 3 as const, background: { r: grey, g: grey, b: grey } };
    await sharp({ create }).png().toFile(path);
  };

  it('are classes, in train and test or split by a share', async () => {
    const [parted, plain] = [newFolder(), newFolder()];
    for (const [i, name] of ['dog', 'cat', 'dog', 'cat'].entries()) {
      await write(join(parted, 'train', name, 'more', `${i}.png`), 10 * i);
      await write(join(plain, name, `${i}.png`), 10 * i);
    }
    await write(join(parted, 'val/dog/1.png'), 77);
    const data = await read(parted);
    expect(data).toMatchObject({ kind: 'folders of images', classes: ['cat', 'dog'] });
    expect([...data.train.labels, ...data.test.labels]).toEqual([0, 0, 1, 1, 1]);
    expect(data.test.pixels).toEqual(new Uint8Array(64).fill(77));
    await expect(read(plain)).rejects.toThrow('--test-share 0.2 keeps');
    const split = await read(plain, { testShare: 0.5, seed: 3 });
    expect([[...split.train.labels], [...split.test.labels]]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(split.split).toBe('0.5 of each class, seed 3');
    expect(await read(plain, { testShare: 0.5, seed: 3 })).toEqual(split);
    await expect(read(plain, { testShare: 0.9 })).rejects.toThrow('leaves training images in class 0');
    await expect(read(parted, { testShare: 0.5 })).rejects.toThrow('none for');
    await write(join(parted, 'val/bird/1.png'), 1);
    await expect(read(parted)).rejects.toThrow('missing class of test images: bird (train holds cat, dog)');
    await write(join(plain, 'loose.png'), 1);
    await expect(read(plain)).rejects.toThrow(/invalid image: .*loose.png \(allowed: images in folders/);
    rmSync(join(plain, 'loose.png'));
    writeFileSync(join(plain, 'cat/broken.png'), 'broken');
    await expect(read(plain, { testShare: 0.5 })).rejects.toThrow(
      /cat.broken.png \(it is not a PNG.*\) \(allowed: whole PNG[^;]*$/,
    );
  });

  it('are read under the names that data sets give to their two parts', async () => {
    const kaggle = newFolder();
    for (const [part, grey] of [
      ['Training', 10],
      ['Testing', 20],
    ] as const)
      for (const name of ['cat', 'dog']) await write(join(kaggle, part, name, '1.png'), grey);
    const data = await read(kaggle);
    expect([data.classes, data.train.count, data.test.pixels[0]]).toEqual([['cat', 'dog'], 2, 20]);
    const vehicles = newFolder();
    for (const name of ['bus', 'car', 'train'])
      for (const i of [1, 2]) await write(join(vehicles, name, `${i}.png`), i);
    expect((await read(vehicles, { testShare: 0.5 })).classes).toEqual(['bus', 'car', 'train']);
  });

  it('are all read, or what is not read is said', async () => {
    const folder = newFolder();
    for (const part of ['train', 'test', 'unlabelled'])
      for (const name of ['cat', 'dog']) await write(join(folder, part, name, '1.png'), 1);
    writeFileSync(join(folder, 'train/cat/1.gif'), '');
    mkdirSync(join(folder, 'train/__MACOSX'));
    symlinkSync('..', join(folder, 'train/cat/up'));
    expect((await read(folder)).leftOut).toBe('2 .png, 1 .gif, 1 link to folders read already');
    mkdirSync(join(folder, 'train/hen'));
    await expect(read(folder)).rejects.toThrow(
      /missing images of a class: .*hen \(the folder is empty; remove/,
    );
    writeFileSync(join(folder, 'train/hen/1.bmp'), '');
    await expect(read(folder)).rejects.toThrow(/missing images of a class: .*hen \(it holds 1 .bmp; remove/);
    rmSync(join(folder, 'train/hen'), { recursive: true });
    symlinkSync('cat', join(folder, 'train/kitty'));
    await expect(read(folder)).rejects.toThrow(
      /kitty \(allowed: one of its own; it is a link to .*cat, read/,
    );
    rmSync(join(folder, 'train/kitty'));
    rmSync(join(folder, 'test'), { recursive: true });
    symlinkSync('train', join(folder, 'test'));
    await expect(read(folder)).rejects.toThrow(
      /test \(allowed: one of its own; it is a link to .*train, read/,
    );
  });

  it('are missing where there are none', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'notes.txt'), '');
    await expect(read(folder)).rejects.toThrow(/missing training images: .*it holds 1 .txt/);
    writeFileSync(join(folder, 'data_batch_1'), '\x80\x02}', 'latin1');
    await expect(read(folder)).rejects.toThrow(/data_batch_1 is a Python pickle; .* take cifar-10-binary/);
    await expect(read(join(folder, 'notes.txt'))).rejects.toThrow('invalid training data');
    await expect(read(join(folder, 'gone'))).rejects.toThrow('missing training data');
  });
});

describe('prepareImages', () => {
  it('resamples as squareImage does and rounds, halves up', async () => {
    const { pixels } = stripes(1);
    const image = {
      width: 8,
      height: 8,
      data: Uint8Array.from({ length: 192 }, (_, i) => pixels[Math.floor(i / 3)]!),
    };
    const stored = { labels: Int32Array.of(0), pixels: () => image };
    const exact = squareImage(image, 5);
    const kept = await prepareImages(stored, 5, 3);
    expect([...kept.pixels]).toEqual([...exact].map((x) => Math.floor(x + 0.5)));
  });
  it('refuses more pixels than an array holds, before it reads any', async () => {
    const labels = new Int32Array(1_281_167); // the training images of ImageNet
    const pixels = () => {
      throw new Error('read');
    };
    await expect(prepareImages({ labels, pixels }, 224, 3)).rejects.toThrow(
      'invalid images: 1281167 of 224 x 224 pixels (allowed: at most 28532, which are 4 GiB; a smaller resolution takes more)',
    );
  });
});
