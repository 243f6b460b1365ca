import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { invalid, missing } from '../errors.js';
import { firstOf } from '../lookups.js';
import { reasonOf } from '../files/reason.js';
import type { ImageCollection } from './image-source.js';
import type { Pixels } from './pixels.js';
import { readPixels } from './read-pixels.js';
import { orderOfImages } from './order-of-images.js';

const SIDE = 32;
const PLANE = SIDE * SIDE;
/** Number of records checked at once. */
const CHUNK_RECORDS = 1024;

/** A record has a byte for each label, then the planes of red, green and blue. */
export interface CifarFormat {
  readonly name: string;
  readonly files: RegExp;
  readonly examples: string;
  /** The number of classes of each label. */
  readonly labels: readonly { readonly name: string; readonly classes: number }[];
  readonly record: number;
}

const formats: readonly CifarFormat[] = [
  {
    name: 'CIFAR-10',
    files: /^(data_batch|test_batch)(_\d+)?\.bin$/i,
    examples: 'data_batch_1.bin or test_batch.bin',
    labels: [{ name: 'classes', classes: 10 }],
    record: 1 + 3 * PLANE,
  },
  {
    name: 'CIFAR-100',
    files: /^(train|test)\.bin$/i,
    examples: 'train.bin or test.bin',
    labels: [
      { name: 'coarse classes', classes: 20 },
      { name: 'fine classes', classes: 100 },
    ],
    record: 2 + 3 * PLANE,
  },
];

/**
 * Returns the images of CIFAR-10 or CIFAR-100 files in binary format, in an order given by the seed. The format
 * (https://www.cs.toronto.edu/~kriz/cifar.html) is recognised by the file's name, or else by its size, or else by its
 * labels. All labels are checked; only requested images are read.
 *
 * @throws RangeError for a file of neither format, or for files of both
 */
export async function cifarImages(paths: readonly string[], seed = 0): Promise<ImageCollection> {
  const places: { path: string; format: CifarFormat; record: number }[] = [];
  for (const path of paths) {
    const size = await sizeOf(path);
    const format = await cifarFormatOf(path, size);
    for (let record = 0; record < size / format.record; record++) places.push({ path, format, record });
  }
  const names = [...new Set(places.map(({ format }) => format.name))];
  if (names.length > 1) {
    throw invalid('CIFAR files', paths.join(', '), `those of ${names.join(' or ')}, not of both`);
  }
  const ordered = orderOfImages(places, seed);
  return {
    available: places.length,
    select: (count) =>
      Promise.resolve({
        count,
        words: `${count} of ${places.length.toLocaleString('en-US')} ${names[0]} images`,
        read: (from, many, resolution, channels, scale) => {
          const load = async (i: number) => {
            const { path, format, record } = ordered[from + i]!;
            return readRecord(path, format, record);
          };
          return readPixels(load, many, resolution, channels, scale);
        },
      }),
  };
}

/** Returns true if the file's name is one of CIFAR's. */
export function isCifarName(path: string): boolean {
  return formats.some(({ files }) => files.test(basename(path)));
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    throw Object.assign(missing('CIFAR file', path, reasonOf(cause)), { cause });
  }
}

/** Returns the format of a file, all of whose labels are then within their classes. @throws RangeError for another file */
export async function cifarFormatOf(path: string, size: number): Promise<CifarFormat> {
  const fits = formats.filter(({ record }) => size > 0 && size % record === 0);
  const named = formats.find(({ files }) => files.test(basename(path)));
  const candidates = named ? fits.filter((format) => format === named) : fits;
  if (candidates.length === 0)
    throw invalid(`${named?.name ?? 'CIFAR'} file`, `${path}, ${size} bytes`, sizes(size, named, fits));
  const wrong: string[] = [];
  const whole: CifarFormat[] = [];
  for (const format of candidates) {
    const label = await wrongLabel(path, format);
    if (label === undefined) whole.push(format);
    else wrong.push(label);
  }
  if (whole.length === 0) throw invalid(`${named?.name ?? 'CIFAR'} file`, path, wrong.join('; or '));
  if (whole.length > 1) {
    const examples = formats.map((format) => `${format.examples} for ${format.name}`).join(', ');
    throw invalid('CIFAR file', path, `a name that tells the format, as its size fits both: ${examples}`);
  }
  return firstOf(whole);
}

function sizes(size: number, named: CifarFormat | undefined, fits: readonly CifarFormat[]): string {
  const multiples = (named ? [named] : formats).map(({ name, record }) => `${record} bytes (${name})`);
  const allowed = `a multiple of ${multiples.join(' or ')}, one image each`;
  if (size === 0) return `${allowed}; it is empty`;
  const [other] = fits;
  if (other) return `${allowed}; if it is of ${other.name}, whose size it has, name it ${other.examples}`;
  return named
    ? `${allowed}; it is cut off in image ${Math.floor(size / named.record)}, counted from 0`
    : allowed;
}

/** Returns a message with the allowed labels and the first invalid one, or undefined. */
async function wrongLabel(path: string, { name, labels, record }: CifarFormat): Promise<string | undefined> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(CHUNK_RECORDS * record);
    for (let first = 0; ; first += CHUNK_RECORDS) {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, first * record);
      for (let at = 0; at < bytesRead; at += record) {
        for (const [i, label] of labels.entries()) {
          const value = bytes[at + i]!;
          if (value >= label.classes)
            return `${label.name} of ${name} from 0 to ${label.classes - 1}; image ${first + at / record}, counted from 0, has ${value}`;
        }
      }
      if (bytesRead < bytes.length) return undefined;
    }
  } finally {
    await file.close();
  }
}

async function readRecord(path: string, { labels, record }: CifarFormat, index: number): Promise<Pixels> {
  const bytes = new Uint8Array(record);
  const file = await open(path);
  try {
    const { bytesRead } = await file.read(bytes, 0, record, index * record);
    if (bytesRead < record) throw invalid('CIFAR file', path, 'one that does not shrink while it is read');
  } finally {
    await file.close();
  }
  const data = new Uint8Array(3 * PLANE);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < PLANE; i++) data[3 * i + c] = bytes[labels.length + c * PLANE + i]!;
  return { width: SIDE, height: SIDE, data };
}
