import { FONT_FAMILY } from '../theme.js';
import { builtInFaces, cssWeight } from './built-in-fonts.js';
import { codePointsOf } from './clusters.js';
import type { FontText } from './drawing-texts.js';
import type { FontFace } from './font-face.js';
import { needsShaping, shapedSubset } from './shaped-subset.js';
import { subsetFont } from './subset-font.js';
import { textRuns } from './text-runs.js';

/** Characters always kept: what numbers, units and names are made of. */
const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');

/**
 * Returns the CSS that embeds the fonts of texts in a file. It holds the figures' font, cut down to the characters of
 * `text` and to ASCII, and of installed fonts, where their licence bits allow it, the characters that the texts have
 * from them.
 *
 * What comes from a fallback is declared as a part of the figures' own family, for those characters alone, so the
 * texts need not name it.
 */
export function embeddedFontStyle(text: string, texts: readonly FontText[]): string {
  const characters = new Set(ASCII + text + text.normalize('NFC'));
  const own = builtInFaces().map((face) =>
    fontFaceRule(FONT_FAMILY, face.weight, subsetFont(face.font, characters)),
  );
  return [...own, ...installedRules(texts)].join('');
}

/** The texts that one installed face draws, under the family and weight it is declared as. */
interface FontPart {
  readonly face: FontFace;
  readonly family: string;
  readonly weight: number;
  readonly texts: Set<string>;
}

function installedRules(texts: readonly FontText[]): string[] {
  const parts = new Map<string, FontPart>();
  const builtIn = new Set(builtInFaces());
  for (const { text, family, weight } of texts) {
    for (const run of textRuns(text, family, weight)) {
      if (run.missing || builtIn.has(run.face) || !run.face.embeddable) continue;
      const declared = cssWeight(weight) > 500 ? 600 : 400;
      const name = run.asked ? run.face.family : FONT_FAMILY;
      const key = `${run.face.path}\n${run.face.postscriptName}\n${name}\n${declared}`;
      const part = parts.get(key) ?? { face: run.face, family: name, weight: declared, texts: new Set() };
      part.texts.add(run.text);
      parts.set(key, part);
    }
  }
  return [...parts.values()].flatMap((part) => {
    const file = subsetOf(part);
    if (!file) return [];
    return fontFaceRule(part.family, part.weight, file, part.family === FONT_FAMILY ? rangeOf(part) : '');
  });
}

function subsetOf({ face, texts, family }: FontPart): Uint8Array | undefined {
  const all = [...texts].join('');
  if (needsShaping(all)) return shapedSubset(face.font, [...texts]);
  return subsetFont(face.font, new Set(family === FONT_FAMILY ? all : ASCII + all));
}

function rangeOf({ texts }: FontPart): string {
  const codes = new Set(codePointsOf([...texts].join('')));
  const range = [...codes].sort((a, b) => a - b).map((code) => `U+${code.toString(16)}`);
  return `;unicode-range:${range.join(',')}`;
}

function fontFaceRule(family: string, weight: number, file: Uint8Array, range = ''): string {
  const data = Buffer.from(file).toString('base64');
  return (
    `@font-face{font-family:'${family.replace(/['\\<]/g, '')}';font-weight:${weight};` +
    `src:url(data:font/ttf;base64,${data}) format('truetype')${range}}`
  );
}
