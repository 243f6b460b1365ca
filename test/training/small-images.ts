import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextInteger } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';

/** Returns grey images of 8 x 8 pixels with a bright stripe where the label says, of three classes. */
export function stripes(count: number, salt = 0): { labels: Uint8Array; pixels: Uint8Array } {
  const stream = createStream(salt, 'stripes');
  const labels = Uint8Array.from({ length: count }, () => nextInteger(stream, 0, 2));
  const pixels = Uint8Array.from({ length: 64 * count }, (_, i) => {
    const inStripe = Math.floor((i % 8) / 2) === labels[Math.floor(i / 64)];
    return nextInteger(stream, 0, 120) + (inStripe ? 100 : 0);
  });
  return { labels, pixels };
}

/** Returns an IDX file. */
export function idx(sizes: readonly number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x800 + sizes.length);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, data]);
}

/** Writes a data set as MNIST has its files and returns the folder. */
export function writeStripes(folder: string, train = 96, test = 40): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, count] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    const { labels, pixels } = stripes(count, count);
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), idx([count, 8, 8], pixels));
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), idx([count], labels));
  }
  return folder;
}
