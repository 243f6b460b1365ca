import type { LoggerInterface, Spec } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import { entryOf } from '../../lookups.js';
import { compactSvg } from './compact-svg.js';
import type { Figure } from './figure.js';
import { drawingTexts } from './fonts/drawing-texts.js';
import { embeddedFontStyle } from './fonts/embedded-fonts.js';
import { escapeXml, wellFormed } from './fonts/escape-xml.js';
import { fontNotes } from './fonts/font-notes.js';
import { withKnownFamilies } from './fonts/known-families.js';
import { textWidth } from './fonts/text-runs.js';
import { FONT_STACK } from './theme.js';

// vega and vega-lite contain a top-level await, which would break `require()` of this package: they are
// loaded when a figure is drawn, never before.

/**
 * Returns the Vega specification of a Vega-Lite one, set in fonts of this machine. `warn` gets the warnings of
 * Vega-Lite, `missing` each list of font families of which none is installed.
 */
export async function compileSpec(
  spec: TopLevelSpec,
  warn: (message: string) => void = () => {},
  missing: (family: string) => void = () => {},
): Promise<Spec> {
  const { compile } = await import('vega-lite');
  const tell = (...messages: readonly unknown[]): LoggerInterface => {
    warn(messages.map(String).join(' '));
    return logger;
  };
  const quiet = (): LoggerInterface => logger;
  const logger = { level: quiet, error: tell, warn: tell, info: quiet, debug: quiet } as LoggerInterface;
  // A copy: Vega marks the rows it is given.
  return withKnownFamilies(compile(structuredClone(spec), { logger }).spec, missing);
}

/**
 * Returns the drawing of a figure as SVG, without the font inside.
 * @param note is told what the fonts of this machine lack
 * @param folder holds the files that the specification names, if it names any
 */
export async function drawSvg(
  spec: TopLevelSpec,
  note: (words: string) => void = () => {},
  folder?: string,
): Promise<string> {
  const vega = await import('vega');
  measureWithFonts(vega);
  const missing = new Set<string>();
  const compiled = await compileSpec(spec, undefined, (family) => missing.add(family));
  const loader = vega.loader(folder === undefined ? {} : { baseURL: folder });
  const view = new vega.View(vega.parse(compiled), { loader, renderer: 'none', logLevel: vega.Error });
  try {
    const svg = wellFormed(fromZero(await view.toSVG()));
    fontNotes(drawingTexts(svg), missing).forEach(note);
    return svg;
  } finally {
    view.finalize();
  }
}

/** Returns a drawing as a self-contained SVG file: its title and description for screen readers, its font inside. */
export function svgWithFonts(svg: string, figure: Pick<Figure, 'title' | 'description'>): string {
  const drawing = compactSvg(svg);
  const opening = drawing.indexOf('>', drawing.indexOf('<svg')) + 1;
  const words = `<title>${escapeXml(figure.title)}</title><desc>${escapeXml(figure.description)}</desc>`;
  const style = `<style>${embeddedFontStyle(svg, drawingTexts(svg))}</style>`;
  const tag = drawing.slice(0, opening).replace('<svg ', '<svg role="img" ');
  return `${tag}${words}<defs>${style}</defs>${drawing.slice(opening)}\n`;
}

/**
 * Numbers the clips from 0, so that the same figure gives the same file. Vega continues its count from figure to
 * figure.
 */
function fromZero(svg: string): string {
  const names = new Map<string, string>();
  return svg.replace(/(id="|url\(#)((?:clip|gradient_)\d+)/g, (_, before: string, name: string) => {
    if (!names.has(name)) names.set(name, `${name.replace(/\d+$/, '')}${names.size}`);
    return before + entryOf(names, name);
  });
}

interface TextItem {
  readonly font?: string | undefined;
  readonly fontSize?: number | undefined;
  readonly fontWeight?: unknown;
  readonly limit?: number | undefined;
}

interface TextMetrics {
  width(item: TextItem, text: string): number;
}

const measured = new WeakSet<TextMetrics>();

/** Gives Vega the real widths of the fonts that texts are drawn in. */
function measureWithFonts(vega: object): void {
  const metrics = (vega as { textMetrics: TextMetrics }).textMetrics;
  if (measured.has(metrics)) return;
  measured.add(metrics);
  metrics.width = (item, text) => {
    const family = item.font ?? FONT_STACK;
    const width = textWidth(String(text ?? '').trim(), item.fontSize ?? 11, item.fontWeight, family);
    return item.limit !== undefined && item.limit > 0 ? Math.min(width, item.limit) : width;
  };
}
