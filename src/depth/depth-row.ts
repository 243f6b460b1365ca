import type { Tap } from '../layers/blocks.js';

/** What was measured at one tap of a network at one tolerance. */
export interface DepthRow {
  readonly network: string;
  /** Of the random weights; null where weights were given. */
  readonly seed: number | null;
  /** The layer that puts the features out: `stem`, `block1.expand`, ..., `head`. */
  readonly layer: string;
  /** Number of the block, from 1; null in stem and head. */
  readonly block: number | null;
  readonly tap: Tap;
  /** Channels that enter the layer. */
  readonly channelsIn: number;
  readonly channels: number;
  /** Height and width of the features. */
  readonly size: number;
  /** Columns of the features: positions of all images. A rank is at most that. */
  readonly positions: number;
  readonly rank: number;
  /** The exact rank lies between these two; equal where it is certified. */
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
