import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { missing, unknown } from '../errors.js';
import { reasonOf } from '../files/reason.js';
import { cifar10Images, isCifarName } from './cifar-10.js';
import { type FolderOptions, imageEndings, imageFiles, listImages } from './image-folder.js';
import type { ImageCollection } from './image-source.js';

/**
 * Returns the images at a path: a folder with PNG and JPEG files (those in folders below it too), a folder with CIFAR-10's
 * binary files or one of these (`.bin`), or a single image. Their middle square is brought to the resolution asked for
 * and standardised with ImageNet's mean and deviation.
 *
 * @throws RangeError for a path that does not exist or holds no images
 * @example
 * const images = await (await openImages('photos', { seed: 1 })).select(32);
 */
export async function openImages(path: string, options: FolderOptions = {}): Promise<ImageCollection> {
  if (await isFolder(path)) {
    const cifar = (await readdir(path)).filter(isCifarName).sort();
    if (cifar.length > 0)
      return cifar10Images(
        cifar.map((name) => join(path, name)),
        options.seed,
      );
    const images = await listImages(path);
    if (images.length === 0)
      throw missing('images', path, 'the folder holds no .png, .jpg or .jpeg, and no CIFAR-10 files');
    return imageFiles(path, images, options);
  }
  if (path.endsWith('.bin')) return cifar10Images([path], options.seed);
  if (imageEndings.test(path)) return imageFiles(path, [path], options);
  throw unknown('kind of images', path, ['a folder', '.png', '.jpg', '.jpeg', 'CIFAR-10 .bin']);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw Object.assign(missing('images', path, reasonOf(cause)), { cause });
  }
}
