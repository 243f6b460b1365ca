import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { invalid } from '../errors.js';
import type { ImageCollection } from './image-source.js';
import type { Pixels } from './pixels.js';
import { preparePixels } from './prepare-pixels.js';
import { shuffled } from './shuffled.js';

const SIDE = 32;
const PLANE = SIDE * SIDE;
/** One byte with the class, then the planes of red, green and blue. */
const RECORD = 1 + 3 * PLANE;
const CLASSES = 10;

/**
 * Returns the images of files in CIFAR-10's binary format (https://www.cs.toronto.edu/~kriz/cifar.html), in an order that
 * the seed decides. Only what is asked for is read.
 *
 * @throws RangeError for a file that is not of this format
 */
export async function cifar10Images(paths: readonly string[], seed = 0): Promise<ImageCollection> {
  const places: { path: string; record: number }[] = [];
  for (const path of paths) {
    const { size } = await stat(path);
    if (size === 0 || size % RECORD !== 0) {
      throw invalid(
        'CIFAR-10 file',
        `${path}, ${size} bytes`,
        `a multiple of ${RECORD} bytes, one image each`,
      );
    }
    for (let record = 0; record < size / RECORD; record++) places.push({ path, record });
  }
  const order = shuffled(places.length, seed);
  return {
    available: places.length,
    select: (count) =>
      Promise.resolve({
        count,
        words: `${count} of ${places.length.toLocaleString('en-US')} CIFAR-10 images`,
        read: async (from, many, resolution) => {
          const length = resolution * resolution * 3;
          const out = new Float32Array(many * length);
          for (let i = 0; i < many; i++) {
            const { path, record } = places[order[from + i]!]!;
            preparePixels(
              await readRecord(path, record),
              resolution,
              out.subarray(i * length, (i + 1) * length),
            );
          }
          return out;
        },
      }),
  };
}

/** Whether a file is named as those of CIFAR-10 are. */
export function isCifarName(path: string): boolean {
  return /^(data_batch|test_batch)(_\d+)?\.bin$/.test(basename(path));
}

async function readRecord(path: string, record: number): Promise<Pixels> {
  const bytes = new Uint8Array(RECORD);
  const file = await open(path);
  try {
    await file.read(bytes, 0, RECORD, record * RECORD);
  } finally {
    await file.close();
  }
  if (bytes[0]! >= CLASSES) {
    throw invalid(
      'CIFAR-10 file',
      path,
      `classes from 0 to 9; image ${record}, counted from 0, has ${bytes[0]}`,
    );
  }
  const data = new Uint8Array(3 * PLANE);
  for (let c = 0; c < 3; c++) for (let i = 0; i < PLANE; i++) data[3 * i + c] = bytes[1 + c * PLANE + i]!;
  return { width: SIDE, height: SIDE, data };
}
