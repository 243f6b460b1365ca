import type { Matrix } from './matrix.js';

/** The name of an engine. */
export type EngineName = 'wasm' | 'ml-matrix';

/** `gram` works on A Aᵀ, `full` on A itself; `auto` leaves the choice to the engine. */
export type Accuracy = 'auto' | 'gram' | 'full';

/** The way a spectrum or a count was found. */
export type Method = 'gram' | 'full';

export interface EngineOptions {
  /** @default 'auto' */
  readonly accuracy?: Accuracy;
  /**
   * Whether `relativeError` has to be proved, at some cost, rather than to rest on what the eigenvalue iteration is known
   * to do (docs/numerics.md, "QL").
   * @default false
   */
  readonly verify?: boolean;
}

/** The singular values of a matrix and how far they may be off. */
export interface Spectrum {
  /** Singular values, descending, none negative; as many as the smaller side is long. */
  values: Float64Array;
  /**
   * A bound on how far each value is off, as a share of the largest, up to the rounding of subnormal values: on
   * |sigma_i² - exact²| / sigma_1² when `way` is 'gram', on |sigma_i - exact| / sigma_1 when it is 'full'.
   */
  relativeError: number;
  method: Method;
}

/** An enclosure of a number. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** The rule tau = max(absolute, relative σ₁), or another rule on σ₁; a missing part is zero. */
export interface Threshold {
  /** @default 0 */
  readonly absolute?: number;
  /** @default 0 */
  readonly relative?: number;
  /**
   * The threshold for a largest singular value, in place of the other two: must not decrease as that grows, and be
   * right to a few units of roundoff.
   * @default undefined
   */
  readonly rule?: (largest: number) => number;
}

/** How many singular values lie above a threshold, with the proof or the doubt. */
export interface CertifiedCount {
  /** The count as computed; in [lower, upper]. */
  rank: number;
  /** The exact number lies between these two. */
  lower: number;
  upper: number;
  /** Whether lower and upper agree: then `rank` is the exact one. */
  certified: boolean;
  /** The threshold, enclosed: a relative one is only known as well as σ₁ is. */
  tau: Interval;
  method: Method;
}

/**
 * What computes spectra. An engine takes prepared input and holds the numerics: the matrix is checked (finite
 * entries) and left as it was. An engine that can prove counts has the other two methods.
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
  /** Certified counts without singular values, for less. */
  certifiedCounts?(matrix: Matrix, thresholds: readonly Threshold[]): CertifiedCount[];
}
