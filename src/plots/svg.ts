import type { LoggerInterface, Spec } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import { embeddedFontStyle } from './embedded-font.js';
import type { Figure } from './figure.js';
import { textWidth } from './fonts.js';
import { FONT_FAMILY } from './theme.js';

// vega and vega-lite contain a top-level await, which would break `require()` of this package: they are
// loaded when a figure is drawn, never before.

/** Returns the Vega specification of a Vega-Lite one; `warn` is told what Vega-Lite has to say about it. */
export async function compileSpec(
  spec: TopLevelSpec,
  warn: (message: string) => void = () => {},
): Promise<Spec> {
  const { compile } = await import('vega-lite');
  const tell = (...messages: readonly unknown[]): LoggerInterface => {
    warn(messages.map(String).join(' '));
    return logger;
  };
  const quiet = (): LoggerInterface => logger;
  const logger = { level: quiet, error: tell, warn: tell, info: quiet, debug: quiet } as LoggerInterface;
  // A copy: Vega marks the rows it is given.
  return compile(structuredClone(spec), { logger }).spec;
}

/** Returns the drawing of a figure as SVG, without the font inside. */
export async function drawSvg(spec: TopLevelSpec): Promise<string> {
  const vega = await import('vega');
  measureWithFont(vega);
  const view = new vega.View(vega.parse(await compileSpec(spec)), { renderer: 'none', logLevel: vega.Error });
  try {
    return fromZero(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Returns a figure as a self-contained SVG file: its title and description for screen readers, its font inside. */
export async function svgFile(figure: Figure): Promise<string> {
  const svg = await drawSvg(figure.spec);
  const opening = svg.indexOf('>', svg.indexOf('<svg')) + 1;
  const words = `<title>${escapeXml(figure.title)}</title><desc>${escapeXml(figure.description)}</desc>`;
  const style = `<style>${embeddedFontStyle(svg)}</style>`;
  const tag = svg.slice(0, opening).replace('<svg ', '<svg role="img" ');
  return `${tag}${words}<defs>${style}</defs>${svg.slice(opening)}\n`;
}

/** Numbers the clips from 0: Vega counts on from figure to figure, and the same figure should give the same file. */
function fromZero(svg: string): string {
  const names = new Map<string, string>();
  return svg.replace(/(id="|url\(#)((?:clip|gradient_)\d+)/g, (_, before: string, name: string) => {
    if (!names.has(name)) names.set(name, `${name.replace(/\d+$/, '')}${names.size}`);
    return before + names.get(name)!;
  });
}

/** Returns the text with everything escaped that XML would read as markup. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

interface TextItem {
  readonly font?: string;
  readonly fontSize?: number;
  readonly fontWeight?: unknown;
  readonly limit?: number;
}

interface TextMetrics {
  width(item: TextItem, text: string): number;
}

const measured = new WeakSet<TextMetrics>();

/** Gives Vega the real widths of the figures' font; text in any other font is measured as before. */
function measureWithFont(vega: object): void {
  const metrics = (vega as { textMetrics: TextMetrics }).textMetrics;
  if (measured.has(metrics)) return;
  measured.add(metrics);
  const before = metrics.width;
  metrics.width = (item, text) => {
    if (!item.font?.startsWith(FONT_FAMILY)) return before(item, text);
    const width = textWidth(String(text ?? '').trim(), item.fontSize ?? 11, item.fontWeight);
    return item.limit !== undefined && item.limit > 0 ? Math.min(width, item.limit) : width;
  };
}
