import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { invalid, missing } from '../../errors.js';
import { readNamed } from '../../files/read-named.js';
import { reasonOf } from '../../files/reason.js';
import { decodeImage } from '../../images/decode-image.js';
import { formatLeftOut } from '../../images/format-left-out.js';
import { brokenImages } from '../../images/image-folder.js';
import type { FolderListing } from '../../images/list-folder.js';
import { loadSharp } from '../../images/load-sharp.js';
import type { Pixels } from '../../images/pixels.js';
import type { StoredData, StoredImages } from './stored-images.js';

/** Names of the folders of training and of test images, in upper or lower case. The first existing one is used. */
const trainFolders = ['train', 'training'];
const testFolders = ['test', 'testing', 'val', 'valid', 'validation'];

/**
 * Returns a data set from folders of images: `train/CLASS/...` and `test/CLASS/...` (or `val`), or `CLASS/...` alone. The
 * classes are the folders of the training images, sorted by name.
 *
 * @throws RangeError for images outside class folders, a class folder without images or whose images are read under
 * another name, or test images of another class
 */
export async function readClassFolders(root: string, listing: FolderListing): Promise<StoredData> {
  await loadSharp();
  const parts = listing.images.map((path) => ({ path, names: relative(root, path).split(sep) }));
  const tops = [...new Set(parts.filter(({ names }) => names.length > 1).map(({ names }) => names[0]!))];
  const { trainFolder, testFolder } = partsOf(tops, parts);
  const below = (top: string | undefined) =>
    parts
      .filter(({ names }) => top === undefined || (names[0] === top && names.length > 1))
      .map(({ path, names }) => ({ path, names: top === undefined ? names : names.slice(1) }));
  const train = below(trainFolder);
  const test = testFolder === undefined ? undefined : below(testFolder);
  const loose = [...train, ...(test ?? [])].find(({ names }) => names.length < 2);
  if (loose) throw invalid('image', loose.path, 'images in folders named after their class, as cats/1.png');
  const classes = [...new Set(train.map(({ names }) => names[0]!))].sort();
  const strange = test?.find(({ names }) => !classes.includes(names[0]!));
  if (strange) {
    throw missing('class of test images', strange.names[0], `train holds ${classes.join(', ')}`);
  }
  checkClassFolders(join(root, trainFolder ?? ''), classes, listing);
  const isUnused = (path: string) =>
    trainFolder !== undefined && ![trainFolder, testFolder].includes(relative(root, path).split(sep)[0]);
  // a link without a test folder may be the test folder
  await checkLinks(listing.repeated.filter((path) => testFolder === undefined || !isUnused(path)));
  return {
    kind: 'folders of images',
    classes,
    train: stored(root, train, classes),
    test: test && stored(root, test, classes),
    testPlace: join(root, trainFolder === undefined ? 'train' : 'test'),
    leftOut: formatLeftOut([...listing.others, ...listing.images.filter(isUnused)], listing.repeated),
  };
}

interface Part {
  /** The names of folders and file below the root. */
  readonly names: readonly string[];
}

/** Returns the folders of the two parts. Both are undefined where `train` is the name of a class. */
function partsOf(tops: readonly string[], images: readonly Part[]) {
  const named = (names: readonly string[]) =>
    names.map((name) => tops.find((top) => top.toLowerCase() === name)).find((top) => top !== undefined);
  const [trainFolder, testFolder] = [named(trainFolders), named(testFolders)];
  const partNames = [...trainFolders, ...testFolders];
  const isClass =
    images.some(({ names }) => names.length === 2 && names[0] === trainFolder) &&
    tops.some((top) => !partNames.includes(top.toLowerCase()));
  return trainFolder === undefined || isClass ? {} : { trainFolder, testFolder };
}

/** @throws RangeError for a folder of a class without images; macOS adds one of its own to zip archives */
function checkClassFolders(
  root: string,
  classes: readonly string[],
  { folders, others }: FolderListing,
): void {
  const empty = folders.find(
    (path) =>
      relative(root, dirname(path)) === '' &&
      !classes.includes(basename(path)) &&
      basename(path) !== '__MACOSX',
  );
  if (empty === undefined) return;
  const holds = formatLeftOut(others.filter((path) => path.startsWith(empty + sep)));
  throw missing(
    'images of a class',
    empty,
    `${holds ? `it holds ${holds}` : 'the folder is empty'}; remove it if it is not a class`,
  );
}

/**
 * Checks that no link leads to a folder read under another name. A link to a parent folder is ignored.
 * @throws RangeError for such a link
 */
async function checkLinks(links: readonly string[]): Promise<void> {
  for (const link of links) {
    const [target, folder] = [await realpath(link), await realpath(dirname(link))];
    if (`${folder}${sep}`.startsWith(target.endsWith(sep) ? target : target + sep)) continue;
    throw invalid(
      'folder of images',
      link,
      `one of its own; it is a link to ${target}, read under another name`,
    );
  }
}

function stored(
  root: string,
  images: readonly { readonly path: string; readonly names: readonly string[] }[],
  classes: readonly string[],
): StoredImages {
  return {
    labels: Int32Array.from(images, ({ names }) => classes.indexOf(names[0]!)),
    pixels: (image) => load(root, images[image]!.path, images.length),
  };
}

async function load(root: string, path: string, count: number): Promise<Pixels> {
  const bytes = await readNamed('image', path);
  try {
    return await decodeImage(bytes);
  } catch (cause) {
    throw brokenImages([`${path} (${reasonOf(cause)})`], count, root);
  }
}
