import type { Font } from 'fontkit';
import { visualParts } from './bidi-runs.js';
import { codePointsOf } from './clusters.js';
import { readTexts, type DrawnText } from './drawing-texts.js';
import { escapeXml } from './escape-xml.js';
import { runWidth, textRuns, type TextRun } from './text-runs.js';

/**
 * Returns a drawing in which glyphs of fallback fonts are outlines, beside the rest of their text. Programs that choose
 * fonts for themselves choose other ones with other widths, and few shape every script.
 */
export function withOutlines(svg: string): string {
  return readTexts(svg, ({ lines, attributes }, element) => {
    const runs = lines.map((line) =>
      visualParts(line.text).flatMap((part) => textRuns(part, line.family, line.weight)),
    );
    if (runs.flat().every(({ asked }) => asked)) return element;
    const parts = lines.map((line, i) => lineParts(line, runs[i]!).join(''));
    return `<g${attributes}>${parts.join('')}</g>`;
  });
}

function lineParts({ size, anchor, y }: DrawnText, runs: readonly TextRun[]): string[] {
  const widths = runs.map((run) => size * runWidth(run));
  const whole = widths.reduce((sum, width) => sum + width, 0);
  let x = { start: 0, middle: -whole / 2, end: -whole }[anchor];
  return runs.map((run, i) => {
    const start = x;
    x += widths[i]!;
    if (!run.asked) return outline(run, start, y, size);
    const place = `x="${start}" y="${y}" text-anchor="start" xml:space="preserve"`;
    return `<text ${place}>${escapeXml(run.text)}</text>`;
  });
}

function outline({ text, face: { font } }: TextRun, x: number, y: number, size: number): string {
  const scale = size / font.unitsPerEm;
  let [across, up] = [0, 0];
  const paths = layoutOf(font, text).map(({ path, advance, rise, dx, dy }) => {
    const markup = `<path d="${path}" transform="translate(${across + dx},${up + dy})"/>`;
    across += advance;
    up += rise;
    return markup;
  });
  return `<g transform="translate(${x},${y}) scale(${scale},${-scale})">${paths.join('')}</g>`;
}

function layoutOf(font: Font, text: string) {
  try {
    const { glyphs, positions } = font.layout(text);
    return glyphs.map((glyph, i) => {
      const { xAdvance: advance, yAdvance: rise, xOffset: dx, yOffset: dy } = positions[i]!;
      return { path: glyph.path.toSVG(), advance, rise, dx, dy };
    });
  } catch {
    return codePointsOf(text).map((code) => {
      const glyph = font.glyphForCodePoint(code);
      return { path: glyph.path.toSVG(), advance: glyph.advanceWidth, rise: 0, dx: 0, dy: 0 };
    });
  }
}
