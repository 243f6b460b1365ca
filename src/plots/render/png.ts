import { Resvg } from '@resvg/resvg-js';
import { encodePng } from './encode-png.js';
import { builtInFaces } from './fonts/built-in-fonts.js';
import { drawingTexts } from './fonts/drawing-texts.js';
import { withOutlines } from './fonts/outlined-texts.js';
import { textFaces } from './fonts/text-runs.js';
import { FONT_FAMILY } from './theme.js';

/**
 * Returns an SVG drawing as PNG, `scale` pixels to one. The fonts are handed over as files, those of the system only
 * where a text needs one, so the text is there, and the same, on a machine that has no fonts at all.
 */
export function svgToPng(svg: string, scale = 2): Buffer {
  const faces = [...builtInFaces(), ...textFaces(drawingTexts(svg))];
  const image = new Resvg(withOutlines(svg), {
    fitTo: { mode: 'zoom', value: scale },
    background: '#ffffff',
    font: {
      loadSystemFonts: false,
      fontFiles: [...new Set(faces.map((face) => face.path))],
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
    },
  });
  const { width, height, pixels } = image.render();
  return encodePng({ width, height, rgba: pixels });
}
