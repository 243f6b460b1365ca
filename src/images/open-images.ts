import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import * as v from 'valibot';
import { invalid, missing, unknown } from '../errors.js';
import { reasonOf } from '../files/reason.js';
import { checkSeed } from '../random/stream.js';
import { readSchema, strict } from '../schema.js';
import { checkedCollection } from './checked-collection.js';
import { cifarImages } from './cifar.js';
import { firstBytes } from './first-bytes.js';
import { type FolderOptions, imageFiles } from './image-folder.js';
import { imageEndings, imageFormat, isImageName, otherFormat } from './image-format.js';
import type { ImageCollection } from './image-source.js';
import { openFolder } from './open-folder.js';

/**
 * Returns the images at a path, which may be a folder, a CIFAR file or a single image. A folder may hold PNG, JPEG and
 * WebP files (also in folders below it) or the binary files (`.bin`) of CIFAR-10 or CIFAR-100. Links are followed: a
 * file counts under each of its names, a folder once. The middle square is resized to the requested resolution and
 * standardised with ImageNet's mean and deviation. For networks with one channel, images become grey (the luma of Rec.
 * 601), standardised with the luma of ImageNet's mean, 0.4590, and deviations, 0.2256.
 *
 * @throws RangeError for a path that does not exist or holds no images
 * @example
 * const images = await (await openImages('photos', { seed: 1 })).select(32);
 */
export async function openImages(path: string, options: FolderOptions = {}): Promise<ImageCollection> {
  const given = readSchema('options', schema, options);
  const at = await statOf(path);
  if (at.isDirectory()) return checkedCollection(await openFolder(path, given));
  if (at.isFile()) return checkedCollection(await openFile(path, given));
  throw invalid('images', path, 'a folder or a file');
}

const seed = v.pipe(v.number(), v.transform(checkSeed));
const listener = v.custom<NonNullable<FolderOptions['onSkipped']>>(
  (given) => typeof given === 'function',
  'a function',
);
const schema = strict({
  seed: v.optional(seed),
  skipBroken: v.optional(v.boolean()),
  onSkipped: v.optional(listener),
});

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    throw Object.assign(missing('images', path, reasonOf(cause)), { cause });
  }
}

async function openFile(path: string, options: FolderOptions): Promise<ImageCollection> {
  if (extname(path).toLowerCase() === '.bin') return cifarImages([path], options.seed);
  const start = await firstBytes(path).catch((cause: unknown) => {
    throw Object.assign(missing('images', path, reasonOf(cause)), { cause });
  });
  if (isImageName(path) || imageFormat(start)) return imageFiles(path, [path], options);
  const format = otherFormat(start);
  throw unknown('kind of images', format === undefined ? path : `${path}, ${format}`, [
    'a folder',
    ...imageEndings,
    '.bin of CIFAR-10 or CIFAR-100',
  ]);
}
