/** Layers whose spectra are summarised together. */
interface SpectrumGroup {
  readonly block: string;
  readonly tap: string;
  readonly activation: string;
  readonly dimensionRatio: number;
  readonly layers: number;
}

/** One point of the course of a group's spectra, at a fixed place along the spectrum. */
export interface SpectrumPoint extends SpectrumGroup {
  /** Index of the singular value divided by the channels (d_out at the output), in (0, 1]. */
  readonly position: number;
  /** Median over the layers of sigma / sigma_1 at that place; 0 where the spectrum has ended. */
  readonly magnitude: number;
  /** The middle half of the layers: 25% and 75% quantiles of sigma / sigma_1. */
  readonly magnitudeLow: number;
  readonly magnitudeHigh: number;
}

/** Where a tolerance cuts the spectra of a run. */
export interface ThresholdPoint {
  readonly tolerance: string;
  /** Median over the layers of the threshold / sigma_1. */
  readonly magnitude: number;
}

/** One point of the cumulative distribution of a group's singular values. */
export interface CumulativePoint extends SpectrumGroup {
  /** A magnitude sigma / sigma_1, in (0, 1]. */
  readonly magnitude: number;
  /** Mean over the layers of the share of singular values at or below that magnitude, in [0, 1]. */
  readonly share: number;
}
