import * as fontkit from 'fontkit';
import type { Font } from 'fontkit';
import { describe, expect, it } from 'vitest';
import { builtInFaces } from '../../../../src/plots/render/fonts/built-in-fonts.js';
import { subsetFont } from '../../../../src/plots/render/fonts/subset-font.js';
import { textWidth } from '../../../../src/plots/render/fonts/text-runs.js';

describe.each(builtInFaces())('the subset of weight $weight', ({ font }) => {
  const characters = 'Aé×≤⁻⁹1 ';
  const file = subsetFont(font, characters);
  const subset = fontkit.create(Buffer.from(file)) as Font;

  it('has the outlines and widths of the characters asked for', () => {
    for (const character of characters) {
      const code = character.codePointAt(0)!;
      expect(subset.hasGlyphForCodePoint(code), character).toBe(true);
      const [whole, cut] = [font.glyphForCodePoint(code), subset.glyphForCodePoint(code)];
      expect(cut.advanceWidth).toBe(whole.advanceWidth);
      expect(cut.path.toSVG()).toBe(whole.path.toSVG());
    }
  });

  it('has no others, and is small', () => {
    expect(subset.hasGlyphForCodePoint('B'.codePointAt(0)!)).toBe(false);
    expect(file.length).toBeLessThan(6_000);
  });

  it('adds up to the checksum TrueType asks for', () => {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    let sum = 0;
    for (let at = 0; at < file.length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
    expect(sum).toBe(0xb1b0afba);
  });

  it('leaves out what the font does not have', () => {
    expect(() => subsetFont(font, ['\u{1F600}', '\u4E00', 'A'])).not.toThrow();
  });
});

describe('textWidth', () => {
  it('is the sum of the advance widths where nothing is kerned', () => {
    const { font } = builtInFaces()[0]!;
    const expected = (font.glyphForCodePoint(0x6e).advanceWidth * 4 * 12) / font.unitsPerEm;
    expect(textWidth('nnnn', 12, 400, 'Source Sans 3')).toBeCloseTo(expected, 9);
  });

  it('is larger for a heavier weight', () => {
    expect(textWidth('Rank ratio', 12, 600, 'Source Sans 3')).toBeGreaterThan(
      textWidth('Rank ratio', 12, 'normal', 'Source Sans 3'),
    );
  });
});
