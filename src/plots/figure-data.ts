/** What the figures are drawn from: the rows of `summary.csv` and `spectrum.csv`, in the words of the library. */

/** One point of a curve: one block, tap, nonlinearity, dimension ratio and tolerance, over all its layers. */
export interface CurvePoint {
  readonly block: string;
  readonly tap: string;
  readonly activation: string;
  /** d_in / d_out, in (0, 1]. */
  readonly dimensionRatio: number;
  /** The tolerance rule, as written: `numpy`, `relative:0.01`. */
  readonly tolerance: string;
  readonly layers: number;
  readonly rankRatioMean: number;
  readonly rankRatioSd: number;
  readonly ci95Low: number;
  readonly ci95High: number;
}

/** One point of the mean spectrum of a group of layers, at a fixed place along the spectrum. */
export interface SpectrumPoint {
  readonly block: string;
  readonly tap: string;
  readonly activation: string;
  readonly dimensionRatio: number;
  readonly layers: number;
  /** Index of the singular value divided by d_out, in (0, 1]. */
  readonly position: number;
  /** Median over the layers of sigma / sigma_1 at that place; 0 where the spectrum has ended. */
  readonly magnitude: number;
  /** The middle half of the layers: 25% and 75% quantiles of sigma / sigma_1. */
  readonly magnitudeLow: number;
  readonly magnitudeHigh: number;
}

/** One point of the cumulative distribution of a group's singular values. */
export interface CumulativePoint {
  readonly block: string;
  readonly tap: string;
  readonly activation: string;
  readonly dimensionRatio: number;
  readonly layers: number;
  /** A magnitude sigma / sigma_1, in (0, 1]. */
  readonly magnitude: number;
  /** Mean over the layers of the share of singular values at or below that magnitude, in [0, 1]. */
  readonly share: number;
}
