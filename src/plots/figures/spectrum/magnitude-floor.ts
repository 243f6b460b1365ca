import type { SpectrumPoint } from '../../../study/spectrum-summary.js';

const LOWEST = -9;
const HIGHEST = -2;

/**
 * Returns the lower end of a logarithmic axis of magnitudes. It is the power of ten below every positive median,
 * clamped to [1e-9, 0.01]; the features are float32, so smaller magnitudes are rounding.
 */
export function magnitudeFloor(spectra: readonly Pick<SpectrumPoint, 'magnitude'>[]): number {
  let smallest = 1;
  for (const { magnitude } of spectra) if (magnitude > 0 && magnitude < smallest) smallest = magnitude;
  const exponent = Math.ceil(Math.log10(smallest)) - 1;
  return Number(`1e${Math.max(LOWEST, Math.min(HIGHEST, exponent))}`);
}

/**
 * Returns the axis of a logarithmic scale from `floor` to 1. It has at most six powers of ten, and `≤` at the floor.
 */
export function magnitudeAxis(floor: number, endsOpen: boolean): { values: number[]; labelExpr: string } {
  const lowest = Math.round(Math.log10(floor));
  const step = Math.ceil(-lowest / 5);
  const values = [floor];
  const labels = [`${endsOpen ? '≤ ' : ''}${powerOfTen(lowest)}`];
  for (let exponent = 0; exponent > lowest; exponent -= step) {
    // A tick right beside the floor's would run into it.
    if (exponent - lowest < step) break;
    values.push(Number(`1e${exponent}`));
    labels.push(powerOfTen(exponent));
  }
  const words = Object.fromEntries(values.map((value, i) => [Math.round(Math.log10(value)), labels[i]]));
  return { values, labelExpr: `${JSON.stringify(words)}[round(log(datum.value) / LN10)]` };
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
};

function powerOfTen(exponent: number): string {
  if (exponent === 0) return '1';
  return `10${[...String(exponent)].map((character) => SUPERSCRIPTS[character]).join('')}`;
}
