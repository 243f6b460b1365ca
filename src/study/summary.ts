import { intervalOf } from '../statistics/mean-interval.js';
import { createMoments } from '../statistics/moments.js';
import type { LayerRow } from './layer-row.js';

/** The key of layers that are summarised together: one point of a curve. */
export interface PointKey {
  readonly block: string;
  readonly tap: string;
  readonly activation: string;
  readonly dimensionRatio: number;
  readonly tolerance: string;
}

/** A line of `summary.csv`: the mean and spread over the layers of one point. */
export interface SummaryRow extends PointKey {
  readonly layers: number;
  readonly rankRatioMean: number;
  /** Sample standard deviation over the layers; 0 for one layer. */
  readonly rankRatioSd: number;
  /** 95% confidence interval of the mean, see `meanInterval`. */
  readonly ci95Low: number;
  readonly ci95High: number;
}

/**
 * Creates an accumulator of the rank ratios of a point's layers, added one by one in order. Memory does not grow with
 * the number of layers.
 */
export function summarisePoint(key: PointKey) {
  const moments = createMoments();
  let steps = 0;
  return {
    /** @param step 1 / channels, the step in which the layer's rank ratio moves */
    add(rankRatio: number, step: number): void {
      moments.add(rankRatio);
      steps += step;
    },
    result(): SummaryRow {
      const { n, mean, sd } = moments.result();
      const [ci95Low, ci95High] = intervalOf({ n, mean, sd }, steps / n);
      return { ...key, layers: n, rankRatioMean: mean, rankRatioSd: sd, ci95Low, ci95High };
    },
  };
}

/**
 * Returns the summary of rows such as those of `measureStudy`, one entry per point and tolerance. Points keep their
 * order of appearance. `curveFigure` draws the summary.
 *
 * @example
 * const rows = [];
 * for await (const some of measureStudy(study)) rows.push(...some);
 * await writeFigure(curveFigure(summariseRows(rows)), 'curve');
 */
export function summariseRows(rows: Iterable<LayerRow>): SummaryRow[] {
  const points = new Map<string, ReturnType<typeof summarisePoint>>();
  for (const { block, tap, activation, dimensionRatio, channels, ranks } of rows) {
    for (const { tolerance, rank } of ranks) {
      const key = { block, tap, activation, dimensionRatio, tolerance };
      const name = JSON.stringify(key);
      const point = points.get(name) ?? summarisePoint(key);
      points.set(name, point);
      point.add(rank / channels, 1 / channels);
    }
  }
  return Array.from(points.values(), (point) => point.result());
}
