import { meanAndSd, meanInterval } from './interval.js';

/** Which layers are summarised together: one point of a curve. */
export interface PointKey {
  readonly block: string;
  readonly tap: string;
  readonly activation: string;
  readonly dimensionRatio: number;
  readonly tolerance: string;
}

/** The rank ratios of a point's layers. */
export interface PointRatios extends PointKey {
  /** rank / channels of each layer, in the order of the layers. */
  readonly rankRatios: ArrayLike<number>;
  /** Mean over the layers of 1 / channels, the step in which a rank ratio moves. */
  readonly step: number;
}

/** A line of `summary.csv`: what the layers of one point have in common. */
export interface SummaryRow extends PointKey {
  readonly layers: number;
  readonly rankRatioMean: number;
  /** Sample standard deviation over the layers; 0 for one layer. */
  readonly rankRatioSd: number;
  /** 95% confidence interval of the mean, see {@link meanInterval}. */
  readonly ci95Low: number;
  readonly ci95High: number;
}

/** Returns the summary of one point. */
export function summarise({ rankRatios, step, ...key }: PointRatios): SummaryRow {
  const { mean, sd } = meanAndSd(rankRatios);
  const [ci95Low, ci95High] = meanInterval(rankRatios, step);
  return { ...key, layers: rankRatios.length, rankRatioMean: mean, rankRatioSd: sd, ci95Low, ci95High };
}
