import type { CertifiedCount } from '../engine.js';
import type { Matrix } from '../matrix.js';
import { timesPowerOfTwo } from '../power-of-two.js';
import { type Bidiagonal, interleaved } from './full-reduction.js';
import { lowRankDistance } from './low-rank-distance.js';
import { sturmCount } from './sturm-count.js';

/** Maximum multiplications of one product of the factors; all products then take about a second. */
const MAX_WORK = 6e7;
/** Thresholds below this are rounded when scaled. */
const SMALLEST = 1e-290;

/** Distances already computed, by rank. */
const known = new WeakMap<Bidiagonal, Map<number, number>>();

/**
 * Returns the count with its upper end lowered to the computed rank, if that can be proved. The proof is that the
 * matrix lies within the threshold of a matrix of that rank. Otherwise the count is returned unchanged. Not tried if
 * the bidiagonal form has a singular value near the threshold, or for a matrix that is too large.
 */
export function countByDistance(
  bidiagonal: Bidiagonal,
  matrix: Matrix,
  count: CertifiedCount,
): CertifiedCount {
  const { rank, lower, tau } = count;
  if (rank === count.upper || rank * matrix.data.length > MAX_WORK || tau.lower < SMALLEST) return count;
  const threshold = timesPowerOfTwo(tau.lower, bidiagonal.exponent);
  if (sturmCount(interleaved(bidiagonal), threshold / 2) > rank) return count;
  const distances = known.get(bidiagonal) ?? new Map<number, number>();
  known.set(bidiagonal, distances);
  const distance = distances.get(rank) ?? lowRankDistance(matrix, rank, bidiagonal.exponent);
  distances.set(rank, distance);
  return distance <= threshold ? { ...count, upper: rank, certified: lower === rank } : count;
}
