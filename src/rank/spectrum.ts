import { invalid, wrongKind } from '../errors.js';

/** Singular values, descending: what `singularValues` returns, or such numbers from elsewhere. */
export type SingularValues = ArrayLike<number>;

/**
 * Returns the spectrum if it is one: numbers that are finite, not negative and descending.
 * @throws RangeError that names the first value that is not, and its place.
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
