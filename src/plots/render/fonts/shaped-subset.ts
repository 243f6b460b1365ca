import type { Font } from 'fontkit';
import { entryOf } from '../../../lookups.js';
import { codePointsOf } from './clusters.js';
import { rawTable } from './font-tables.js';
import { withNames } from './subset-font.js';

/** Scripts whose letters are drawn one by one, whatever stands beside them. */
const SIMPLE =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Hebrew}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Common}\p{Default_Ignorable_Code_Point}]*$/u;

/** Returns whether the letters of a text change or join with those beside them, as Arabic and Devanagari do. */
export function needsShaping(text: string): boolean {
  return !SIMPLE.test(text);
}

/**
 * Returns a TrueType file with only the glyphs of the given texts. It keeps the rules by which letters join, and the
 * numbers of the glyphs, to which the rules refer. Undefined if the font has no TrueType outlines.
 */
export function shapedSubset(font: Font, texts: readonly string[]): Uint8Array | undefined {
  const [outlines, places, head] = ['glyf', 'loca', 'head'].map((tag) => rawTable(font, tag));
  if (!outlines || !places || !head) return undefined;
  const offsets = glyphOffsets(places, viewOf(head).getInt16(50) === 1);
  const codes = new Map<number, number>();
  const kept = new Set([0]);
  for (const text of texts) {
    for (const code of codePointsOf(text)) {
      if (!font.hasGlyphForCodePoint(code)) continue;
      codes.set(code, font.glyphForCodePoint(code).id);
      kept.add(font.glyphForCodePoint(code).id);
    }
    for (const glyph of font.layout(text).glyphs) kept.add(glyph.id);
  }
  for (const glyph of kept) for (const part of componentsOf(outlines, offsets, glyph)) kept.add(part);
  const tables = new Map<string, Uint8Array>();
  for (const tag of ['head', 'hhea', 'hmtx', 'maxp', 'GSUB', 'GPOS', 'GDEF', 'cvt ', 'fpgm', 'prep']) {
    const table = rawTable(font, tag);
    if (table) tables.set(tag, Uint8Array.from(table));
  }
  const [glyf, loca] = keptOutlines(outlines, offsets, kept);
  viewOf(entryOf(tables, 'head')).setInt16(50, 1);
  tables.set('glyf', glyf).set('loca', loca);
  return withNames(font, tables, new Map([...codes].sort(([a], [b]) => a - b)));
}

function glyphOffsets(places: Uint8Array, long: boolean): number[] {
  const view = viewOf(places);
  return Array.from({ length: places.length / (long ? 4 : 2) }, (_, i) =>
    long ? view.getUint32(4 * i) : 2 * view.getUint16(2 * i),
  );
}

/** The glyphs a composite glyph is made of. */
function componentsOf(outlines: Uint8Array, offsets: readonly number[], glyph: number): number[] {
  const [start = 0, end = 0] = offsets.slice(glyph, glyph + 2);
  if (end - start < 10) return [];
  const view = viewOf(outlines);
  const parts: number[] = [];
  if (view.getInt16(start) >= 0) return parts;
  for (let at = start + 10, flags = 0x20; (flags & 0x20) !== 0;) {
    flags = view.getUint16(at);
    parts.push(view.getUint16(at + 2));
    const scale = flags & 0x8 ? 2 : flags & 0x40 ? 4 : flags & 0x80 ? 8 : 0;
    at += 4 + (flags & 0x1 ? 4 : 2) + scale;
  }
  return parts;
}

/** The tables `glyf` and `loca` with the outlines of the others left out. */
function keptOutlines(
  outlines: Uint8Array,
  offsets: readonly number[],
  kept: ReadonlySet<number>,
): [Uint8Array, Uint8Array] {
  const loca = new Uint8Array(4 * offsets.length);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let glyph = 0; glyph + 1 < offsets.length; glyph++) {
    const piece = outlines.subarray(offsets[glyph], kept.has(glyph) ? offsets[glyph + 1] : offsets[glyph]);
    pieces.push(piece);
    length += Math.ceil(piece.length / 4) * 4;
    viewOf(loca).setUint32(4 * (glyph + 1), length);
  }
  const glyf = new Uint8Array(length);
  pieces.forEach((piece, glyph) => glyf.set(piece, viewOf(loca).getUint32(4 * glyph)));
  return [glyf, loca];
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
