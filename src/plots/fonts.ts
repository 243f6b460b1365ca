import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as fontkit from 'fontkit';
import type { Font } from 'fontkit';

/** A weight the figures are set in. */
export type FontWeight = 400 | 600;

/** One face of the figures' font. */
export interface FontFace {
  readonly weight: FontWeight;
  /** The TTF file, for programs that read fonts by path. */
  readonly path: string;
  /** The name PDF files know the face by. */
  readonly postscriptName: string;
  readonly font: Font;
}

const FILES: readonly [FontWeight, string][] = [
  [400, '400Regular/SourceSans3_400Regular.ttf'],
  [600, '600SemiBold/SourceSans3_600SemiBold.ttf'],
];

let faces: readonly FontFace[] | undefined;

/** Returns the faces of the figures' font, read once from the font package that ships with this one. */
export function fontFaces(): readonly FontFace[] {
  faces ??= FILES.map(([weight, file]) => {
    const path = createRequire(import.meta.url).resolve(`@expo-google-fonts/source-sans-3/${file}`);
    const font = fontkit.create(readFileSync(path)) as Font;
    return { weight, path, postscriptName: font.postscriptName, font };
  });
  return faces;
}

/** Returns the face nearest to a CSS font weight. */
export function fontFace(weight: unknown): FontFace {
  const bold = weight === 'bold' || weight === 'bolder' || Number(weight) > 500;
  return fontFaces().find((face) => face.weight === (bold ? 600 : 400))!;
}

const widths = new Map<string, number>();

/** Returns how wide a text is set, in pixels, with the font's own advance widths and kerning. */
export function textWidth(text: string, fontSize: number, weight: unknown): number {
  const face = fontFace(weight);
  const key = `${face.weight} ${text}`;
  let perUnit = widths.get(key);
  if (perUnit === undefined) {
    perUnit = face.font.layout(text).advanceWidth / face.font.unitsPerEm;
    if (widths.size > 10_000) widths.clear();
    widths.set(key, perUnit);
  }
  return perUnit * fontSize;
}
