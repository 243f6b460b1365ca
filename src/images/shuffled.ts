import { createStream, nextWord } from '../random/stream.js';

/**
 * Returns the numbers 0 to `count` - 1 in a random order that the seed decides. Image folders and data sets are often
 * sorted by class; the first few of such an order are of all classes.
 */
export function shuffled(count: number, seed: number): Uint32Array {
  const stream = createStream(seed, 'order of images');
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor((nextWord(stream) / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
