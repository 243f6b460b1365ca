import type { BlockName, Tap } from '../layers/blocks.js';
import type { ChannelShares } from '../layers/channel-shares.js';
import type { Metrics } from '../rank/metrics.js';
import type { Method } from '../spectrum/engine.js';

/** The measurements of one layer: a row of a run, one for each layer, activation and tap. */
export interface LayerRow extends RowMetrics {
  readonly block: BlockName;
  readonly tap: Tap;
  readonly activation: string;
  readonly dimensionRatio: number;
  /** The layer's number within its block and ratio, from 0; with the seed it decides the layer's bits. */
  readonly layer: number;
  readonly seed: number;
  readonly dIn: number;
  readonly dOut: number;
  readonly hidden: number;
  /** Rows of the features: the channels at the tap. */
  readonly channels: number;
  /** Columns of the features, N. */
  readonly columns: number;
  readonly ranks: readonly LayerRank[];
  /** The method of the ranks: from A Aᵀ or from A itself. */
  readonly method: Method;
  /** The singular values, descending; null unless the study keeps them. */
  readonly spectrum: Float64Array | null;
}

/** The metrics of a layer's spectrum, its ends, and shares of channels; all null where the study records no metrics. */
export type RowMetrics = {
  readonly [K in keyof Metrics | 'largest' | 'smallest' | keyof ChannelShares]: number | null;
};

/** A layer's rank at one of the study's tolerances; the rank ratio is rank / channels. */
export interface LayerRank {
  /** The rule as written. */
  readonly tolerance: string;
  /** Its threshold in the unit of the features. */
  readonly absolute: number;
  readonly rank: number;
  readonly lower: number;
  readonly upper: number;
  /** Whether the rank is proved; see `RankResult`. */
  readonly certified: boolean;
}
