import { invalid } from '../errors.js';
import { shuffled } from '../random/shuffled.js';
import { createStream } from '../random/stream.js';
import type { LabelledImages } from '../training/data/labelled-images.js';

/**
 * Returns `count` of the images in their order, drawn once for all networks of a search. Null takes all. The numbers
 * lie in shared memory, so that worker threads read the same bytes.
 * @throws RangeError for more images than there are
 */
export function someImages(images: LabelledImages, count: number | null, key: string): LabelledImages {
  if (count !== null && count > images.count)
    throw invalid(key, count, `at most ${images.count}, the images of the data`);
  const all = Array.from({ length: images.count }, (_, i) => i);
  const taken =
    count === null || count === images.count
      ? all
      : shuffled(all, createStream(0, `search/${key}`))
          .slice(0, count)
          .sort((a, b) => a - b);
  const size = images.resolution ** 2 * images.channels;
  const pixels = new Uint8Array(new SharedArrayBuffer(taken.length * size));
  for (const [i, image] of taken.entries())
    pixels.set(images.pixels.subarray(image * size, (image + 1) * size), i * size);
  const labels = Int32Array.from(taken, (image) => images.labels[image]!);
  return { ...images, count: taken.length, pixels, labels };
}
