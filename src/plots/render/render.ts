import { basename } from 'node:path';
import { unknown } from '../../errors.js';
import { callback, maybe, oneOf, orElse, readOptions, strict, type OptionEntries } from '../../schema.js';
import { toCsv } from '../../files/csv.js';
import type { Figure } from './figure.js';
import { fitDrawing } from './fit-drawing.js';
import { specBeside } from './spec-beside.js';
import { specJson } from './spec-json.js';
import { writeWhole } from '../../files/write-whole.js';

/** The formats a figure can be written in. */
export const FIGURE_FORMATS = ['svg', 'png', 'pdf', 'html'] as const;

export type FigureFormat = (typeof FIGURE_FORMATS)[number];

export interface WriteFigureOptions {
  /**
   * Called with notes for the reader: fonts that are not installed, characters that no font has.
   * @default a line on stderr, each once
   */
  readonly onNote?: ((note: string) => void) | undefined;
  /**
   * Where `BASE.vl.json` has its data: `inside` the file, or `beside` it, in the figure's CSV files. With `inside` it
   * can be pasted into any editor. With `beside` it names the CSV files, so the data are kept once.
   * @default 'inside'
   */
  readonly data?: 'inside' | 'beside' | undefined;
}

const writeFigureOptions = strict({
  onNote: maybe(callback<NonNullable<WriteFigureOptions['onNote']>>()),
  data: orElse(oneOf(['inside', 'beside']), 'inside'),
} satisfies OptionEntries<WriteFigureOptions>);

/**
 * Writes a figure in the requested formats and returns the paths written. The files are `BASE.svg`, `BASE.png` (two
 * pixels to one), `BASE.pdf` and `BASE.html`, and always the Vega-Lite specification `BASE.vl.json` and the data
 * `BASE.csv` (`BASE-NAME.csv` for each of several data sets). Everything is drawn before the first file is written, and
 * each file appears whole or not at all.
 *
 * @throws RangeError if a format or an option is unknown; FileWriteError if a file cannot be written.
 *
 * @example await writeFigure(curveFigure(points), 'figures/curve', ['svg', 'png']);
 */
export async function writeFigure(
  figure: Figure,
  basePath: string,
  formats: readonly FigureFormat[] = FIGURE_FORMATS,
  options: WriteFigureOptions = {},
): Promise<string[]> {
  const { data, onNote = sayOnce } = readOptions(writeFigureOptions, options);
  for (const format of formats) {
    if (!FIGURE_FORMATS.includes(format)) throw unknown('figure format', format, FIGURE_FORMATS);
  }
  const files = new Map<string, string | Uint8Array>();
  const drawing =
    formats.length > 0
      ? fitDrawing(await (await import('./svg.js')).drawSvg(figure.spec, onNote), figure.size)
      : '';
  for (const format of FIGURE_FORMATS.filter((format) => formats.includes(format))) {
    files.set(`${basePath}.${format}`, await RENDERERS[format](figure, drawing));
  }
  const sets = Object.entries(figure.data);
  const table = (name: string) => (sets.length === 1 ? `${basePath}.csv` : `${basePath}-${name}.csv`);
  const spec = data === 'inside' ? figure.spec : specBeside(figure, (name) => basename(table(name)));
  files.set(`${basePath}.vl.json`, specJson(spec));
  for (const [name, rows] of sets) files.set(table(name), toCsv(rows));
  for (const [path, content] of files) await writeWhole(path, content);
  return [...files.keys()];
}

/** Returns a figure as a self-contained SVG file: its title and description for screen readers, its font inside. */
export async function svgFile(figure: Figure): Promise<string> {
  const { drawSvg, svgWithFonts } = await import('./svg.js');
  return svgWithFonts(fitDrawing(await drawSvg(figure.spec), figure.size), figure);
}

const said = new Set<string>();

function sayOnce(note: string): void {
  if (said.has(note)) return;
  said.add(note);
  process.stderr.write(`rankscope: ${note}\n`);
}

// Loaded when asked for: the makers of PDF, PNG and fonts would slow the start of every program that only measures.
const RENDERERS: Readonly<
  Record<FigureFormat, (figure: Figure, drawing: string) => Promise<string | Uint8Array>>
> = {
  svg: async (figure, drawing) => (await import('./svg.js')).svgWithFonts(drawing, figure),
  png: async (_figure, drawing) => (await import('./png.js')).svgToPng(drawing),
  pdf: async (figure, drawing) => (await import('./pdf.js')).svgToPdf(drawing, figure),
  html: async (figure, drawing) => (await import('./html.js')).htmlFile(figure, drawing),
};
