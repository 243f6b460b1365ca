/**
 * Returns the singular value up to which rounding to the stored type alone can reach: the noise of rounding is uniform
 * within half a spacing, so its entries have the deviation spacing / √12, and a matrix of m x n independent ones has a
 * largest singular value of about that times √m + √n.
 */
export function noiseFloor(rows: number, columns: number, spacing: number): number {
  return (spacing / Math.sqrt(12)) * (Math.sqrt(rows) + Math.sqrt(columns));
}
