import { FONT_FAMILY, FONT_STACK } from '../theme.js';
import { builtInFace, cssWeight } from './built-in-fonts.js';
import { openFace, type FontFace } from './font-face.js';
import type { FaceInfo } from './font-file.js';
import { systemFaces } from './system-fonts.js';

/** The resolved families of a CSS list on this machine. */
export interface ResolvedFamily {
  /** The first installed family of the list; the figures' own if none is installed. */
  readonly family: string;
  /** The list to write into a drawing: that family, with the figures' own behind it. */
  readonly stack: string;
  /** The requested families, if none of them is installed. */
  readonly missing?: readonly string[] | undefined;
}

/** Installed families for the generic names of CSS; other names give the figures' own. */
const GENERIC: Readonly<Record<string, readonly string[]>> = {
  serif: ['Noto Serif', 'DejaVu Serif', 'Liberation Serif', 'Times New Roman', 'Times'],
  monospace: ['Noto Sans Mono', 'DejaVu Sans Mono', 'Liberation Mono', 'Menlo', 'Consolas', 'Courier New'],
};
const OWN =
  /^(sans-serif|system-ui|ui-[a-z-]+|cursive|fantasy|math|emoji|-apple-system|blinkmacsystemfont)$/i;

/** Returns the first family of a CSS list, such as `Arial, "Noto Sans", serif`, that can be drawn here. */
export function resolveFamily(list: string): ResolvedFamily {
  const own: ResolvedFamily = { family: FONT_FAMILY, stack: FONT_STACK };
  const families = splitFamilies(list);
  for (const family of families) {
    if (sameFamily(family, FONT_FAMILY) || OWN.test(family)) return own;
    const candidates = Object.hasOwn(GENERIC, family.toLowerCase())
      ? GENERIC[family.toLowerCase()]!
      : [family];
    const installed = candidates.find((name) => facesOf(name).length > 0);
    if (installed !== undefined)
      return { family: installed, stack: `${JSON.stringify(installed).replaceAll('"', "'")}, ${FONT_STACK}` };
  }
  const missing = families.filter((family) => !Object.hasOwn(GENERIC, family.toLowerCase()));
  return missing.length > 0 ? { ...own, missing } : own;
}

/** Returns the face of a family, as {@link resolveFamily} names it, that is nearest to a CSS font weight. */
export function familyFace(family: string, weight: unknown): FontFace {
  if (family === FONT_FAMILY) return builtInFace(weight);
  const wanted = cssWeight(weight);
  const distance = (face: FaceInfo) => Math.abs(face.weight - wanted) + (face.italic ? 2000 : 0);
  const [nearest] = [...facesOf(family)].sort((a, b) => distance(a) - distance(b));
  return nearest ? openFace({ ...nearest, family }) : builtInFace(weight);
}

function facesOf(family: string): readonly FaceInfo[] {
  return systemFaces().filter((face) => face.families.includes(family.toLowerCase()));
}

/** The families of a CSS list, without quotation marks; commas within those do not part. */
function splitFamilies(list: string): string[] {
  return [...list.matchAll(/\s*(?:"([^"]*)"|'([^']*)'|([^,]+))\s*(?:,|$)/g)]
    .map(([, double, single, bare]) => (double ?? single ?? bare ?? '').trim().replace(/\s+/g, ' '))
    .filter(Boolean);
}

const sameFamily = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
