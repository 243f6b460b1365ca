import { createRequire } from 'node:module';
import { FONT_FAMILY } from '../theme.js';
import { openFace, type FontFace } from './font-face.js';

const FILES: readonly [number, string, string][] = [
  [400, 'SourceSans3-Regular', '400Regular/SourceSans3_400Regular.ttf'],
  [600, 'SourceSans3-SemiBold', '600SemiBold/SourceSans3_600SemiBold.ttf'],
];

let faces: readonly FontFace[] | undefined;

/** Returns the faces of the figures' font, read once from the font package that ships with this one. */
export function builtInFaces(): readonly FontFace[] {
  faces ??= FILES.map(([weight, postscriptName, file]) => {
    const path = createRequire(import.meta.url).resolve(`@expo-google-fonts/source-sans-3/${file}`);
    return openFace({ family: FONT_FAMILY, weight, path, postscriptName, embeddable: true });
  });
  return faces;
}

/** Returns the built-in face nearest to a CSS font weight. */
export function builtInFace(weight: unknown): FontFace {
  const [regular, bold] = builtInFaces();
  return cssWeight(weight) > 500 ? bold! : regular!;
}

/** Returns a CSS font weight as a number. */
export function cssWeight(weight: unknown): number {
  if (weight === 'bold' || weight === 'bolder') return 700;
  const number = Number(weight);
  return number > 0 ? number : 400;
}
