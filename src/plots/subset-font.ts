import type { Font } from 'fontkit';

/** Glyph 0 stands for every missing character, so every subset has it. */
const NOTDEF = 0;

/**
 * Returns a TrueType file with only the glyphs of the given characters, for embedding in SVG and HTML.
 *
 * fontkit's own subsets are made for PDF, which refers to glyphs by number; browsers also want the tables that
 * lead from characters to glyphs and name the font (`cmap`, `OS/2`, `name`, `post`), which are added here.
 * Kerning is left out. Table layouts: OpenType specification 1.9.
 */
export function subsetFont(font: Font, characters: Iterable<string>): Uint8Array {
  const subset = font.createSubset();
  const glyphs = new Map<number, number>();
  const codes = [...characters].map((character) => character.codePointAt(0)!).sort((a, b) => a - b);
  for (const code of codes) {
    // Format 4 of the character map reaches U+FFFE; figures have no use for more.
    if (code > 0xfffe || !font.hasGlyphForCodePoint(code)) continue;
    // The returned number of the glyph in the subset is typed as a boolean.
    glyphs.set(code, Number(subset.includeGlyph(font.glyphForCodePoint(code))));
  }
  const tables = readTables(subset.encode());
  tables.set('cmap', characterMap(glyphs));
  tables.set('OS/2', rawTable(font, 'OS/2'));
  tables.set('name', new Uint8Array([0, 0, 0, 0, 0, 6]));
  tables.set('post', glyphNamesLeftOut());
  return writeTables(tables);
}

/** Reads the directory of a TrueType file: tag, checksum, offset, length of each table. */
function readTables(file: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tables = new Map<string, Uint8Array>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + 16 * i;
    const tag = String.fromCharCode(...file.subarray(entry, entry + 4));
    const offset = view.getUint32(entry + 8);
    tables.set(tag, file.subarray(offset, offset + view.getUint32(entry + 12)));
  }
  return tables;
}

/** A `cmap` table of format 4 (Windows, Unicode BMP): one segment for each run of codes and glyphs. */
function characterMap(glyphs: ReadonlyMap<number, number>): Uint8Array {
  const segments: { first: number; last: number; delta: number }[] = [];
  for (const [code, glyph] of glyphs) {
    const run = segments.at(-1);
    if (run && run.last + 1 === code && run.delta === glyph - code) run.last = code;
    else segments.push({ first: code, last: code, delta: glyph - code });
  }
  segments.push({ first: 0xffff, last: 0xffff, delta: NOTDEF - 0xffff });
  const n = segments.length;
  const power = 2 ** Math.floor(Math.log2(n));
  const length = 16 + 8 * n;
  const header = [0, 1, 3, 1, 0, 12];
  const subtable = [4, length, 0, 2 * n, 2 * power, Math.log2(power), 2 * (n - power)];
  return words([
    ...header,
    ...subtable,
    ...segments.map((s) => s.last),
    0,
    ...segments.map((s) => s.first),
    ...segments.map((s) => s.delta & 0xffff),
    ...segments.map(() => 0),
  ]);
}

/** A `post` table of format 3: no glyph names. */
function glyphNamesLeftOut(): Uint8Array {
  return words([3, 0, ...Array.from({ length: 14 }, () => 0)]);
}

function rawTable(font: Font, tag: string): Uint8Array {
  const { directory, stream } = font as unknown as {
    directory: { tables: Record<string, { offset: number; length: number }> };
    stream: { buffer: Uint8Array };
  };
  const { offset, length } = directory.tables[tag]!;
  return stream.buffer.subarray(offset, offset + length);
}

/** Lays the tables out behind a new directory, each at a multiple of four bytes, with the checksums. */
function writeTables(tables: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const power = 2 ** Math.floor(Math.log2(sorted.length));
  const start = 12 + 16 * sorted.length;
  const size = sorted.reduce((sum, [, table]) => sum + padded(table.length), start);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x00010000);
  view.setUint16(4, sorted.length);
  view.setUint16(6, 16 * power);
  view.setUint16(8, Math.log2(power));
  view.setUint16(10, 16 * (sorted.length - power));
  let offset = start;
  sorted.forEach(([tag, table], i) => {
    file.set(table, offset);
    if (tag === 'head') view.setUint32(offset + 8, 0);
    const entry = 12 + 16 * i;
    for (let c = 0; c < 4; c++) file[entry + c] = tag.charCodeAt(c);
    view.setUint32(entry + 4, checksum(view, offset, padded(table.length)));
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, table.length);
    offset += padded(table.length);
  });
  const head = sorted.slice(
    0,
    sorted.findIndex(([tag]) => tag === 'head'),
  );
  const adjustmentAt = head.reduce((sum, [, table]) => sum + padded(table.length), start) + 8;
  view.setUint32(adjustmentAt, (0xb1b0afba - checksum(view, 0, size)) >>> 0);
  return file;
}

function checksum(view: DataView, offset: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 4) sum = (sum + view.getUint32(offset + i)) >>> 0;
  return sum;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** Big-endian 16-bit words as bytes. */
function words(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint16(2 * i, value));
  return bytes;
}
