import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { invalid, missing } from '../../errors.js';
import { reasonOf } from '../../files/reason.js';
import { brokenImages } from '../../images/image-folder.js';
import { formatLeftOut } from '../../images/format-left-out.js';
import { listFolder, type FolderListing } from '../../images/list-folder.js';
import { kindOfOthers } from '../../images/open-folder.js';
import { checkSeed } from '../../random/stream.js';
import { countTo, numberThat, readSchema, strict } from '../../schema.js';
import type { LabelledImages, TrainingData } from './labelled-images.js';
import { prepareImages } from './prepare-images.js';
import { readCifar } from './read-cifar.js';
import { readClassFolders } from './read-class-folders.js';
import { isIdxName, readIdx } from './read-idx.js';
import { splitImages } from './split-images.js';
import type { StoredData } from './stored-images.js';

export interface DataOptions {
  /** Height and width of the images, in pixels. */
  readonly resolution: number;
  /** 3 for colour, 1 for grey. @default 3 */
  readonly channels?: number | undefined;
  /** The number of classes, if labels are numbers and it is not the largest label plus 1. */
  readonly classes?: number | undefined;
  /** Share of each class that is held out for the test, if the data has no test images. */
  readonly testShare?: number | undefined;
  /** The seed that decides which images are held out. @default 0 */
  readonly seed?: number | undefined;
  /** Called with the number of prepared images. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Returns a data set to train on. It may be the binary files of CIFAR-10 or CIFAR-100, IDX files as MNIST has them
 * (also `.gz`), or a folder of images for each class, in `train/` and `test/` where there are both. Images are resized
 * once and kept as bytes; see `prepareImages`.
 *
 * @throws RangeError that names the file, for data that is missing, cut off, mislabelled, of one class, with a class
 * without images, or without images for the test
 * @example
 * const data = await readTrainingData('cifar-10-batches-bin', { resolution: 16 });
 */
export async function readTrainingData(path: string, options: DataOptions): Promise<TrainingData> {
  const given = readSchema('options', schema, options);
  const { resolution, channels = 3, seed = 0 } = given;
  const data = withClasses(await readStored(path), given.classes);
  checkLabels(data, path);
  const { train, test, split } = parted(data, given.testShare, seed, path);
  const total = train.labels.length + test.labels.length;
  let done = 0;
  const onImage = () => given.onProgress?.(++done, total);
  const prepared = {
    train: await prepareImages(train, resolution, channels, onImage),
    test: await prepareImages(test, resolution, channels, onImage),
  };
  return {
    kind: data.kind,
    path,
    classes: data.classes,
    ...prepared,
    split,
    sha256: checksumOf(prepared.train, prepared.test),
    leftOut: data.leftOut,
  };
}

const schema = strict({
  resolution: countTo(8192),
  channels: v.optional(countTo(65_536)),
  classes: v.optional(countTo(1_000_000, 2)),
  testShare: v.optional(numberThat((x) => x > 0 && x < 1, 'a number above 0, below 1')),
  seed: v.optional(v.pipe(v.number(), v.transform(checkSeed))),
  onProgress: v.optional(
    v.custom<NonNullable<DataOptions['onProgress']>>((given) => typeof given === 'function', 'a function'),
  ),
});

async function readStored(path: string): Promise<StoredData> {
  const listing = await listed(path);
  const { images, cifar, others } = listing;
  const leftOut = formatLeftOut(images);
  if (cifar.size > 0) return { ...(await readCifar(cifar.get(path) ?? one(path, cifar, 'CIFAR'))), leftOut };
  const idx = new Map<string, string[]>();
  for (const file of others.filter(isIdxName)) {
    const folder = dirname(file);
    idx.set(folder, [...(idx.get(folder) ?? []), file]);
  }
  if (idx.size > 0) return { ...(await readIdx(idx.get(path) ?? one(path, idx, 'IDX'))), leftOut };
  if (images.length > 0) {
    if (listing.problems.length > 0)
      throw brokenImages(listing.problems, images.length + listing.problems.length, path);
    return readClassFolders(path, listing);
  }
  const left = formatLeftOut(others, listing.repeated);
  const kind = await kindOfOthers(others);
  throw missing(
    'training images',
    path,
    `CIFAR's .bin files, IDX files such as train-images-idx3-ubyte, or a folder of images for each class${left ? `; it holds ${left}` : ''}${kind ? `; ${kind}` : ''}`,
  );
}

async function listed(path: string): Promise<FolderListing> {
  try {
    if (!(await stat(path)).isDirectory()) throw invalid('training data', path, 'a folder');
    return await listFolder(path);
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw Object.assign(missing('training data', path, reasonOf(cause)), { cause });
  }
}

/** Returns the files of the one folder below the path that has such files. */
function one(path: string, folders: ReadonlyMap<string, readonly string[]>, kind: string): readonly string[] {
  const [files, ...further] = folders.values();
  if (files === undefined || further.length > 0) {
    throw invalid(
      'training data',
      path,
      `one folder with ${kind} files, such as ${[...folders.keys()].join(', ')}`,
    );
  }
  return files;
}

function withClasses(data: StoredData, classes: number | undefined): StoredData {
  const own = data.classes.length;
  if (classes === undefined || classes === own) return data;
  if (data.kind !== 'IDX files' || classes < own) {
    throw invalid('classes', classes, `${own}, as the labels of ${data.kind} have`);
  }
  return { ...data, classes: Array.from({ length: classes }, (_, i) => String(i)) };
}

function checkLabels({ classes, train, test, kind }: StoredData, path: string): void {
  for (const [part, images] of Object.entries({ training: train, ...(test && { test }) })) {
    const at = images.labels.findIndex((label) => label >= classes.length);
    if (at >= 0) {
      const value = `${images.labels[at]} of ${part} image ${at}, counted from 0`;
      throw invalid('label', value, `classes of ${kind} from 0 to ${classes.length - 1}`);
    }
  }
  const seen = new Set(train.labels);
  if (seen.size < 2)
    throw invalid('classes', `${seen.size} in the training images of ${path}`, 'images of at least two');
}

function parted(data: StoredData, share: number | undefined, seed: number, path: string) {
  const { train, test, testPlace } = data;
  if (test && share === undefined) return { train, test, split: 'as stored' };
  if (test) throw invalid('test share', share, `none for ${path}, which has images for the test`);
  if (share === undefined) {
    throw missing('test images', testPlace, '--test-share 0.2 keeps that share of each class for the test');
  }
  return { ...splitImages(train, share, seed), split: `${share} of each class, seed ${seed}` };
}

function checksumOf(...parts: readonly LabelledImages[]): string {
  const hash = createHash('sha256');
  for (const { count, resolution, channels, labels, pixels } of parts) {
    hash.update(`${count} x ${resolution} x ${resolution} x ${channels}\n`);
    hash.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
    hash.update(pixels);
  }
  return hash.digest('hex');
}
