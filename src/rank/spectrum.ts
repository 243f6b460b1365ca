import { invalid, wrongKind } from '../errors.js';

/** Singular values in descending order, from `singularValues` or another source. */
export type SingularValues = ArrayLike<number>;

/**
 * Returns the spectrum if it is valid: finite, non-negative numbers in descending order. @throws RangeError that names
 * the first invalid value and its place.
 */
export function checkSpectrum(spectrum: SingularValues): SingularValues {
  if (typeof (spectrum as Partial<SingularValues> | null)?.length !== 'number')
    throw wrongKind('spectrum', spectrum, 'a list of singular values');
  let previous = Number.MAX_VALUE;
  for (let i = 0; i < spectrum.length; i++) {
    const value = spectrum[i]!;
    if (!(typeof value === 'number' && value >= 0 && value <= previous)) {
      throw invalid(`singular value at ${i}`, value, 'finite numbers >= 0 in descending order');
    }
    previous = value;
  }
  return spectrum;
}
