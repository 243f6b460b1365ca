import type { DepthRow } from '../depth/depth-row.js';

/** The results of one epoch of training. */
export interface EpochRow {
  /** From 1. */
  readonly epoch: number;
  /** Of its last step. */
  readonly learningRate: number;
  /** Mean over the epoch's images as they were trained on: augmented, with label smoothing, before each update. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** Cross-entropy of the test images after the epoch. */
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** Spent on training steps. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** Ranks of the features of test images after the epoch, if requested. */
  readonly ranks: readonly TapRank[] | null;
}

/** The row before the first epoch, which has ranks alone. */
export type UntrainedRow = { readonly [K in Exclude<keyof EpochRow, 'epoch' | 'ranks'>]: null } & {
  readonly epoch: 0;
  readonly ranks: readonly TapRank[];
};

/** The rank at one tap of the network; see `DepthRow`. */
export type TapRank = Pick<
  DepthRow,
  'layer' | 'tap' | 'channels' | 'positions' | 'rank' | 'rankRatio' | 'effectiveRank' | 'tolerance'
>;
