import { applyTolerance } from '../../rank/apply-tolerance.js';
import { effectiveRank } from '../../rank/metrics.js';
import type { LayerWeights } from '../../weights/measure-layer-weights.js';

/** The numbers of a layer's baseline: the layer without its structure. */
export interface RandomLayer {
  /** At the tolerances of the layer's own ranks, in their order. */
  readonly ranks: readonly number[];
  /** Singular values above the rounding of the layer's stored type. */
  readonly signal: number;
  readonly effectiveRank: number;
}

/** Returns the numbers of a layer's baseline, counted from its spectrum; undefined without one. */
export function randomLayer({
  rows,
  columns,
  dtype,
  ranks,
  signalRank,
  baselineSpectrum,
}: Pick<LayerWeights, 'rows' | 'columns' | 'dtype' | 'ranks' | 'signalRank' | 'baselineSpectrum'>):
  RandomLayer | undefined {
  if (!baselineSpectrum) return undefined;
  // numbers that float32 holds are measured in it
  const precision = /64|int32/.test(dtype) ? 'float64' : 'float32';
  const rankAt = (tolerance: Parameters<typeof applyTolerance>[3]) =>
    applyTolerance(baselineSpectrum, { rows, columns }, precision, tolerance).rank;
  return {
    ranks: ranks.map(({ rule }) => rankAt(rule)),
    signal: rankAt({ name: 'absolute', t: signalRank.floor }),
    effectiveRank: effectiveRank(baselineSpectrum),
  };
}
