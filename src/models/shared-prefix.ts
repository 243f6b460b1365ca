import { invalid } from '../errors.js';

/**
 * Returns the names without the prefix that makes all wanted ones match, such as `module.`, `_orig_mod.` or
 * `ema.module.`. If no prefix does, the one with the most matches is removed, so that an error can list the mismatches.
 *
 * @param prefix the prefix of the copy that is read, of several in one file; the other names are left out
 * @throws RangeError where several copies of the wanted names are there, with the prefix of each
 */
export function withoutPrefix<T>(
  found: ReadonlyMap<string, T>,
  wanted: ReadonlySet<string>,
  prefix?: string,
): Map<string, T> {
  const matches = new Map<string, number>();
  for (const name of found.keys()) {
    for (let start = 0; ; start = name.indexOf('.', start) + 1) {
      if (wanted.has(name.slice(start))) {
        const before = name.slice(0, start);
        matches.set(before, (matches.get(before) ?? 0) + 1);
      }
      if (name.indexOf('.', start) < 0) break;
    }
  }
  const ranked = [...matches].sort(([, one], [, other]) => other - one).map(([before]) => before);
  const whole = ranked.filter((before) => matches.get(before) === wanted.size);
  if (prefix !== undefined) {
    if (!whole.includes(prefix)) throw invalid('prefix of the weights', prefix, prefixes(whole) || 'none');
    const own = [...found].filter(([name]) => name.startsWith(prefix));
    return new Map(own.map(([name, value]) => [name.slice(prefix.length), value]));
  }
  if (whole.length > 1) {
    throw invalid('weights', `${whole.length} copies`, `one; choose its prefix: ${prefixes(whole)}`);
  }
  const [common = ''] = ranked;
  const strip = (name: string) => (name.startsWith(common) ? name.slice(common.length) : name);
  return new Map([...found].map(([name, value]) => [strip(name), value]));
}

function prefixes(list: readonly string[]): string {
  return list.map((prefix) => prefix || "''").join(', ');
}
