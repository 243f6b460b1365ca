/**
 * Returns the largest singular value that rounding to the stored type alone can make. The rounding error of an entry is
 * uniform within half a spacing, so its deviation is spacing / √12. A matrix of m x n such independent errors has a
 * largest singular value of about that deviation times √m + √n.
 */
export function noiseFloor(rows: number, columns: number, spacing: number): number {
  return (spacing / Math.sqrt(12)) * (Math.sqrt(rows) + Math.sqrt(columns));
}
