import { shuffled } from '../random/shuffled.js';
import { createStream } from '../random/stream.js';

/**
 * Returns images in a random order that the seed decides. Image folders and data sets are often sorted by class; the first
 * few of such an order are of all classes.
 */
export function orderOfImages<T>(images: readonly T[], seed: number): T[] {
  return shuffled(images, createStream(seed, 'order of images'));
}
