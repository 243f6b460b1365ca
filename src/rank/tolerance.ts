import { invalid, unknown } from '../errors.js';
import { nearNames } from '../near.js';

/**
 * The rule that decides which singular values count as zero, as plain data. The command line takes its written form
 * (`relative:0.01`), which is also stored with each rank.
 *
 * With m, n the sizes of the matrix, eps the precision of its data (2^-23 for float32, 2^-52 for float64) and
 * sigma_1 the largest singular value, the rank is the number of singular values above a threshold:
 *
 * | written | threshold |
 * | --- | --- |
 * | `numpy` | sigma_1 max(m, n) eps: `numpy.linalg.matrix_rank`, the default |
 * | `torch`, `torch:rtol=r,atol=t` | max(t, r sigma_1): `torch.linalg.matrix_rank`. Without atol, t = 0; without rtol, r = max(m, n) eps if t = 0, else 0 |
 * | `matlab` | max(m, n) eps(sigma_1), the spacing of the data's floating-point numbers at sigma_1, rounded to one of them: MATLAB's `rank` |
 * | `relative:r` | r sigma_1, r >= 0; from 1 on every rank is 0 |
 * | `absolute:t` | t >= 0, in the unit of the matrix |
 *
 * or the smallest k whose largest k singular values hold enough:
 *
 * | written | k |
 * | --- | --- |
 * | `energy:p` | sum_{i<=k} sigma_i^2 >= p sum sigma_i^2, 0 < p <= 1 |
 * | `srank:d` | sum_{i<=k} sigma_i >= (1 - d) sum sigma_i, 0 <= d < 1: srank_delta of Kumar, Agarwal, Ghosh and Levine, "Implicit Under-Parameterization Inhibits Data-Efficient Deep Reinforcement Learning" (ICLR 2021), who use d = 0.01 |
 */
export type Tolerance =
  | { readonly name: 'numpy' }
  | { readonly name: 'torch'; readonly rtol?: number | undefined; readonly atol?: number | undefined }
  | { readonly name: 'matlab' }
  | { readonly name: 'relative'; readonly r: number }
  | { readonly name: 'absolute'; readonly t: number }
  | { readonly name: 'energy'; readonly p: number }
  | { readonly name: 'srank'; readonly d: number };

/** A tolerance in written form or as data. */
export type ToleranceLike = string | Tolerance;

/** The written forms of all tolerances, for help and errors. */
export const toleranceForms: readonly string[] = [
  'numpy',
  'torch',
  'torch:rtol=R,atol=T',
  'matlab',
  'relative:R',
  'absolute:T',
  'energy:P',
  'srank:D',
];

/** The rules with one number: its name, whether it is in range, and the range in words. */
const single = {
  relative: {
    key: 'r',
    holds: (r: number) => r >= 0 && r < Infinity,
    range: 'relative:R with a finite R >= 0',
  },
  absolute: {
    key: 't',
    holds: (t: number) => t >= 0 && t < Infinity,
    range: 'absolute:T with a finite T >= 0',
  },
  energy: { key: 'p', holds: (p: number) => p > 0 && p <= 1, range: 'energy:P with 0 < P <= 1' },
  srank: { key: 'd', holds: (d: number) => d >= 0 && d < 1, range: 'srank:D with 0 <= D < 1' },
} as const;

/**
 * Returns the tolerance as checked data, from its written form or from data.
 * @throws RangeError for an unknown rule, with all of them, or a number out of range, with the range.
 * @example
 * parseTolerance('torch:rtol=1e-3'); // { name: 'torch', rtol: 0.001 }
 */
export function parseTolerance(tolerance: ToleranceLike): Tolerance {
  const given: unknown = tolerance;
  if (typeof given === 'object' && given !== null && texts.has(given)) return given as Tolerance;
  const parsed = Object.freeze(readTolerance(tolerance));
  texts.set(parsed, textOf(parsed));
  return parsed;
}

/** The texts of tolerances that were parsed, which cannot change: each is read and written once. */
const texts = new WeakMap<object, string>();

function readTolerance(tolerance: ToleranceLike): Tolerance {
  const given: unknown = tolerance;
  if (typeof given !== 'string' && (typeof given !== 'object' || given === null || !('name' in given)))
    throw unknown('tolerance', given, toleranceForms);
  if (typeof tolerance !== 'string') checkKeys(tolerance);
  const text = typeof tolerance === 'string' ? tolerance : textOf(tolerance);
  const [, name = '', argument] = /^([^:]*)(?::(.*))?$/s.exec(text.trim()) ?? [];
  switch (name) {
    case 'numpy':
    case 'matlab':
      if (argument !== undefined) throw invalid('tolerance', text, `${name} takes no number`);
      return { name };
    case 'torch':
      return { name, ...parseTorchArguments(argument, text) };
    case 'relative':
    case 'absolute':
    case 'energy':
    case 'srank': {
      const { key, holds, range } = single[name];
      const value = parseNumber(argument ?? '');
      if (!holds(value)) {
        const meant = nearTolerances((argument ?? '').trim()).filter((near) => near.startsWith(`${name}:`));
        const hint = meant.length > 0 ? `; near: ${meant[0]}` : '';
        throw invalid('tolerance', text, range + hint);
      }
      return { name, [key]: value } as unknown as Tolerance;
    }
    default:
      throw unknown('tolerance', text, toleranceForms, nearTolerances(text.trim()));
  }
}

