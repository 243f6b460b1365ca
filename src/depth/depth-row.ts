import type { Tap } from '../layers/blocks.js';

/** The measurement at one tap of a network at one tolerance. */
export interface DepthRow {
  readonly network: string;
  /** Seed of the random weights; null for given weights. */
  readonly seed: number | null;
  /** The layer whose output is measured: `stem`, `block1.expand`, ..., `head`. */
  readonly layer: string;
  /** Number of the block, from 1; null in stem and head. */
  readonly block: number | null;
  readonly tap: Tap;
  /** Channels that enter the layer. */
  readonly channelsIn: number;
  readonly channels: number;
  /** Height and width of the features. */
  readonly size: number;
  /** Columns of the features: the positions of all images. They bound the rank. */
  readonly positions: number;
  readonly rank: number;
  /** Lower bound of the exact rank; `upper` is the upper bound. They are equal if the rank is certified. */
  readonly lower: number;
  readonly upper: number;
  readonly certified: boolean;
  /** rank / channels. */
  readonly rankRatio: number;
  /** exp of the spectral entropy; see `effectiveRank`. */
  readonly effectiveRank: number;
  /** effective rank / channels. */
  readonly effectiveRatio: number;
  readonly stableRank: number;
  /** The largest singular value. */
  readonly largest: number;
  readonly tolerance: string;
}
