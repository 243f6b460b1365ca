import { cssWeight } from './built-in-fonts.js';
import { codePointsOf } from './clusters.js';
import { openFace, type FontFace } from './font-face.js';
import type { FaceInfo } from './font-file.js';
import { systemFaces } from './system-fonts.js';

const chosen = new Map<string, readonly FontFace[]>();

/**
 * Returns installed faces for characters that the figures' font lacks. Each has as many of the characters left as any
 * other. Where several have them, upright ones without serifs and of the nearest weight are taken.
 * @param clusters characters, each with its marks
 */
export function fallbackFaces(clusters: readonly string[], weight: unknown): readonly FontFace[] {
  const wanted = cssWeight(weight);
  const key = [process.env['RANKSCOPE_FONTS'], wanted, ...new Set(clusters)].join('\n');
  const known = chosen.get(key);
  if (known) return known;
  const faces: FontFace[] = [];
  let left = [...new Set(clusters)].map(codePointsOf);
  const region = regionOf(clusters.join(''));
  while (left.length > 0) {
    let best: { info: FaceInfo; order: readonly number[] } | undefined;
    for (const info of systemFaces()) {
      const count = left.filter((codes) => codes.every((code) => isIgnored(code) || info.has(code))).length;
      if (count === 0) continue;
      const order = [-count, ...penalties(info, wanted, region)];
      if (!best || isBefore(order, best.order)) best = { info, order };
    }
    if (!best) break;
    const { info } = best;
    faces.push(openFace(info));
    left = left.filter((codes) => !codes.every((code) => isIgnored(code) || info.has(code)));
  }
  if (chosen.size > 1000) chosen.clear();
  chosen.set(key, faces);
  return faces;
}

/** Returns the penalties of a face, most important first. */
function penalties(info: FaceInfo, wanted: number, region: RegExp | undefined): number[] {
  const name = info.families.join(' ');
  const kind = /last ?resort|blank|icon|awesome|symbol/.test(name)
    ? 4
    : /mono|code|typewriter|condensed|narrow/.test(name)
      ? 3
      : /serif|song|ming|batang|times/.test(name) && !/sans/.test(name)
        ? 2
        : /^noto sans/.test(name)
          ? 0
          : 1;
  return [
    info.italic ? 1 : 0,
    kind,
    Math.abs(info.weight - wanted),
    region && !region.test(info.postscriptName) ? 1 : 0,
  ];
}

/** The variant of a font of Chinese characters in which a text looks native. */
function regionOf(text: string): RegExp | undefined {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return /jp|japan|hiragino|yu ?goth/i;
  if (/\p{Script=Hangul}/u.test(text)) return /kr|korea|malgun|gothicneo/i;
  return /\p{Script=Han}/u.test(text) ? /sc\b|cjksc|pingfang|yahei|simhei/i : undefined;
}

/** Whether a code point affects others and is not drawn: joiners, directions and variation selectors. */
export const isIgnored = (code: number) =>
  /\p{Default_Ignorable_Code_Point}/u.test(String.fromCodePoint(code));

/** Whether one list of numbers comes before another. */
function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && a[at]! < b[at]!;
}
