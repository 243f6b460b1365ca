import { fontFaces } from './fonts.js';
import { subsetFont } from './subset-font.js';
import { FONT_FAMILY } from './theme.js';

/** Characters always kept: what numbers, units and names are made of. */
const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');

/**
 * Returns the CSS that brings the figures' font along inside a file, cut down to the characters of `text` and
 * to ASCII.
 */
export function embeddedFontStyle(text: string): string {
  const characters = new Set(ASCII + text);
  return fontFaces()
    .map((face) => {
      const data = Buffer.from(subsetFont(face.font, characters)).toString('base64');
      return (
        `@font-face{font-family:'${FONT_FAMILY}';font-weight:${face.weight};` +
        `src:url(data:font/ttf;base64,${data}) format('truetype')}`
      );
    })
    .join('');
}
