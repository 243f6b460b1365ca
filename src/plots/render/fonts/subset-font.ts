import type { Font } from 'fontkit';
import { codePointsOf } from './clusters.js';
import { rawTable, readTables, words16, writeTables } from './font-tables.js';
import { mendRealNumbers } from './mend-real-numbers.js';
import { characterMap } from './write-character-map.js';

/**
 * Returns a font file with only the glyphs of the given characters, for embedding in SVG and HTML. It is TrueType or
 * OpenType, as the font is.
 *
 * fontkit's own subsets are made for PDF, which refers to glyphs by number. Browsers also need the tables that map
 * characters to glyphs and name the font (`cmap`, `OS/2`, `name`, `post`). They are added here. Kerning and ligatures
 * are left out: see {@link shapedSubset}. Table layouts: OpenType specification 1.9.
 */
export function subsetFont(font: Font, characters: Iterable<string>): Uint8Array {
  const subset = font.createSubset();
  const glyphs = new Map<number, number>();
  const codes = [...characters].flatMap(codePointsOf).sort((a, b) => a - b);
  for (const code of codes) {
    if (!font.hasGlyphForCodePoint(code)) continue;
    // The returned number of the glyph in the subset is typed as a boolean.
    glyphs.set(code, Number(subset.includeGlyph(font.glyphForCodePoint(code))));
  }
  const file = subset.encode();
  const isTrueType = rawTable(font, 'glyf') !== undefined;
  const tables = isTrueType ? readTables(file) : outlineTables(font, file, numbersOf(subset));
  return withNames(font, tables, glyphs);
}

/** Returns the font file of tables with outlines, completed by those that map characters to outlines. */
export function withNames(
  font: Font,
  tables: Map<string, Uint8Array>,
  glyphs: ReadonlyMap<number, number>,
): Uint8Array {
  tables.set('cmap', characterMap(glyphs));
  const style = rawTable(font, 'OS/2');
  if (style) tables.set('OS/2', style);
  tables.set('name', new Uint8Array([0, 0, 0, 0, 0, 6]));
  tables.set('post', glyphNamesLeftOut());
  return writeTables(tables);
}

/** The numbers that the glyphs of a subset have in the whole font. */
function numbersOf(subset: object): readonly number[] {
  return (subset as { glyphs: readonly number[] }).glyphs;
}

/** fontkit's subset of an OpenType font is its outlines alone: the measures are added. */
function outlineTables(font: Font, outlines: Uint8Array, glyphs: readonly number[]): Map<string, Uint8Array> {
  mendRealNumbers(outlines);
  const head = Uint8Array.from(rawTable(font, 'head')!);
  const measures = Uint8Array.from(rawTable(font, 'hhea')!);
  new DataView(measures.buffer).setUint16(34, glyphs.length);
  const widths = glyphs.flatMap((glyph) => [Math.round(font.getGlyph(glyph).advanceWidth), 0]);
  return new Map([
    ['CFF ', outlines],
    ['head', head],
    ['hhea', measures],
    ['hmtx', words16(widths)],
    ['maxp', words16([0, 0x5000, glyphs.length])],
  ]);
}

/** A `post` table of format 3: no glyph names. */
function glyphNamesLeftOut(): Uint8Array {
  return words16([3, 0, ...Array.from({ length: 14 }, () => 0)]);
}
