import { unknown } from '../errors.js';
import { toCsv } from '../files/csv.js';
import type { Figure } from './figure.js';
import { specJson } from './spec-json.js';
import { writeWhole } from '../files/write-whole.js';

/** The formats a figure can be written in. */
export const FIGURE_FORMATS = ['svg', 'png', 'pdf', 'html'] as const;

export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/**
 * Writes a figure as `BASE.svg`, `BASE.png` (two pixels to one), `BASE.pdf` and `BASE.html`, as far as asked for,
 * always with its Vega-Lite specification `BASE.vl.json` and its data `BASE.csv` (`BASE-NAME.csv` for each of
 * several data sets), and returns the paths written. Everything is drawn before the first file is written, and
 * each file appears whole or not at all.
 *
 * @throws RangeError if a format is unknown; FileWriteError if a file cannot be written.
 *
 * @example await writeFigure(curveFigure(points), 'figures/curve', ['svg', 'png']);
 */
export async function writeFigure(
  figure: Figure,
  basePath: string,
  formats: readonly FigureFormat[] = FIGURE_FORMATS,
): Promise<string[]> {
  for (const format of formats) {
    if (!FIGURE_FORMATS.includes(format)) throw unknown('figure format', format, FIGURE_FORMATS);
  }
  const files = new Map<string, string | Uint8Array>();
  const drawn = formats.includes('png') || formats.includes('pdf');
  const drawing = drawn ? await (await import('./svg.js')).drawSvg(figure.spec) : '';
  for (const format of FIGURE_FORMATS.filter((format) => formats.includes(format))) {
    files.set(`${basePath}.${format}`, await RENDERERS[format](figure, drawing));
  }
  files.set(`${basePath}.vl.json`, specJson(figure.spec));
  const sets = Object.entries(figure.data);
  for (const [name, rows] of sets) {
    files.set(sets.length === 1 ? `${basePath}.csv` : `${basePath}-${name}.csv`, toCsv(rows));
  }
  for (const [path, content] of files) await writeWhole(path, content);
  return [...files.keys()];
}

// Loaded when asked for: the makers of PDF, PNG and fonts would slow the start of every program that only measures.
const RENDERERS: Readonly<
  Record<FigureFormat, (figure: Figure, drawing: string) => Promise<string | Uint8Array>>
> = {
  svg: async (figure) => (await import('./svg.js')).svgFile(figure),
  png: async (_figure, drawing) => (await import('./png.js')).svgToPng(drawing),
  pdf: async (figure, drawing) => (await import('./pdf.js')).svgToPdf(drawing, figure),
  html: async (figure) => (await import('./html.js')).htmlFile(figure),
};
