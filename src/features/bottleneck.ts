/** The tolerance of the rule: centred ranks, relative to the largest singular value. */
export const bottleneckTolerance = 'relative:0.01';
/** A layer is marked if its rank is below this share of the rank it could keep. */
const KEPT = 1 / 2;
/** With fewer dimensions than this, losing half is a matter of chance. */
const MIN_DIMENSIONS = 8;
/** Columns per channel that a rank needs. */
const MIN_COLUMNS = 2;

/** Centred ranks at `bottleneckTolerance`, as proved. */
export interface RankInterval {
  readonly lower: number;
  readonly upper: number;
}

export interface Bottleneck {
  /** The rank that entered the layer. */
  readonly entered: number;
  /** The rank that the layer could have kept: the minimum of the entering rank, its channels and its columns. */
  readonly possible: number;
  readonly kept: number;
}

/**
 * Returns the loss of a layer that is a bottleneck, else null. The rule: the centred features behind the layer, at 1 %
 * of the largest singular value, have less than half of the rank that they could have kept: the smallest of the rank
 * that entered, the layer's channels and the columns. A narrower layer is no bottleneck as long as it fills its width.
 * Proved ends of intervals are compared; with fewer than 8 dimensions, or 2 columns per channel, nothing is marked.
 */
export function bottleneck(
  entered: RankInterval | null,
  left: RankInterval,
  { channels, columns }: { readonly channels: number; readonly columns: number },
): Bottleneck | null {
  if (entered === null || columns < MIN_COLUMNS * channels) return null;
  const possible = Math.min(entered.lower, channels, columns);
  if (possible < MIN_DIMENSIONS || !(left.upper < KEPT * possible)) return null;
  return { entered: entered.lower, possible, kept: left.upper };
}
