import type { Matrix } from './matrix.js';

/**
 * What computes a spectrum. An engine takes prepared input and holds the numerics; checks, the empty matrix
 * and the choice of engine lie in `singular-values.ts`.
 */
export interface SpectrumEngine {
  readonly name: string;
  /**
   * Returns the singular values in float64, descending, none negative, min(rows, columns) of them. The matrix
   * is checked (finite entries), has at least one entry, and is left as it was.
   */
  singularValues(matrix: Matrix): Float64Array;
}
