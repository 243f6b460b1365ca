import { intervalOf } from '../statistics/mean-interval.js';
import { createMoments } from '../statistics/moments.js';

/** The mean over a point's layers of one metric without a tolerance, divided by the channels. */
export interface MetricPoint {
  readonly block: string;
  readonly tap: string;
  readonly activation: string;
  readonly dimensionRatio: number;
  /** `effectiveRank`, `participationRatio` or `stableRank`. */
  readonly metric: string;
  readonly layers: number;
  readonly mean: number;
  /** 95% confidence interval of the mean, see `meanInterval`. */
  readonly ci95Low: number;
  readonly ci95High: number;
}

/** Creates an accumulator of a metric's shares of the channels, layer by layer. */
export function summariseMetric(key: Omit<MetricPoint, 'layers' | 'mean' | 'ci95Low' | 'ci95High'>) {
  const moments = createMoments();
  return {
    add: (share: number) => moments.add(share),
    result(): MetricPoint {
      const { n, mean, sd } = moments.result();
      // a metric is continuous, so its step is only the roundoff
      const [ci95Low, ci95High] = intervalOf({ n, mean, sd }, Number.EPSILON);
      return { ...key, layers: n, mean, ci95Low, ci95High };
    },
  };
}
