import { invalid } from '../../errors.js';
import { readNumber } from '../../fields.js';

const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };

/**
 * Returns the number of a flag such as `400M`, `0.2M`, `1.5G`, `4800000` or `4.8e6`.
 * @throws RangeError for anything else, with the units allowed
 */
export function readQuantity(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits = '', unit = ''] = /^(\d+\.?\d*(?:e\d+)?|\.\d+)\s*([a-zA-Z]*)$/.exec(text.trim()) ?? [];
  const factor = factors[unit];
  const value = digits === '' ? NaN : Number(digits) * (factor ?? NaN);
  if (!(value > 0 && value < Infinity)) {
    throw invalid(flag, text, 'a number above 0, alone or with K, M or G: 4800000, 4.8M, 0.4G');
  }
  return value;
}

/** Returns the share of a flag such as `1%` or `0.01`. */
export function readShare(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, percent] = /^(\d+\.?\d*|\.\d+)(%?)$/.exec(text) ?? [];
  const share = digits === undefined ? NaN : Number(digits) / (percent ? 100 : 1);
  if (!(share > 0 && share <= 0.5)) throw invalid(flag, text, 'above 0, at most 50%; as 5% or 0.05');
  return share;
}

/** Returns the whole number of a flag; `allowed` describes the range. */
export function readWhole(flag: string, text: string, allowed?: string): number;
export function readWhole(flag: string, text: string | undefined, allowed?: string): number | undefined;
export function readWhole(
  flag: string,
  text: string | undefined,
  allowed = 'a whole number',
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw invalid(flag, text, allowed);
  return value;
}

/** Returns the finite number of a flag for which the condition holds; `allowed` describes it. */
export function readNumberThat(
  flag: string,
  given: unknown,
  holds: (value: number) => boolean,
  allowed: string,
): number | undefined {
  if (given === undefined) return undefined;
  const value = readNumber(holds)(given);
  if (value === undefined) throw invalid(flag, given, allowed);
  return value;
}

/** Formats a count: `4.80M`, `398.37M`, `12.3K`. */
export function formatQuantity(value: number): string {
  const [unit, factor] =
    value >= 1e9 ? ['G', 1e9] : value >= 1e6 ? ['M', 1e6] : value >= 1e3 ? ['K', 1e3] : ['', 1];
  return `${+(value / (factor as number)).toPrecision(4)}${unit}`;
}

/** Formats a deviation: `+0.12%`. */
export function formatDeviation(deviation: number): string {
  const percent = 100 * deviation;
  return `${percent < 0 ? '-' : '+'}${Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 2 : 0)}%`;
}
