import type { Matrix } from './matrix.js';

/** The name of an engine. */
export type EngineName = 'wasm' | 'ml-matrix';

/** `gram` works on A Aᵀ, `full` on A itself; `auto` leaves the choice to the engine. */
export type Accuracy = 'auto' | 'gram' | 'full';

/** The method that computed a spectrum or a count. */
export type Method = 'gram' | 'full';

export interface EngineOptions {
  /** @default 'auto' */
  readonly accuracy?: Accuracy | undefined;
  /**
   * Prove `relativeError` with Sturm counts (slower) instead of assuming the usual bound of the eigenvalue iteration.
   * See docs/numerics.md, "QL".
   * @default false
   */
  readonly verify?: boolean | undefined;
}

/** The singular values of a matrix with an error bound. */
export interface Spectrum {
  /** The min(rows, columns) singular values, non-negative, in descending order. */
  values: Float64Array;
  /**
   * A bound on the error of each value, relative to the largest, up to the rounding of subnormal values. It bounds
   * |sigma_i² - exact²| / sigma_1² if `method` is 'gram', and |sigma_i - exact| / sigma_1 if it is 'full'.
   */
  relativeError: number;
  method: Method;
}

/** An enclosure of a number. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** The threshold tau = max(absolute, relative σ₁), or another rule on σ₁. A missing part is zero. */
export interface Threshold {
  /** @default 0 */
  readonly absolute?: number | undefined;
  /** @default 0 */
  readonly relative?: number | undefined;
  /**
   * Returns the threshold for a largest singular value; replaces the other two. It must not decrease as the value
   * grows, and must be accurate to a few units of roundoff.
   * @default undefined
   */
  readonly rule?: ((largest: number) => number) | undefined;
}

/** The number of singular values above a threshold, exact or as a proved interval. */
export interface CertifiedCount {
  /** The estimate of the count, within [lower, upper]. */
  rank: number;
  /** Proved lower bound; `upper` is the proved upper bound. */
  lower: number;
  upper: number;
  /** True if `lower` equals `upper`; `rank` is then exact. */
  certified: boolean;
  /** An enclosure of the threshold; a relative one is only as tight as that of σ₁. */
  tau: Interval;
  method: Method;
}

/**
 * Computes spectra. An engine checks that the entries are finite and does not change the matrix. Engines that can prove
 * counts have the other two methods.
 */
export interface SpectrumEngine {
  readonly name: EngineName;
  singularValues(matrix: Matrix, options?: EngineOptions): Spectrum;
  /** The singular values, and certified counts at several thresholds from the same work. */
  spectrumAndCounts?(
    matrix: Matrix,
    thresholds: readonly Threshold[],
    options?: EngineOptions,
  ): { spectrum: Spectrum; counts: CertifiedCount[] };
  /** Certified counts without singular values, which is faster. */
  certifiedCounts?(matrix: Matrix, thresholds: readonly Threshold[]): CertifiedCount[];
}
