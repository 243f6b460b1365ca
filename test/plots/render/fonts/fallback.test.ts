import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fontkit from 'fontkit';
import type { Font } from 'fontkit';
import { afterAll, describe, expect, it } from 'vitest';
import { curveFigure } from '../../../../src/plots/figures/curve/curve.js';
import type { Figure } from '../../../../src/plots/render/figure.js';
import { builtInFaces } from '../../../../src/plots/render/fonts/built-in-fonts.js';
import { resolveFamily } from '../../../../src/plots/render/fonts/font-family.js';
import { readFaces } from '../../../../src/plots/render/fonts/font-file.js';
import { textRuns, textWidth } from '../../../../src/plots/render/fonts/text-runs.js';
import { writeFigure } from '../../../../src/plots/render/render.js';
import { drawSvg } from '../../../../src/plots/render/svg.js';
import { FONT_STACK } from '../../../../src/plots/render/theme.js';
import { smallCurve } from '../../figures/small-data.js';
import { testFont, withFonts } from './test-font.js';

const CHARACTERS = '激活平方';
const folder = testFont(CHARACTERS);
const astral = testFont('🚀𝛼', 'Test Astral');
const out = mkdtempSync(join(tmpdir(), 'rankscope-fallback-'));
afterAll(() => [folder, astral, out].forEach((path) => rmSync(path, { recursive: true })));

const emsOfW = () => {
  const { font } = builtInFaces()[0]!;
  return font.glyphForCodePoint(0x57).advanceWidth / font.unitsPerEm;
};

describe('readFaces', () => {
  it('reads the name and the characters of a font', () => {
    const [face] = readFaces(join(folder, 'test.ttf'));
    expect(face).toMatchObject({
      family: 'Test Sans',
      postscriptName: 'TestSans',
      italic: false,
      weight: 400,
    });
    for (const character of CHARACTERS) expect(face!.has(character.codePointAt(0)!)).toBe(true);
    expect(face!.has(0x57)).toBe(false);
  });

  it('agrees with fontkit on every character of the figures’ font', () => {
    const { font, path } = builtInFaces()[0]!;
    const [face] = readFaces(path);
    for (let code = 0; code < 0x3000; code++) expect(face!.has(code)).toBe(font.hasGlyphForCodePoint(code));
  });

  it('reads characters beyond the first 65,536', () => {
    const [face] = readFaces(join(astral, 'test.ttf'));
    expect([0x1f680, 0x1d6fc, 0x1f681].map((code) => face!.has(code))).toEqual([true, true, false]);
  });

  it('finds no font in another file', () => {
    expect(readFaces(join(__dirname, 'fallback.test.ts'))).toEqual([]);
    expect(readFaces(join(__dirname, 'none.ttf'))).toEqual([]);
  });
});

describe('textRuns', () => {
  it('sets each part in a face that has it, with its width', () =>
    withFonts([folder], () => {
      const runs = textRuns('a激活b', FONT_STACK, 400);
      expect(runs.map(({ text, face }) => [text, face.family])).toEqual([
        ['a', 'Source Sans 3'],
        ['激活', 'Test Sans'],
        ['b', 'Source Sans 3'],
      ]);
      expect(textWidth('激活', 10, 400, FONT_STACK)).toBeCloseTo(20 * emsOfW(), 9);
    }));

  it('says what no font has', () =>
    withFonts([], () => {
      expect(textRuns('a激', FONT_STACK, 400).map(({ missing }) => missing === true)).toEqual([false, true]);
    }));

  it('keeps a letter with its marks, and composes what can be composed', () => {
    expect(textRuns('e\u0301', FONT_STACK, 400)).toMatchObject([{ text: 'é' }]);
    expect(textRuns('x\u0302', FONT_STACK, 400)).toMatchObject([{ text: 'x\u0302' }]);
  });
});

