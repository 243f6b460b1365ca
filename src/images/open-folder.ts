import { basename } from 'node:path';
import { invalid, missing } from '../errors.js';
import { reasonOf } from '../files/reason.js';
import { cifarImages } from './cifar.js';
import { firstBytes } from './first-bytes.js';
import { formatLeftOut } from './format-left-out.js';
import { brokenImages, type FolderOptions, imageFiles } from './image-folder.js';
import { imageEndings, otherFormat } from './image-format.js';
import type { ImageCollection } from './image-source.js';
import { type FolderListing, listFolder } from './list-folder.js';

/** Number of other files inspected, to describe a folder without images. */
const LOOKED_AT = 32;

/**
 * Returns the images of a folder. These are CIFAR's files in it, or else the image files in and below it, or else
 * CIFAR's files in a folder below it.
 *
 * @throws RangeError for a folder that cannot be read or holds no images, and for broken links and unreadable folders
 * below it unless they are skipped
 */
export async function openFolder(path: string, options: FolderOptions): Promise<ImageCollection> {
  const listing = await list(path);
  const { images, cifar, others, problems, repeated } = listing;
  if (problems.length > 0) {
    if (!options.skipBroken)
      throw brokenImages(problems, images.length + problems.length, path, options.onSkipped !== undefined);
    options.onSkipped?.(problems);
  }
  const own = cifar.get(path);
  // mention images beside CIFAR's files, but not the texts that come with them
  if (own) return { ...(await cifarImages(own, options.seed)), leftOut: formatLeftOut(images) };
  if (images.length > 0) {
    const rest = [...others, ...[...cifar.values()].flat()];
    return { ...imageFiles(path, images, options), leftOut: formatLeftOut(rest, repeated) };
  }
  const [below, ...further] = cifar.values();
  if (below === undefined) throw await noImages(path, listing);
  if (further.length > 0)
    throw invalid('images', path, `one folder with CIFAR's files, such as ${[...cifar.keys()].join(', ')}`);
  return cifarImages(below, options.seed);
}

async function list(path: string): Promise<FolderListing> {
  try {
    return await listFolder(path);
  } catch (cause) {
    throw Object.assign(missing('images', path, reasonOf(cause)), { cause });
  }
}

async function noImages(path: string, { others, repeated }: FolderListing): Promise<RangeError> {
  const holds = [`the folder holds no ${imageEndings.join(', ')}, and no CIFAR-10 or CIFAR-100 files (.bin)`];
  const left = formatLeftOut(others, repeated);
  if (left !== undefined) holds.push(`it holds ${left}`);
  const kind = await kindOfOthers(others);
  if (kind !== undefined) holds.push(kind);
  return missing('images', path, holds.join('; '));
}

/** Returns the kind of the first file that is recognised, such as `meta is a Python pickle`. */
export async function kindOfOthers(others: readonly string[]): Promise<string | undefined> {
  for (const other of others.slice(0, LOOKED_AT)) {
    const format = otherFormat(await firstBytes(other).catch(() => new Uint8Array()));
    if (format !== undefined) return `${basename(other)} is ${format}`;
  }
  return undefined;
}
