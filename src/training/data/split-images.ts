import { shuffled } from '../../random/shuffled.js';
import { createStream } from '../../random/stream.js';
import { invalid } from '../../errors.js';
import { chosenImages, type StoredImages } from './stored-images.js';

/**
 * Returns the images in two parts. The given share of each class, rounded to whole images, is held out for the test.
 * Which ones the seed decides, class by class.
 * @throws RangeError for a share that leaves a class without training or all classes without test images
 */
export function splitImages(
  images: StoredImages,
  share: number,
  seed: number,
): { train: StoredImages; test: StoredImages } {
  const ofClass = new Map<number, number[]>();
  images.labels.forEach((label, i) => {
    const list = ofClass.get(label);
    if (list) list.push(i);
    else ofClass.set(label, [i]);
  });
  const train: number[] = [];
  const test: number[] = [];
  for (const [label, list] of ofClass) {
    const kept = Math.round(share * list.length);
    if (kept === list.length) {
      throw invalid(
        'test share',
        share,
        `one that leaves training images in class ${label}, of ${list.length}`,
      );
    }
    const order = shuffled(list, createStream(seed, `training/test images/class ${label}`));
    test.push(...order.slice(0, kept));
    train.push(...order.slice(kept));
  }
  if (test.length === 0) throw invalid('test share', share, 'one that keeps at least one image');
  const inOrder = (numbers: number[]) =>
    chosenImages(
      images,
      numbers.sort((a, b) => a - b),
    );
  return { train: inOrder(train), test: inOrder(test) };
}
