/** Singular values of a layer that a page keeps. */
export const KEPT_VALUES = 512;

/** Singular values with their numbers, from 1; of a long spectrum some. */
export interface ThinSpectrum {
  /** The number of each value; null where all are kept. */
  readonly places: readonly number[] | null;
  readonly values: readonly number[];
}

/**
 * Returns a spectrum in five significant digits. Of more than {@link KEPT_VALUES} singular values it keeps the first
 * 64, then evenly spread ones, and the last.
 */
export function thinSpectrum(spectrum: ArrayLike<number>): ThinSpectrum {
  const { length } = spectrum;
  const digits = (place: number) => Number((spectrum[place - 1] as number).toPrecision(5));
  if (length <= KEPT_VALUES) return { places: null, values: Array.from(spectrum, (_, i) => digits(i + 1)) };
  const step = (length - HEAD) / (KEPT_VALUES - HEAD);
  const places = Array.from({ length: KEPT_VALUES }, (_, i) =>
    i < HEAD ? i + 1 : Math.round(HEAD + (i - HEAD + 1) * step),
  );
  return { places, values: places.map(digits) };
}

const HEAD = 64;
