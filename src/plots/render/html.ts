import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { columnsOf, snakeCase } from '../../files/csv.js';
import type { Figure, FigureRow, FigureValue } from './figure.js';
import { drawingTexts } from './fonts/drawing-texts.js';
import { escapeScript } from './escape-script.js';
import { embeddedFontStyle } from './fonts/embedded-fonts.js';
import { escapeXml } from './fonts/escape-xml.js';
import { runPage } from './page-script.js';
import { PAGE_STYLE } from './html-style.js';
import { compileSpec, drawSvg } from './svg.js';
import { FONT_STACK, INK, PAPER } from './theme.js';
import { darkColours } from './themes.js';

/** Nothing may be fetched from anywhere. Vega compiles its expressions, hence `unsafe-eval`. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; " +
  'font-src data:; img-src data: blob:';

/**
 * Returns a figure as one HTML file that needs nothing else, not even a network. It has the drawing with a table under
 * the pointer and a legend that can be clicked, a layout for wide and one for narrow screens, and the light or dark
 * colours of the reader's system. The drawing (SVG, PNG), its data and its specification can be saved. Vega and the
 * font are inside.
 */
export async function htmlFile(figure: Figure, drawing?: string): Promise<string> {
  const { narrowSpec } = figure;
  const wide = withoutData(await compileSpec(figure.spec), figure);
  const paper = (figure.spec.config?.background ?? PAPER) as string;
  const page = {
    name: figure.name,
    wide,
    narrow: narrowSpec ? withoutData(await compileSpec(narrowSpec), figure) : null,
    width: figure.size?.width ?? null,
    picks: picks(figure.spec),
    // a figure on white paper becomes dark with the page; one that was given another theme keeps it
    dark: paper === PAPER && figure.spec.config?.title?.color === INK ? darkColours(wide) : null,
    data: Object.fromEntries(Object.entries(figure.data).map(([name, rows]) => [name, byColumn(rows)])),
    spec: withoutDatasets(figure),
  };
  const json = JSON.stringify(page);
  // a table under the pointer has texts that the drawing has not
  const names = new Set(json.match(/"(?:[^"\\]|\\.)*[^\0-\x7f](?:[^"\\]|\\.)*"/g));
  const texts = [
    ...[...names, figure.title, figure.description].map((text) => ({
      text,
      family: FONT_STACK,
      weight: '400',
    })),
    ...drawingTexts(drawing ?? (await drawSvg(figure.spec))),
  ];
  const title = escapeXml(figure.title);
  const description = escapeXml(figure.description);
  const vega = library('vega', 'vega.min.js');
  const embed = library('vega-embed', 'vega-embed.min.js');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="description" content="${description}">
<meta name="generator" content="rankscope">
<title>${title}</title>
<style id="fonts">${embeddedFontStyle(json + figure.title + figure.description, texts)}</style>
<style>${PAGE_STYLE}
#drawing { --paper: ${paper}; }</style>
</head>
<body>
<main>
<h1 class="hidden">${title}</h1>
<figure aria-label="${title}">
<div id="drawing"><noscript>This figure is drawn by a script inside this file. Please allow scripts.</noscript></div>
<figcaption>
<p>${picks(figure.spec) ? PICKING : ''}Point at a panel to read its values.</p>
<details><summary>What the figure shows</summary><p>${description}</p></details>
</figcaption>
</figure>
<p id="downloads"></p>
</main>
<script type="text/plain" id="licences">${escapeScript([vega, embed].map((it) => it.licence).join('\n\n'))}</script>
<script type="application/json" id="figure">${json.replaceAll('<', '\\u003c')}</script>
<script>${escapeScript(vega.source)}</script>
<script>${escapeScript(embed.source)}</script>
<script>(${escapeScript(runPage.toString())})();</script>
</body>
</html>
`;
}

const PICKING =
  'Click a name in the legend to pick it out, shift-click to add another, click an empty place to bring all back.\n';

/** Whether the names of a figure's legend can be picked; those of a scale of colours cannot. */
function picks(spec: object): boolean {
  return JSON.stringify(spec).includes('"bind":"legend"');
}

/** The page carries the data once for both layouts; the page's script puts it back. */
function withoutData(spec: object, figure: Figure): object {
  const { data = [], ...rest } = spec as { data?: readonly { name: string; values?: unknown }[] | undefined };
  return {
    ...rest,
    data: data.map((set) => (Object.hasOwn(figure.data, set.name) ? { ...set, values: null } : set)),
  };
}

function withoutDatasets(figure: Figure): object {
  return { ...figure.spec, datasets: null };
}

/**
 * Rows without their keys, in which each text is its number in a list of texts. That saves most of their size. `texts`
 * is null for a column that is not all text.
 */
function byColumn(rows: readonly FigureRow[]): {
  columns: { name: string; csvName: string; texts: string[] | null }[];
  rows: FigureValue[][];
} {
  const columns = columnsOf(rows).map((name) => {
    const values = [...new Set(rows.map((row) => row[name] ?? null))];
    const texts = values.every((value) => typeof value === 'string') ? values : null;
    return { name, csvName: snakeCase(name), texts };
  });
  const numbers = columns.map(({ texts }) => texts && new Map(texts.map((text, number) => [text, number])));
  const cell = (value: FigureValue, column: number) => numbers[column]?.get(value as string) ?? value;
  return { columns, rows: rows.map((row) => columns.map(({ name }, i) => cell(row[name] ?? null, i))) };
}

function library(name: string, file: string): { source: string; licence: string } {
  const folder = dirname(createRequire(import.meta.url).resolve(name));
  return {
    source: readFileSync(join(folder, file), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'),
    licence: `${name}\n${readFileSync(join(folder, '..', 'LICENSE'), 'utf8')}`,
  };
}
