import { fillNormal } from '../random/distributions.js';
import { checkSeed, createStream } from '../random/stream.js';
import { checkedCollection } from './checked-collection.js';
import type { ImageCollection } from './image-source.js';

/**
 * Returns any number of images of independent standard normal numbers. Each image has its own stream, so the first n
 * images are the same however many are selected.
 * @param channels used if `read` is called without a network's channels
 */
export function randomImages(seed = 0, channels = 3): ImageCollection {
  checkSeed(seed);
  return checkedCollection({
    available: Infinity,
    select: (count) =>
      Promise.resolve({
        count,
        words: `${count} random image${count === 1 ? '' : 's'}`,
        read: (from, many, resolution, own = channels) => {
          const length = resolution * resolution * own;
          const out = new Float32Array(many * length);
          for (let i = 0; i < many; i++) {
            const stream = createStream(seed, `image/${from + i}`);
            fillNormal(stream, out.subarray(i * length, (i + 1) * length));
          }
          return Promise.resolve(out);
        },
      }),
  });
}
