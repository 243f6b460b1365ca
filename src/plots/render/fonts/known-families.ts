import { resolveFamily } from './font-family.js';

/**
 * Returns a Vega specification with only font families that can be drawn. Every list of families begins with one that
 * this machine has and ends with the figures' own. Data are not changed.
 * @param missing is told each list of which nothing is installed
 */
export function withKnownFamilies<T>(spec: T, missing: (family: string) => void): T {
  const known = (list: string): string => {
    const resolved = resolveFamily(list);
    if (resolved.missing) missing(resolved.missing.join(', '));
    return resolved.stack;
  };
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return isFont(key) ? known(value) : value;
    if (Array.isArray(value)) return key === 'data' ? value : value.map((item) => walk(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      // a channel holds its list as `{ "value": ... }`
      Object.entries(value).map(([name, inner]) => [
        name,
        walk(inner, name === 'value' && isFont(key) ? key : name),
      ]),
    );
  };
  return walk(spec, '') as T;
}

const isFont = (key: string) => key === 'font' || key.endsWith('Font');
