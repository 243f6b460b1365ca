/** Preferred first: the whole of Unicode, then its first 65,536 code points. */
const ENCODINGS = ['3/10', '0/6', '0/4', '3/1', '0/3', '0/2', '0/1', '0/0'];

/**
 * Returns whether a `cmap` table maps a code point to a glyph. Undefined without a subtable of Unicode. Formats 4 and
 * 12 are supported, which today's fonts have.
 */
export function glyphLookup(table: Buffer): ((code: number) => boolean) | undefined {
  const places = new Map<string, number>();
  for (let i = 0; i < table.readUInt16BE(2); i++) {
    const entry = 4 + 8 * i;
    const name = `${table.readUInt16BE(entry)}/${table.readUInt16BE(entry + 2)}`;
    places.set(name, table.readUInt32BE(entry + 4));
  }
  for (const encoding of ENCODINGS) {
    const offset = places.get(encoding);
    if (offset === undefined) continue;
    const subtable = table.subarray(offset);
    const format = subtable.readUInt16BE(0);
    if (format === 12) return (code) => inGroups(subtable, code);
    if (format === 4) return (code) => inSegments(subtable, code);
  }
  return undefined;
}

/** Format 12: groups of consecutive codes and glyphs, ascending. */
function inGroups(table: Buffer, code: number): boolean {
  let [low, high] = [0, table.readUInt32BE(12) - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = 16 + 12 * middle;
    if (code < table.readUInt32BE(at)) high = middle - 1;
    else if (code > table.readUInt32BE(at + 4)) low = middle + 1;
    else return table.readUInt32BE(at + 8) + code - table.readUInt32BE(at) !== 0;
  }
  return false;
}

/** Format 4: segments of codes, each with a difference to its glyphs or a list of them. */
function inSegments(table: Buffer, code: number): boolean {
  if (code > 0xffff) return false;
  const twice = table.readUInt16BE(6);
  for (let at = 0; at < twice; at += 2) {
    if (code > table.readUInt16BE(14 + at)) continue;
    const start = table.readUInt16BE(16 + twice + at);
    if (code < start) return false;
    const delta = table.readUInt16BE(16 + 2 * twice + at);
    const offsetAt = 16 + 3 * twice + at;
    const offset = table.readUInt16BE(offsetAt);
    if (offset === 0) return ((code + delta) & 0xffff) !== 0;
    const glyphAt = offsetAt + offset + 2 * (code - start);
    return glyphAt + 2 <= table.length && table.readUInt16BE(glyphAt) !== 0;
  }
  return false;
}
