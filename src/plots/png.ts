import { Resvg } from '@resvg/resvg-js';
import { fontFaces } from './fonts.js';
import { FONT_FAMILY } from './theme.js';

/**
 * Returns an SVG drawing as PNG, `scale` pixels to one. The font is handed over as a file and the system's fonts
 * are left alone, so the text is there, and the same, on a machine that has no fonts at all.
 */
export function svgToPng(svg: string, scale = 2): Buffer {
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    background: '#ffffff',
    font: {
      loadSystemFonts: false,
      fontFiles: fontFaces().map((face) => face.path),
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
    },
  });
  return image.render().asPng();
}
