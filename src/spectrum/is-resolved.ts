import { lastOf } from '../lookups.js';
import type { Spectrum } from './engine.js';
import type { Matrix } from './matrix.js';

/**
 * Returns true if every singular value of a spectrum stands above rounding. Those of the full method do, as far as
 * float64 goes. The squares of the Gram method are off by less than (rows + columns) 2^-53 of the largest in practice,
 * so a smallest square above 64 times that is correct to a percent.
 */
export function isResolved(
  { values, method }: Spectrum,
  { rows, columns }: Pick<Matrix, 'rows' | 'columns'>,
): boolean {
  const largest = values[0] ?? 0;
  if (method === 'full' || largest === 0) return true;
  return (lastOf(values) / largest) ** 2 > 64 * (rows + columns) * 2 ** -53;
}
