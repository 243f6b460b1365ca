import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openImages } from '../../../src/networks.js';
import { createStream, type Stream } from '../../../src/random/stream.js';
import { chance, pick, randomBytes } from '../choices.js';
import { type Input, inputOf } from '../input.js';
import { type Reader, WrongAnswer } from '../reader.js';

const fixtures = join(__dirname, '../../../test/images/fixtures');
const fixture = (name: string) => Uint8Array.from(readFileSync(join(fixtures, name)));

const pngs = ['clear.png', 'colour.png', 'grey.png', 'palette.png'];
const jpegs = ['colour.jpg', 'grey.jpg', 'progressive.jpg'];

const RESOLUTION = 8;

/** Returns how many images are there and a digest of the pixels of each of the first few. */
async function plainImages(path: string): Promise<unknown> {
  const collection = await openImages(path);
  const { available } = collection;
  const source = await collection.select(Math.min(4, available));
  const digests: string[] = [];
  for (let i = 0; i < source.count; i++) {
    const pixels = await source.read(i, 1, RESOLUTION);
    if (pixels.length !== 3 * RESOLUTION ** 2 || !pixels.every(Number.isFinite))
      throw new WrongAnswer('gives pixels that are not finite, or too few');
    digests.push(createHash('sha256').update(pixels).digest('hex').slice(0, 16));
  }
  return { available, digests };
}

/** Returns the PNG with the checksum of every chunk right again. */
function repairPng(path: string, bytes: Uint8Array): Uint8Array {
  if (!path.endsWith('.png')) return bytes;
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  for (let at = 8; at + 12 <= out.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > out.length) break;
    view.setUint32(end, crc32(out.subarray(at + 4, end)));
    at = end + 4;
  }
  return out;
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  new DataView(bytes.buffer).setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(data, 8);
  return repairChunk(bytes);
}

function repairChunk(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(4, -4)));
  return bytes;
}

/** Returns the same picture with a comment in it, or bytes after its end. */
function rewriteImage(stream: Stream, { files }: Input): Input {
  const [[path, bytes]] = [...files] as [[string, Uint8Array]];
  const note = randomBytes(stream, pick(stream, [1, 30, 300]));
  const isPng = path.endsWith('.png');
  // of a PNG after its header, of a JPEG after its first marker
  const at = isPng ? 33 : 2;
  const comment = isPng
    ? chunk('teXt', note)
    : Uint8Array.from([0xff, 0xfe, (note.length + 2) >> 8, (note.length + 2) & 255, ...note]);
  const parts = chance(stream, 0.5) ? [bytes.subarray(0, at), comment, bytes.subarray(at)] : [bytes, note];
  return inputOf({ [path]: Uint8Array.from(Buffer.concat(parts)) });
}

/** The binary files of CIFAR: labels, then 32 x 32 pixels of red, green and blue. */
function cifar(labels: number): Uint8Array {
  const stream = createStream(0, `fuzz/cifar/${labels}`);
  const records = [0, 1, 9].map((label) => [
    ...Array<number>(labels).fill(label),
    ...randomBytes(stream, 3072),
  ]);
  return Uint8Array.from(records.flat());
}

export const imageReaders: readonly Reader[] = [
  {
    name: 'png',
    seeds: () => pngs.map((name) => ({ input: inputOf({ 'image.png': fixture(name) }) })),
    read: () => plainImages('image.png'),
    rewrite: rewriteImage,
    repair: repairPng,
    isProtected: () => true,
  },
  {
    name: 'jpeg',
    seeds: () => jpegs.map((name) => ({ input: inputOf({ 'image.jpg': fixture(name) }) })),
    read: () => plainImages('image.jpg'),
    rewrite: rewriteImage,
  },
  {
    name: 'cifar',
    seeds: () => [
      { input: inputOf({ 'images/data_batch_1.bin': cifar(1), 'images/test_batch.bin': cifar(1) }) },
      { input: inputOf({ 'images/train.bin': cifar(2), 'images/test.bin': cifar(2) }) },
    ],
    read: () => plainImages('images'),
  },
  {
    name: 'image-folder',
    seeds: () => [
      {
        input: inputOf({
          'images/a.png': fixture('colour.png'),
          'images/below/b.JPG': fixture('colour.jpg'),
          'images/below/deep/c.jpeg': fixture('grey.jpg'),
          'images/notes.txt': 'none of the images',
        }),
      },
    ],
    read: () => plainImages('images'),
    repair: repairPng,
  },
];
