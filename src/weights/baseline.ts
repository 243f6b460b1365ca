import type { Numbers } from '../formats/model-file.js';
import { createStream, nextUnit, nextWord } from '../random/stream.js';

/** The baseline of a layer's spectrum. */
export const baselineNames = ['permuted', 'gaussian', 'none'] as const;
export type BaselineName = (typeof baselineNames)[number];

/**
 * Replaces the entries of a matrix by their random order, or by normal ones of the same mean square. The result is a
 * layer of these sizes without structure. The same seed and name give the same entries. Codes of numbers can only be
 * put in a random order.
 */
export function drawBaseline(
  kind: Exclude<BaselineName, 'none'>,
  entries: Numbers | Uint16Array,
  { variance, seed, name }: { readonly variance: number; readonly seed: number; readonly name: string },
): void {
  const stream = createStream(seed, `${kind}/${name}`);
  if (kind === 'permuted')
    for (let i = entries.length - 1; i > 0; i--) {
      const j = Math.floor((nextWord(stream) / 2 ** 32) * (i + 1));
      const swapped = entries[i]!;
      entries[i] = entries[j]!;
      entries[j] = swapped;
    }
  else {
    const deviation = Math.sqrt(variance);
    // Box and Muller: two normal numbers of two uniform ones
    for (let i = 0; i < entries.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - nextUnit(stream)));
      const angle = 2 * Math.PI * nextUnit(stream);
      entries[i] = radius * Math.cos(angle);
      if (i + 1 < entries.length) entries[i + 1] = radius * Math.sin(angle);
    }
  }
}
