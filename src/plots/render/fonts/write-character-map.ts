import { words16 } from './font-tables.js';

/** Returns a `cmap` table: of format 4 for the first 65,534 code points, of format 12 where there are others. */
export function characterMap(glyphs: ReadonlyMap<number, number>): Uint8Array {
  return [...glyphs.keys()].every((code) => code < 0xffff) ? segments(glyphs) : groups(glyphs);
}

/** A `cmap` table of format 4 (Windows, Unicode BMP): one segment for each run of codes and glyphs. */
function segments(glyphs: ReadonlyMap<number, number>): Uint8Array {
  const runs: { first: number; last: number; delta: number }[] = [];
  for (const [code, glyph] of glyphs) {
    const run = runs.at(-1);
    if (run && run.last + 1 === code && run.delta === glyph - code) run.last = code;
    else runs.push({ first: code, last: code, delta: glyph - code });
  }
  runs.push({ first: 0xffff, last: 0xffff, delta: 0 - 0xffff });
  const n = runs.length;
  const power = 2 ** Math.floor(Math.log2(n));
  const length = 16 + 8 * n;
  const header = [0, 1, 3, 1, 0, 12];
  const subtable = [4, length, 0, 2 * n, 2 * power, Math.log2(power), 2 * (n - power)];
  return words16([
    ...header,
    ...subtable,
    ...runs.map((s) => s.last),
    0,
    ...runs.map((s) => s.first),
    ...runs.map((s) => s.delta & 0xffff),
    ...runs.map(() => 0),
  ]);
}

/** Format 12 (Windows, all of Unicode): a group for each code. */
function groups(glyphs: ReadonlyMap<number, number>): Uint8Array {
  const long = (value: number) => [value >>> 16, value & 0xffff];
  const header = [0, 1, 3, 10, ...long(12)];
  const entries = [...glyphs].flatMap(([code, glyph]) => [...long(code), ...long(code), ...long(glyph)]);
  return words16([...header, 12, 0, ...long(16 + 12 * glyphs.size), 0, 0, ...long(glyphs.size), ...entries]);
}
