import { createRequire } from 'node:module';
import { FONT_FAMILY } from '../theme.js';
import { openFace, type FontFace } from './font-face.js';

let faces: readonly [regular: FontFace, bold: FontFace] | undefined;

/** Returns the faces of the figures' font, read once from the font package that ships with this one. */
export function builtInFaces(): readonly [regular: FontFace, bold: FontFace] {
  faces ??= [
    open(400, 'SourceSans3-Regular', '400Regular/SourceSans3_400Regular.ttf'),
    open(600, 'SourceSans3-SemiBold', '600SemiBold/SourceSans3_600SemiBold.ttf'),
  ];
  return faces;
}

function open(weight: number, postscriptName: string, file: string): FontFace {
  const path = createRequire(import.meta.url).resolve(`@expo-google-fonts/source-sans-3/${file}`);
  return openFace({ family: FONT_FAMILY, weight, path, postscriptName, embeddable: true });
}

/** Returns the built-in face nearest to a CSS font weight. */
export function builtInFace(weight: unknown): FontFace {
  const [regular, bold] = builtInFaces();
  return cssWeight(weight) > 500 ? bold : regular;
}

/** Returns a CSS font weight as a number. */
export function cssWeight(weight: unknown): number {
  if (weight === 'bold' || weight === 'bolder') return 700;
  const number = Number(weight);
  return number > 0 ? number : 400;
}
