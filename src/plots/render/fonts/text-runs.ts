import { builtInFace } from './built-in-fonts.js';
import { clustersOf, codePointsOf } from './clusters.js';
import type { FontText } from './drawing-texts.js';
import { fallbackFaces, isIgnored } from './fallback-faces.js';
import type { FontFace } from './font-face.js';
import { familyFace, resolveFamily } from './font-family.js';

/** A part of a text that one face has all the characters of. */
export interface TextRun {
  readonly text: string;
  readonly face: FontFace;
  /** Whether the face is of the requested family, not a fallback. */
  readonly asked: boolean;
  /** Whether no face on this machine has the characters: they become boxes. */
  readonly missing?: boolean | undefined;
}

/**
 * Returns a text of one direction in runs of one face each. The face is of the family where it has the characters, else
 * the figures' own font or an installed one that has them.
 * @param family a list of CSS font families
 * @param weight a CSS font weight
 */
export function textRuns(text: string, family: string, weight: unknown): TextRun[] {
  const own = familyFace(resolveFamily(family).family, weight);
  const composed = text.normalize('NFC');
  if (hasAll(own, composed)) return composed === '' ? [] : [{ text: composed, face: own, asked: true }];
  // letters with their marks, and emoji with what joins them, are drawn with one face
  const clusters = clustersOf(composed);
  const near = [own, builtInFace(weight)];
  const strange = clusters.filter((cluster) => !near.some((face) => hasAll(face, cluster)));
  const faces = [...near, ...fallbackFaces(strange, weight)];
  const runs: TextRun[] = [];
  for (const cluster of clusters) {
    const face = faces.find((face) => hasAll(face, cluster));
    const last = runs.at(-1);
    const run = {
      text: cluster,
      face: face ?? own,
      asked: (face ?? own) === own,
      ...(face ? {} : { missing: true }),
    };
    const joins = last !== undefined && last.face === run.face && last.missing === run.missing;
    if (joins) runs[runs.length - 1] = { ...last, text: last.text + cluster };
    else runs.push(run);
  }
  return runs;
}

/** Returns the faces of the requested families that texts are drawn in, each once. */
export function textFaces(texts: readonly FontText[]): FontFace[] {
  const runs = texts.flatMap(({ text, family, weight }) => textRuns(text, family, weight));
  return [...new Set(runs.filter(({ asked }) => asked).map(({ face }) => face))];
}

const widths = new Map<string, number>();

/** Returns the width of a text in pixels, with the faces' own advance widths and kerning. */
export function textWidth(text: string, fontSize: number, weight: unknown, family: string): number {
  const key = `${family}\n${String(weight)}\n${text}`;
  let ems = widths.get(key);
  if (ems === undefined) {
    ems = textRuns(text, family, weight).reduce((sum, run) => sum + runWidth(run), 0);
    if (widths.size > 10_000) widths.clear();
    widths.set(key, ems);
  }
  return ems * fontSize;
}

/** Returns the width of a run, in ems. */
export function runWidth({ text, face: { font } }: TextRun): number {
  try {
    return font.layout(text).advanceWidth / font.unitsPerEm;
  } catch {
    // a rule of the font that fontkit cannot follow: the letters one by one
    const glyphs = codePointsOf(text).map((code) => font.glyphForCodePoint(code));
    return glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0) / font.unitsPerEm;
  }
}

function hasAll({ font }: FontFace, text: string): boolean {
  return codePointsOf(text).every((code) => font.hasGlyphForCodePoint(code) || isIgnored(code));
}
