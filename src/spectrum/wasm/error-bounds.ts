/**
 * The error bounds; docs/numerics.md derives each under the name given here. Every function returns an upper bound for
 * the 2-norm of a backward error, in the unit of its last argument. All quantities belong to the scaled matrix, so
 * underflow is negligible (numerics.md, "Scaling").
 */

/** Half the distance from 1 to the next double. */
export const UNIT_ROUNDOFF = 2 ** -53;

/** Covers roundings in the evaluation of the bound itself, and second-order terms. */
const SLACK = 1 + 2 ** -20;

/** γ(k) = k u / (1 - k u): the maximum relative error of k roundings. */
export function gamma(k: number): number {
  const ku = k * UNIT_ROUNDOFF;
  return (ku / (1 - ku)) * SLACK;
}

/** A bound as a share of the largest value, including the rounding of a root or of half a difference. */
export function shareOf(bound: number, largest: number): number {
  return bound === 0 ? 0 : (bound / largest + 2 ** -52) * SLACK;
}

/**
 * "Product": the computed Gram matrix against the exact one. `chain` is the longest chain of additions of an entry;
 * `frobenius` is the sum of the squared entries of A.
 */
export function productBound(chain: number, frobenius: number): number {
  return gamma(chain + 1) * frobenius * SLACK;
}

/**
 * "Factorisation": L D Lᵀ against S of order n, with `block` columns eliminated at a time. `growth` is the computed
 * trace of |L| |D| |L|ᵀ; `largest` bounds the diagonal entries of S.
 */
export function factorisationBound(n: number, block: number, growth: number, largest: number): number {
  const chain = 2 * block + Math.ceil(n / block) + 5;
  return (gamma(chain) * growth + UNIT_ROUNDOFF * largest) * SLACK;
}

/** "Tridiagonalisation": T against an orthogonal similarity of a symmetric matrix of order n and Frobenius norm. */
export function tridiagonalisationBound(n: number, norm: number): number {
  return (11 * n ** 2 + 1620 * n) * UNIT_ROUNDOFF * norm * SLACK;
}

/** "Band": the same in two steps, by way of a band, for n of at least 512. */
export function bandBound(n: number, norm: number): number {
  return (2 * n ** 2 + 15500 * n) * UNIT_ROUNDOFF * norm * SLACK;
}

/** "Sturm": the count of a tridiagonal matrix is exact for one whose off-diagonal entries differ by this factor. */
export function sturmBound(norm: number): number {
  return gamma(16) * norm;
}

/** "QL": the error of the eigenvalue iteration. Assumed, not proved; the tests check it with Sturm counts. */
export function iterationBound(n: number, norm: number): number {
  return 16 * (n + 8) * UNIT_ROUNDOFF * norm;
}

/** "Bidiagonalisation": of a short x long matrix of the given Frobenius norm. */
export function bidiagonalisationBound(short: number, long: number, norm: number): number {
  return (17 * short * long + 1700 * short) * UNIT_ROUNDOFF * norm * SLACK;
}

/** "Triangular factor": `steps` reflections with up to 128 columns, of a matrix of Frobenius norm. */
export function triangularBound(steps: number, norm: number): number {
  return 1300 * steps * UNIT_ROUNDOFF * norm * SLACK;
}
