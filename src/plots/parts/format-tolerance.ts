import { parseTolerance, type ToleranceLike } from '../../rank/tolerance.js';

/**
 * Returns a tolerance as figures name it. Thresholds relative to the largest singular value are `10⁻⁸`, `3·10⁻⁴` or
 * `0.03`, energy rules `99% of Σσ²`. All others keep their notation.
 */
export function formatTolerance(tolerance: ToleranceLike): string {
  const parsed = parseTolerance(tolerance);
  if (parsed.name === 'relative') return shortNumber(parsed.r);
  if (parsed.name === 'energy') return `${percent(parsed.p)} of Σσ²`;
  if (parsed.name === 'srank') return `${percent(1 - parsed.d)} of Σσ`;
  return typeof tolerance === 'string' ? tolerance : parsed.name;
}

/** `0.03` down to a hundredth, below that as a power of ten. */
function shortNumber(value: number): string {
  if (value === 0 || value >= 0.01) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = `10${[...String(Number(exponent))].map((sign) => SUPERSCRIPTS[sign]).join('')}`;
  return digits === '1' ? power : `${digits}·${power}`;
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((sign, i) => [sign, [...'⁻⁰¹²³⁴⁵⁶⁷⁸⁹'][i]!]),
);

const percent = (share: number) => `${Number((100 * share).toPrecision(6))}%`;
