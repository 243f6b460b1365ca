import { expect, it } from 'vitest';
import { KEPT_VALUES, thinSpectrum } from '../../../src/report/model/thin-spectrum.js';

it('keeps a short spectrum whole, in five digits', () => {
  expect(thinSpectrum([1.23456789, 1e-9 / 3, 0])).toEqual({ places: null, values: [1.2346, 3.3333e-10, 0] });
  expect(thinSpectrum([])).toEqual({ places: null, values: [] });
  expect(thinSpectrum(new Float64Array(KEPT_VALUES)).places).toBeNull();
});

it.each([KEPT_VALUES + 1, 1000, 4096, 50_257])('keeps the head and the end of %i values', (length) => {
  const { places, values } = thinSpectrum(Float64Array.from({ length }, (_, i) => length - i));
  expect(places).toHaveLength(KEPT_VALUES);
  expect(new Set(places).size).toBe(KEPT_VALUES);
  expect(places!.slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1));
  expect(places!.at(-1)).toBe(length);
  expect(values).toEqual(places!.map((place) => length + 1 - place));
});