describe('resolveFamily', () => {
  it('takes the first family that is installed', () =>
    withFonts([folder], () => {
      expect(resolveFamily('Nowhere, "Test Sans", serif')).toEqual({
        family: 'Test Sans',
        stack: `'Test Sans', ${FONT_STACK}`,
      });
      expect(resolveFamily('test sans').stack).toContain("'test sans'");
    }));

  it.each([
    ['Nowhere', ['Nowhere']],
    ["'Nowhere, Else', Neither", ['Nowhere, Else', 'Neither']],
    ['Nowhere, sans-serif', undefined],
    ['serif', undefined],
    ['', undefined],
    ['Source Sans 3', undefined],
    ["'Source Sans 3', Helvetica", undefined],
  ])('falls back to the figures’ own for %s', (list, missing) =>
    withFonts([], () => {
      expect(resolveFamily(list)).toEqual({
        family: 'Source Sans 3',
        stack: FONT_STACK,
        ...(missing && { missing }),
      });
    }),
  );
});

describe('a figure with names in other scripts', () => {
  const figure = () => curveFigure(smallCurve({ blocks: ['pointwise'], activations: ['激活', '平方'] }));
  const draw = async (fonts: readonly string[]) => {
    const notes: string[] = [];
    const base = join(mkdtempSync(join(out, 'f-')), 'curve');
    await withFonts(fonts, () =>
      writeFigure(figure(), base, ['svg', 'png', 'pdf', 'html'], { onNote: (note) => notes.push(note) }),
    );
    const read = (ending: string) => readFileSync(`${base}.${ending}`);
    return {
      notes,
      svg: String(read('svg')),
      html: String(read('html')),
      png: read('png'),
      pdf: read('pdf'),
    };
  };

  it('has them from an installed font in every format', async () => {
    const { notes, svg, html, png, pdf } = await draw([folder]);
    const without = await draw([]);
    expect(notes).toEqual([]);
    for (const text of [svg, html]) {
      const rule =
        /url\(data:font\/ttf;base64,([^)]+)\) format\('truetype'\);unicode-range:U\+5e73,U\+65b9,/.exec(text);
      const font = fontkit.create(Buffer.from(rule![1]!, 'base64')) as Font;
      for (const character of CHARACTERS)
        expect(font.hasGlyphForCodePoint(character.codePointAt(0)!)).toBe(true);
      expect(font.glyphForCodePoint(0x6fc0).path.toSVG().length).toBeGreaterThan(30);
    }
    expect(pdf.toString('latin1')).toMatch(/\/FontName \/[A-Z]{6}\+TestSans/);
    expect(png.equals(without.png)).toBe(false);
    expect(without.pdf.toString('latin1')).not.toContain('TestSans');
  });

  it('says which characters could not be drawn where there is none', async () => {
    const { notes } = await draw([]);
    expect(notes).toEqual([
      'cannot be drawn in PNG and PDF, since no installed font has them: 平 (U+5E73), 方 (U+65B9), 激 (U+6FC0), ' +
        '活 (U+6D3B) (a font such as Noto Sans for their script would)',
    ]);
  });
});

describe('a figure in another font', () => {
  const withFont = (font: string): Figure => {
    const figure = curveFigure(smallCurve({ blocks: ['pointwise'] }));
    const config = { ...figure.spec.config, font, axis: { labelFont: 'Nowhere Mono' } };
    return { ...figure, spec: { ...figure.spec, config } };
  };

  it.each(['Arial', 'Nowhere', 'Nowhere, "Test Sans", serif', "'Comic Sans MS'", 'x'.repeat(300), '", <b>'])(
    'is drawn in %s or the figures’ own, with a word',
    (font) =>
      withFonts([folder], async () => {
        const notes: string[] = [];
        const svg = await drawSvg(withFont(font).spec, (note) => notes.push(note));
        const family = font.includes('Test Sans') ? "'Test Sans', 'Source" : "'Source";
        expect(svg).toContain(`font-family="${family} Sans 3', Helvetica, Arial, sans-serif"`);
        expect(svg).not.toContain('Nowhere');
        expect(notes).toContain('the font Nowhere Mono is not installed: Source Sans 3 is used instead');
        expect(notes).toHaveLength(font.includes('Test Sans') ? 1 : 2);
      }),
  );
});
