import { fillNormal } from '../random/distributions.js';
import { createStream } from '../random/stream.js';
import type { ImageCollection } from './image-source.js';

/**
 * Returns images of independent standard normal numbers, as many as one likes: each has a stream of its own, so that
 * the first n are the same however many are taken.
 */
export function randomImages(seed = 0, channels = 3): ImageCollection {
  return {
    available: Infinity,
    select: (count) =>
      Promise.resolve({
        count,
        words: `${count} random image${count === 1 ? '' : 's'}`,
        read: (from, many, resolution) => {
          const length = resolution * resolution * channels;
          const out = new Float32Array(many * length);
          for (let i = 0; i < many; i++) {
            const stream = createStream(seed, `image/${from + i}`);
            fillNormal(stream, out.subarray(i * length, (i + 1) * length));
          }
          return Promise.resolve(out);
        },
      }),
  };
}
