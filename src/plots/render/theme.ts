import type { Config } from 'vega-lite';

/** The family the figures are set in, with what to fall back on where a viewer lacks it. */
export const FONT_FAMILY = 'Source Sans 3';
// in quotation marks: without them CSS takes no word that begins with a digit
export const FONT_STACK = `'${FONT_FAMILY}', Helvetica, Arial, sans-serif`;

/** Ink for text that carries meaning, for text that supports it, and for lines that only guide the eye. */
export const INK = '#1f2328';
export const QUIET = '#59606a';
export const GUIDE = '#8c939d';
export const GRID = '#e7e9ec';
/** The colour of the paper. Themes replace all five (`themes.ts`), so no mark has them as a colour of its own. */
export const PAPER = '#ffffff';

/** Opacity of a line that the reader has not picked, when others are picked. */
export const FADED = 0.07;

/** Returns the Vega-Lite configuration all figures share: type, grid and marks, none of the data. */
export function themeConfig(): Config {
  return {
    font: FONT_STACK,
    background: PAPER,
    padding: 14,
    // Values outside a scale are drawn where they belong or not at all, never dropped from a line in silence.
    mark: { invalid: 'break-paths-show-path-domains' },
    view: { stroke: null, continuousWidth: 250, continuousHeight: 220 },
    title: {
      anchor: 'start',
      frame: 'group',
      color: INK,
      fontSize: 13,
      fontWeight: 600,
      offset: 9,
      subtitleColor: QUIET,
      subtitleFontSize: 12,
      subtitleFontWeight: 400,
      subtitlePadding: 4,
    },
    axis: {
      domainColor: GUIDE,
      domainWidth: 1,
      grid: true,
      gridColor: GRID,
      gridWidth: 1,
      labelColor: QUIET,
      labelFlush: false,
      labelFontSize: 11,
      labelFontWeight: 400,
      labelPadding: 4,
      tickColor: GUIDE,
      tickSize: 4,
      titleColor: INK,
      titleFontSize: 12,
      titleFontWeight: 400,
      titlePadding: 9,
    },
    legend: {
      labelColor: INK,
      labelFontSize: 12,
      labelLimit: 220,
      symbolStrokeWidth: 1.8,
      titleColor: INK,
      titleFontSize: 12,
      titleFontWeight: 600,
    },
    header: {
      labelColor: INK,
      labelFontSize: 12,
      labelFontWeight: 600,
      labelPadding: 7,
      titleColor: INK,
      titleFontSize: 12,
      titleFontWeight: 400,
    },
    line: { strokeWidth: 1.6, strokeJoin: 'round' },
    point: { filled: true, size: 24, opacity: 1 },
    area: { opacity: 0.14, line: false },
    rule: { color: GUIDE },
    text: { color: INK, fontSize: 11 },
  };
}
