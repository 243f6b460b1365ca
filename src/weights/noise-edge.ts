/** The end of the singular values of a matrix of pure noise. */
export interface NoiseEdge {
  /** The singular value that a matrix of independent entries exceeds in one case of twenty. */
  readonly edge: number;
  /** The standard deviation of its largest singular value. */
  readonly spread: number;
}

/** The 95% quantile and the standard deviation of the Tracy-Widom law of real matrices (Bornemann 2010, table 2). */
const TRACY_WIDOM = { upper: 0.9793, deviation: 1.268 };

/**
 * Returns the end of the spectrum of independent entries of mean 0, by the Tracy-Widom law. For m x n entries the
 * largest eigenvalue of A Aᵀ / variance has the centre (√(n - 1) + √m)² and the scale (√(n - 1) + √m) (1/√(n - 1) +
 * 1/√m)^(1/3). Johnstone, "On the distribution of the largest eigenvalue in principal components analysis", Annals of
 * Statistics 29(2), 2001. Entries of heavy tails exceed it: a permutation of the entries is the safer comparison.
 */
export function noiseEdge(rows: number, columns: number, variance: number): NoiseEdge {
  const [m, n] = [Math.min(rows, columns), Math.max(rows, columns)];
  if (m === 0 || variance === 0) return { edge: 0, spread: 0 };
  const root = Math.sqrt(Math.max(1, n - 1));
  const centre = (root + Math.sqrt(m)) ** 2;
  const scale = (root + Math.sqrt(m)) * (1 / root + 1 / Math.sqrt(m)) ** (1 / 3);
  const edge = Math.sqrt(variance * (centre + TRACY_WIDOM.upper * scale));
  // of the root of an eigenvalue, by its derivative at the centre
  const spread = (Math.sqrt(variance) * TRACY_WIDOM.deviation * scale) / (2 * Math.sqrt(centre));
  return { edge, spread };
}
