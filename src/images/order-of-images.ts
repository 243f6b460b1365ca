import { shuffled } from '../random/shuffled.js';
import { createStream } from '../random/stream.js';

/**
 * Returns images in a random order given by the seed. Image folders and data sets are often sorted by class; in random
 * order the first few images come from all classes.
 */
export function orderOfImages<T>(images: readonly T[], seed: number): T[] {
  return shuffled(images, createStream(seed, 'order of images'));
}
