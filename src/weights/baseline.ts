import type { Numbers } from '../formats/model-file.js';
import { createStream, nextUnit, nextWord } from '../random/stream.js';
import { spectrumAndRanks } from '../rank/rank.js';

/** What the spectrum of a layer is compared with. */
export const baselineNames = ['permuted', 'gaussian', 'none'] as const;
export type BaselineName = (typeof baselineNames)[number];

/**
 * Returns the singular values of a matrix with the same entries in a random order, or with normal ones of the same mean
 * square: what a layer of these sizes has without structure. The same seed and name give the same order.
 */
export function baselineSpectrum(
  kind: Exclude<BaselineName, 'none'>,
  entries: Numbers,
  { rows, columns, variance, seed, name }: BaselineShape,
): Float64Array {
  const stream = createStream(seed, `${kind}/${name}`);
  const data = entries.slice();
  if (kind === 'permuted')
    for (let i = data.length - 1; i > 0; i--) {
      const j = Math.floor((nextWord(stream) / 2 ** 32) * (i + 1));
      const swapped = data[i] as number;
      data[i] = data[j] as number;
      data[j] = swapped;
    }
  else {
    const deviation = Math.sqrt(variance);
    // Box and Muller: two normal numbers of two uniform ones
    for (let i = 0; i < data.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - nextUnit(stream)));
      const angle = 2 * Math.PI * nextUnit(stream);
      data[i] = radius * Math.cos(angle);
      if (i + 1 < data.length) data[i + 1] = radius * Math.sin(angle);
    }
  }
  return spectrumAndRanks({ data, rows, columns }, []).spectrum;
}

interface BaselineShape {
  readonly rows: number;
  readonly columns: number;
  readonly variance: number;
  readonly seed: number;
  readonly name: string;
}
