import { basename, dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { invalid, missing } from '../../errors.js';
import { lastOf } from '../../lookups.js';
import { readNamed } from '../../files/read-named.js';
import { readText } from '../../files/read-text.js';
import { type CifarFormat, cifarFormatOf } from '../../images/cifar.js';
import type { StoredData, StoredImages } from './stored-images.js';

const SIDE = 32;
const PLANE = SIDE * SIDE;

/**
 * Returns CIFAR-10 or CIFAR-100 from its binary files; of CIFAR-100 the fine classes.
 * @throws RangeError for truncated files, labels beyond the classes, files of both, or no training images
 */
export async function readCifar(paths: readonly string[]): Promise<StoredData> {
  const isTest = (path: string) => basename(path).toLowerCase().startsWith('test');
  const folder = dirname(paths[0]!);
  const train = await readFiles(paths.filter((path) => !isTest(path)));
  const test = await readFiles(paths.filter(isTest));
  if (!train) throw missing('training images', folder, 'data_batch_1.bin or train.bin holds them');
  const { format } = train;
  if (test && test.format !== format)
    throw invalid('CIFAR files', paths.join(', '), `those of ${format.name} alone`);
  const labels = lastOf(format.labels);
  return {
    kind: format.name,
    classes: await classNames(folder, labels.classes),
    train: train.images,
    test: test?.images,
    testPlace: join(folder, format.labels.length > 1 ? 'test.bin' : 'test_batch.bin'),
  };
}

async function readFiles(
  paths: readonly string[],
): Promise<{ format: CifarFormat; images: StoredImages } | undefined> {
  if (paths.length === 0) return undefined;
  const files: { bytes: Buffer; format: CifarFormat }[] = [];
  for (const path of paths) {
    const bytes = await readNamed('CIFAR file', path);
    files.push({ bytes, format: await cifarFormatOf(path, bytes.length) });
  }
  const { format } = files[0]!;
  const strange = files.findIndex((file) => file.format !== format);
  if (strange >= 0) throw invalid('CIFAR file', paths[strange]!, `a file of ${format.name}, as the others`);
  const { record } = format;
  const offset = format.labels.length;
  const records = files.flatMap(({ bytes }) =>
    Array.from({ length: bytes.length / record }, (_, i) => bytes.subarray(i * record, (i + 1) * record)),
  );
  return {
    format,
    images: {
      labels: Int32Array.from(records, (bytes) => bytes[offset - 1]!),
      pixels: (image) => {
        const planes = records[image]!.subarray(offset);
        const data = new Uint8Array(3 * PLANE);
        for (let i = 0; i < data.length; i++) data[i] = planes[(i % 3) * PLANE + Math.floor(i / 3)]!;
        return { width: SIDE, height: SIDE, data };
      },
    },
  };
}

/**
 * Returns the names in the text that comes with the files. Where there is none, or one with other names, they are
 * numbers.
 */
async function classNames(folder: string, count: number): Promise<string[]> {
  const path = join(folder, count === 100 ? 'fine_label_names.txt' : 'batches.meta.txt');
  const text = existsSync(path) ? await readText('names of the classes', path) : '';
  const names = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return names.length === count ? names : Array.from({ length: count }, (_, i) => String(i));
}
