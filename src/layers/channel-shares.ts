import type { Matrix } from '../spectrum/matrix.js';

/** The numbers of each channel over all columns: minimum, maximum, and mean magnitude. */
export interface ChannelRanges {
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  readonly magnitudes: Float64Array;
}

/** Shares of a layer's channels, each in [0, 1]. */
export interface ChannelShares {
  /** Channels with the same number in every column, which carry no information. */
  readonly silent: number;
  /**
   * Linear channels: all their numbers before the activation lie on one straight piece of it that is not flat. Null
   * where no activation with such a piece precedes the features.
   */
  readonly neverBent: number | null;
  /**
   * Channels whose mean magnitude is at most 0.025 of the mean over all channels. Sokar, Agarwal, Castro and Evci, "The
   * dormant neuron phenomenon in deep reinforcement learning", ICML 2023, with their threshold tau.
   */
  readonly dormant: number;
}

const DORMANT = 0.025;

/** Returns the ranges of channels of features in tensor order: one row per position, one column per channel. */
export function channelRanges({ data, rows, columns }: Matrix): ChannelRanges {
  const lowest = new Float64Array(columns).fill(Infinity);
  const highest = new Float64Array(columns).fill(-Infinity);
  const magnitudes = new Float64Array(columns);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let channel = 0; channel < columns; channel++, at++) {
      const value = data[at]!;
      if (value < lowest[channel]!) lowest[channel] = value;
      if (value > highest[channel]!) highest[channel] = value;
      magnitudes[channel]! += Math.abs(value) / rows;
    }
  }
  return { lowest, highest, magnitudes };
}

/**
 * Returns the shares of silent, linear and dormant channels. Channels without columns count as silent and dormant.
 *
 * @param before the ranges before the activation; undefined where none precedes the features
 * @param pieces the activation's straight pieces
 */
export function channelShares(
  { lowest, highest, magnitudes }: ChannelRanges,
  before?: ChannelRanges,
  pieces: readonly (readonly [low: number, high: number])[] = [],
): ChannelShares {
  const { length } = magnitudes;
  const share = (holds: (channel: number) => boolean) => {
    let count = 0;
    for (let channel = 0; channel < length; channel++) if (holds(channel)) count++;
    return length === 0 ? 0 : count / length;
  };
  const mean = magnitudes.reduce((sum, magnitude) => sum + magnitude, 0) / length;
  const isOnPiece = ({ lowest, highest }: ChannelRanges, channel: number) =>
    pieces.some(([low, high]) => lowest[channel]! >= low && highest[channel]! <= high);
  return {
    silent: share((channel) => lowest[channel]! >= highest[channel]!),
    neverBent: before && pieces.length > 0 ? share((channel) => isOnPiece(before, channel)) : null,
    dormant: share((channel) => magnitudes[channel]! <= DORMANT * mean),
  };
}
