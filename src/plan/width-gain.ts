import { symmetricValues } from '../spectrum/wasm/symmetric-values.js';
import { centred, type GramData } from './centred.js';
import { rankWithin } from './plan-layer.js';

/** Whether a layer uses its whole width, and the gain of more width. */
export interface WidthGain {
  /** The rank of the centred features at the requested error, and its maximum. */
  readonly rank: number;
  readonly bound: number;
  /** Whether the rank is at least 0.95 of the bound. */
  readonly saturated: boolean;
  /** Ranks gained per million multiply-adds of the layer, as measured by leaving every tenth channel out. */
  readonly ranksPerMillionMacs: number;
}

/** A layer is saturated from this share of the bound. */
export const SATURATED = 0.95;
/** One of this many channels is left out. */
const TENTH = 10;

/**
 * Returns how much of its width a layer uses at an error, and how its rank grows at the margin. The margin is the rank
 * of all channels less that of nine tenths of them, per multiply-add of the last tenth in this layer.
 *
 * @param macs multiply-adds of one channel, all positions of one input
 */
export function widthGain(
  features: GramData,
  error: number,
  macs: number,
  bound = features.channels,
): WidthGain {
  const { channels } = features;
  const { entries } = centred(features);
  const all = rankWithin(symmetricValues(entries, channels), error);
  const kept = Array.from({ length: channels }, (_, i) => i).filter((i) => i % TENTH !== TENTH - 1);
  const part = new Float64Array(kept.length ** 2);
  for (const [a, i] of kept.entries())
    for (const [b, j] of kept.entries()) part[a * kept.length + b] = entries[i * channels + j]!;
  const fewer = rankWithin(symmetricValues(part, kept.length), error);
  const dropped = channels - kept.length;
  return {
    ...{ rank: all, bound, saturated: all >= SATURATED * bound },
    ranksPerMillionMacs: dropped === 0 || macs === 0 ? 0 : (1e6 * (all - fewer)) / (dropped * macs),
  };
}
