/**
 * The results of one trained network of a search. Ranks are shares of the channels; "before" and "after" are of the
 * training.
 */
export interface SearchRow {
  readonly design: number;
  /** Channels of the blocks: `34-34-45-55-66`. */
  readonly channels: string;
  readonly name: string;
  readonly seed: number;
  /** `best` or `worst` of an earlier search, or null. */
  readonly group: string | null;
  readonly params: number;
  readonly macs: number;
  readonly evenness: number;
  readonly lastWidth: number;
  /** The least-squares line through the channels over the number of the block, from 1: channels = slopeA block + offsetB. */
  readonly slopeA: number;
  readonly offsetB: number;
  /** Epochs trained: fewer than the recipe's where successive halving dropped the network. */
  readonly epochs: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
  /** Of the last epoch, as augmented. */
  readonly trainLoss: number;
  /** Sum over all epochs of the mean training loss, and over the first half of them, rounded up. */
  readonly trainLossSum: number;
  readonly earlyLossSum: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** Euclidean norm of the gradient at initialisation, on a fixed batch. */
  readonly gradientNorm: number;
  /** NASWOT's logarithm of the determinant on that batch; null where two images have the same codes. */
  readonly naswot: number | null;
  readonly stemRankBefore: number;
  readonly outputRankBefore: number;
  readonly headRankBefore: number | null;
  readonly stemRankAfter: number;
  readonly outputRankAfter: number;
  readonly headRankAfter: number | null;
  readonly stemEffectiveBefore: number;
  readonly outputEffectiveBefore: number;
  readonly headEffectiveBefore: number | null;
  readonly stemEffectiveAfter: number;
  readonly outputEffectiveAfter: number;
  readonly headEffectiveAfter: number | null;
  /** The ranks of which these are means, at each output along the depth. */
  readonly ranks: readonly OutputRank[];
}

/** Rank ratio and effective rank ratio at one output, before and after training. */
export interface OutputRank {
  readonly layer: string;
  readonly channels: number;
  readonly rankBefore: number;
  readonly rankAfter: number;
  readonly effectiveBefore: number;
  readonly effectiveAfter: number;
}

/** The results of a network whose loss stayed finite to the end. */
export type ResultKey =
  | (
      | 'testAccuracy'
      | 'testLoss'
      | 'trainLoss'
      | 'trainLossSum'
      | 'earlyLossSum'
      | 'seconds'
      | 'imagesPerSecond'
    )
  | `${'stem' | 'output' | 'head'}${'Rank' | 'Effective'}After`;

/** The row of a network whose loss became infinite or NaN. Its results are null; `epochs` counts those before. */
export type DivergedRow = Omit<SearchRow, ResultKey | 'ranks'> & { readonly [K in ResultKey]: null } & {
  readonly ranks: readonly (Omit<OutputRank, 'rankAfter' | 'effectiveAfter'> & {
    readonly rankAfter: null;
    readonly effectiveAfter: null;
  })[];
};
