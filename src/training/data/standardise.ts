import type { LabelledImages } from './labelled-images.js';

/** The float32 number of each byte, by channel. */
export type ByteTable = readonly Float32Array[];

/** Mean and standard deviation of each channel, of 255. */
export interface ChannelMoments {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Returns the moments of each channel over all pixels, from exact sums. */
export function channelMoments({ pixels, channels }: LabelledImages): ChannelMoments {
  const count = pixels.length / channels;
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  for (let i = 0; i < pixels.length; i++) counts[i % channels]![pixels[i]!]! += 1;
  const moments = counts.map((many) => {
    const sum = many.reduce((total, n, value) => total + n * value, 0);
    const squares = many.reduce((total, n, value) => total + n * value * value, 0);
    const mean = sum / count;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
  });
  return {
    mean: moments.map(({ mean }) => mean),
    deviation: moments.map(({ deviation }) => deviation),
  };
}

/** Returns (byte - mean) / deviation for every byte; a channel that never changes becomes 0. */
export function byteTable({ mean, deviation }: ChannelMoments): ByteTable {
  return mean.map((m, c) =>
    Float32Array.from({ length: 256 }, (_, byte) => (deviation[c]! > 0 ? (byte - m) / deviation[c]! : 0)),
  );
}
