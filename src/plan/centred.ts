import { invalid } from '../errors.js';

/** Sums over the columns of a layer's features: A Aᵀ, full and row-major, and the sum of each channel. */
export interface GramData {
  readonly channels: number;
  readonly columns: number;
  readonly gram: Float64Array;
  readonly sums: Float64Array;
}

/** The Gram matrix of features less a mean, and its trace: the squared norm that errors are relative to. */
export interface Centred {
  readonly size: number;
  readonly entries: Float64Array;
  readonly trace: number;
}

/** Returns the mean of each channel. */
export function meansOf({ sums, columns }: GramData): Float64Array {
  return sums.map((sum) => sum / columns);
}

/**
 * Returns Σ (y - m)(y - m)ᵀ over all columns y. With their own mean m, the default, it is gram - sums sumsᵀ / columns.
 * @throws RangeError for sizes that do not fit, no columns, or numbers that are not finite
 */
export function centred(data: GramData, means = meansOf(data)): Centred {
  const { channels: size, columns, gram, sums } = checkGram(data);
  const entries = new Float64Array(size * size);
  let trace = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++)
      entries[i * size + j] =
        gram[i * size + j]! - sums[i]! * means[j]! - means[i]! * sums[j]! + columns * means[i]! * means[j]!;
    // rounding may leave a square below zero
    entries[i * size + i] = Math.max(0, entries[i * size + i]!);
    trace += entries[i * size + i]!;
  }
  let all = 0;
  for (let i = 0; i < size; i++) all += gram[i * size + i]!;
  if (trace > roundingOf(columns) * all) return { size, entries, trace };
  // nothing but rounding is left: constant features
  return { size, entries: entries.fill(0), trace: 0 };
}

/** Returns a bound on the relative rounding of a Gram matrix's entries. The chains of sums are those of `GramSum`. */
export function roundingOf(columns: number): number {
  return (2 * (400 + columns / 256) + 3) * 2 ** -53;
}

/** Returns the data if they are a Gram matrix and its sums. */
export function checkGram(data: GramData): GramData {
  const { channels, columns, gram, sums } = data;
  if (!(Number.isSafeInteger(columns) && columns >= 1))
    throw invalid('columns of a Gram matrix', columns, 'at least 1');
  if (gram.length !== channels * channels || sums.length !== channels)
    throw invalid(
      'Gram matrix',
      `${gram.length} numbers and ${sums.length} sums`,
      `those of ${channels} channels`,
    );
  const wrong = gram.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0 || !sums.every(Number.isFinite))
    throw invalid('Gram matrix', wrong < 0 ? 'a sum' : gram[wrong], 'finite numbers');
  return data;
}

/** Returns the part of the squared norm in the span of vectors, Σ uᵢᵀ C uᵢ. The vectors lie one after another. */
export function energyIn({ size, entries }: Centred, vectors: Float64Array): number {
  let energy = 0;
  for (let start = 0; start < vectors.length; start += size)
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0, at = i * size; j < size; j++, at++) sum += entries[at]! * vectors[start + j]!;
      energy += vectors[start + i]! * sum;
    }
  return energy;
}
