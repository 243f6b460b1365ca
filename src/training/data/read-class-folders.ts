import { join, relative, sep } from 'node:path';
import { invalid, missing } from '../../errors.js';
import { readNamed } from '../../files/read-named.js';
import { reasonOf } from '../../files/reason.js';
import { decodeImage } from '../../images/decode-image.js';
import { brokenImages } from '../../images/image-folder.js';
import { loadSharp } from '../../images/load-sharp.js';
import type { Pixels } from '../../images/pixels.js';
import type { StoredData, StoredImages } from './stored-images.js';

/** Names of the folder with test images; the first existing one is used. */
const testFolders = ['test', 'val', 'valid', 'validation'];

/**
 * Returns a data set from folders of images: `train/CLASS/...` and `test/CLASS/...` (or `val`), or `CLASS/...` alone. The
 * classes are the folders of the training images, sorted by name.
 *
 * @param images paths of all images below the root
 * @throws RangeError for images outside class folders, or test images of another class
 */
export async function readClassFolders(root: string, images: readonly string[]): Promise<StoredData> {
  await loadSharp();
  const parts = images.map((path) => ({ path, names: relative(root, path).split(sep) }));
  const tops = new Set(parts.filter(({ names }) => names.length > 1).map(({ names }) => names[0]!));
  const parted = tops.has('train');
  const testFolder = parted ? testFolders.find((name) => tops.has(name)) : undefined;
  const below = (top: string | undefined) =>
    parts
      .filter(({ names }) => top === undefined || (names[0] === top && names.length > 1))
      .map(({ path, names }) => ({ path, names: top === undefined ? names : names.slice(1) }));
  const train = below(parted ? 'train' : undefined);
  const test = testFolder === undefined ? undefined : below(testFolder);
  const loose = [...train, ...(test ?? [])].find(({ names }) => names.length < 2);
  if (loose) throw invalid('image', loose.path, 'images in folders named after their class, as cats/1.png');
  const classes = [...new Set(train.map(({ names }) => names[0]!))].sort();
  const strange = test?.find(({ names }) => !classes.includes(names[0]!));
  if (strange) {
    throw missing('class of test images', strange.names[0], `train holds ${classes.join(', ')}`);
  }
  return {
    kind: 'folders of images',
    classes,
    train: stored(root, train, classes),
    test: test && stored(root, test, classes),
    testPlace: join(root, parted ? 'test' : 'train'),
  };
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
