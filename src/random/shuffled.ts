import { nextWord, type Stream } from './stream.js';

/** Returns the items in random order (Fisher and Yates); all orders are about equally likely. */
export function shuffled<T>(items: readonly T[], stream: Stream): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor((nextWord(stream) / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
