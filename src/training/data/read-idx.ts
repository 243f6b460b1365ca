import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { invalid, messageOf, missing } from '../../errors.js';
import { readNamed } from '../../files/read-named.js';
import type { StoredData, StoredImages } from './stored-images.js';

/** File names of MNIST, Fashion-MNIST, KMNIST and EMNIST. */
const fileName = /^(.*?)(train|t10k|test)-(images|labels)[-.]idx[13]-ubyte(\.gz)?$/i;

/** Bytes that a file may unpack to. */
const MAX_BYTES = 2 ** 31 - 1;

/** Whether a file has a name like those of MNIST. */
export function isIdxName(path: string): boolean {
  return namedFile(path) !== undefined;
}

/** Returns the parts of a file's name: its data set (empty for MNIST), its part and its content. */
function namedFile(path: string) {
  const [, set = '', part, content] = fileName.exec(basename(path)) ?? [];
  if (part === undefined || content === undefined) return undefined;
  return { path, set, part: part.toLowerCase(), content: content.toLowerCase() };
}

/**
 * Returns a data set from files in the IDX format of MNIST (http://yann.lecun.com/exdb/mnist), unpacked where they end in
 * `.gz`. It has as many classes as its largest training label says.
 *
 * @throws RangeError for truncated files, labels that do not match the images, or files of several data sets
 */
export async function readIdx(paths: readonly string[]): Promise<StoredData> {
  const folder = dirname(paths[0]!);
  const files = paths.flatMap((path) => namedFile(path) ?? []);
  const sets = [...new Set(files.map(({ set }) => set))];
  if (sets.length > 1) {
    throw invalid(
      'IDX files',
      `${folder}, of ${sets.map((set) => set || 'MNIST').join(', ')}`,
      'those of one data set',
    );
  }
  const find = (parts: readonly string[], content: string) => {
    const found = files
      .filter((file) => parts.includes(file.part) && file.content === content)
      .map(({ path }) => path);
    // an unpacked file beside its archive is the same file
    return found.find((path) => !path.endsWith('.gz')) ?? found[0];
  };
  const pair = async (...parts: string[]): Promise<StoredImages | undefined> => {
    const [images, labels] = [find(parts, 'images'), find(parts, 'labels')];
    if (images === undefined && labels === undefined) return undefined;
    if (images === undefined) throw missing('images of the labels', labels, 'no such file beside it');
    if (labels === undefined) throw missing('labels of the images', images, 'no such file beside them');
    return readPair(images, labels);
  };
  const train = await pair('train');
  if (!train) throw missing('training images', folder, 'train-images-idx3-ubyte[.gz] holds them');
  const classes = train.labels.reduce((max, label) => Math.max(max, label + 1), 0);
  return {
    kind: 'IDX files',
    classes: Array.from({ length: classes }, (_, i) => String(i)),
    train,
    test: await pair('t10k', 'test'),
    testPlace: join(folder, `${sets[0]}t10k-images-idx3-ubyte`),
  };
}

async function readPair(imagePath: string, labelPath: string): Promise<StoredImages> {
  const { sizes, bytes } = await readFile(imagePath, 3);
  const labels = await readFile(labelPath, 1);
  const [count, height, width] = sizes as [number, number, number];
  if (labels.sizes[0] !== count) {
    throw invalid('labels', `${labels.sizes[0]} in ${labelPath}`, `${count}, one per image of ${imagePath}`);
  }
  return {
    labels: Int32Array.from(labels.bytes),
    pixels: (image) => {
      const grey = bytes.subarray(image * height * width, (image + 1) * height * width);
      const data = new Uint8Array(3 * grey.length);
      for (let i = 0; i < data.length; i++) data[i] = grey[Math.floor(i / 3)]!;
      return { width, height, data };
    },
  };
}

/**
 * Returns the sizes and bytes of an IDX file. The file has two zeros, a type (8 for bytes), the number of dimensions,
 * the sizes.
 */
async function readFile(path: string, dimensions: number): Promise<{ sizes: number[]; bytes: Uint8Array }> {
  const file = await unpacked(path, await readNamed('IDX file', path));
  const header = 4 + 4 * dimensions;
  const magic = file.length >= 4 ? file.readUInt32BE(0) : -1;
  if (magic !== 0x800 + dimensions || file.length < header) {
    const start = file.subarray(0, 4).toString('hex') || 'nothing';
    throw invalid(
      'IDX file',
      `${path}, which begins with ${start}`,
      `bytes of ${dimensions} dimensions, 0000080${dimensions}`,
    );
  }
  const sizes = Array.from({ length: dimensions }, (_, i) => file.readUInt32BE(4 + 4 * i));
  const length = sizes.reduce((product, size) => product * size, 1);
  if (length === 0) throw invalid('IDX file', `${path}, of ${sizes.join(' x ')}`, 'one that is not empty');
  if (file.length !== header + length) {
    const words = file.length < header + length ? 'it is cut off' : 'it is too long';
    throw invalid(
      'IDX file',
      `${path}, ${file.length} bytes`,
      `${header + length} bytes, as its sizes say; ${words}`,
    );
  }
  return { sizes, bytes: file.subarray(header) };
}

/** Recognised by its first bytes, not its name. Downloads are often unpacked on the way and keep their ending. */
async function unpacked(path: string, bytes: Buffer): Promise<Buffer> {
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES });
  } catch (cause) {
    const allowed = `a whole gzip file that unpacks to at most 2 GiB; ${messageOf(cause)}`;
    throw Object.assign(invalid('IDX file', path, allowed), { cause });
  }
}