/**
 * Returns likely tolerances for an unknown one. Examples: `relative:0.01` for `0.01`, `1%` and `relativ=0.01`;
 * `torch:rtol=0.01` for `rtol=0.01`; `numpy` for `Numpy`.
 */
function nearTolerances(text: string): string[] {
  const [, digits, percent] = /^([^%]*?)\s*(%?)$/.exec(text) ?? [];
  const number = parseNumber(digits ?? '');
  if (percent === '%') return number >= 0 && number < 100 ? [`relative:${number / 100}`] : [];
  if (number >= 0) return [number < 1 ? `relative:${number}` : `absolute:${number}`];
  const [, name = text, argument] = /^(.*?)\s*[:=\s]\s*(.*)$/s.exec(text) ?? [];
  if (/^[ra]tol$/i.test(name)) return readable([`torch:${name.toLowerCase()}=${argument}`]);
  const rules = Object.keys(keysOf);
  const near = rules.includes(name) ? [name] : nearNames(name, rules);
  return readable(near.map((rule) => (argument === undefined ? rule : `${rule}:${argument}`)));
}

/** Returns the valid tolerances among the texts, in written form. */
function readable(texts: readonly string[]): string[] {
  return texts.flatMap((text) => {
    try {
      return [formatTolerance(parseTolerance(text))];
    } catch {
      return [];
    }
  });
}

/**
 * Returns several tolerances as checked data.
 * @throws RangeError if it is not a list, or as `parseTolerance`
 */
export function parseTolerances(tolerances: readonly ToleranceLike[]): Tolerance[] {
  if (!Array.isArray(tolerances)) throw invalid('tolerances', tolerances, "a list, such as ['numpy']");
  return Array.from(tolerances, (tolerance) => parseTolerance(tolerance)); // holes too
}

/** Returns the written form of the tolerance; `parseTolerance` reads it back to the same numbers. */
export function formatTolerance(tolerance: Tolerance): string {
  return texts.get(tolerance) ?? textOf(tolerance);
}

function textOf(tolerance: Tolerance): string {
  switch (tolerance.name) {
    case 'torch': {
      const { rtol, atol } = tolerance;
      const parts = [
        rtol === undefined ? [] : `rtol=${rtol}`,
        atol === undefined ? [] : `atol=${atol}`,
      ].flat();
      return parts.length === 0 ? 'torch' : `torch:${parts.join(',')}`;
    }
    case 'relative':
      return `relative:${tolerance.r}`;
    case 'absolute':
      return `absolute:${tolerance.t}`;
    case 'energy':
      return `energy:${tolerance.p}`;
    case 'srank':
      return `srank:${tolerance.d}`;
    default:
      return String(tolerance.name);
  }
}

/** The allowed keys of each tolerance beside its name; a misspelt key would have no effect. */
const keysOf: Readonly<Record<Tolerance['name'], readonly string[]>> = {
  numpy: [],
  torch: ['rtol', 'atol'],
  matlab: [],
  relative: ['r'],
  absolute: ['t'],
  energy: ['p'],
  srank: ['d'],
};

function checkKeys({ name, ...given }: Tolerance): void {
  if (!Object.hasOwn(keysOf, name)) throw unknown('tolerance', name, toleranceForms);
  for (const [key, value] of Object.entries<unknown>(given)) {
    if (!keysOf[name].includes(key))
      throw unknown(`key of the tolerance ${name}`, key, ['name', ...keysOf[name]]);
    if (value !== undefined && typeof value !== 'number')
      throw invalid(`${key} of the tolerance ${name}`, value, 'a number');
  }
}

function parseTorchArguments(
  argument: string | undefined,
  text: string,
): { rtol?: number | undefined; atol?: number | undefined } {
  const numbers: { rtol?: number | undefined; atol?: number | undefined } = {};
  for (const part of argument === undefined ? [] : argument.split(',')) {
    const [, key, digits = ''] = /^\s*(rtol|atol)\s*=(.*)$/.exec(part) ?? [];
    const value = parseNumber(digits);
    if (
      !(value >= 0 && value < Infinity) ||
      (key !== 'rtol' && key !== 'atol') ||
      numbers[key] !== undefined
    ) {
      throw invalid(
        'tolerance',
        text,
        'torch, torch:rtol=R, torch:atol=T or torch:rtol=R,atol=T with finite R, T >= 0',
      );
    }
    numbers[key] = value;
  }
  return numbers;
}

/** Returns the number that the whole text represents, or NaN; -0 becomes 0. */
function parseNumber(text: string): number {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) + 0 : NaN;
}
