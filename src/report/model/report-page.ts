import { createHash } from 'node:crypto';
import { escapeScript } from '../../plots/render/escape-script.js';
import { embeddedFontStyle } from '../../plots/render/fonts/embedded-fonts.js';
import { escapeXml } from '../../plots/render/fonts/escape-xml.js';
import type { ModelReport } from './model-report.js';
import { makeDom } from './page/dom.js';
import { drawOverview } from './page/draw-overview.js';
import { drawSpectrum } from './page/draw-spectrum.js';
import { layerDetail } from './page/layer-detail.js';
import { layerTable } from './page/layer-table.js';
import { layersSection } from './page/layers-section.js';
import { markedSection } from './page/marked-section.js';
import { overviewSection } from './page/overview-section.js';
import { runReport, type PageParts } from './page/run-report.js';
import { pageData, pageSpectra } from './page-data.js';
import { REPORT_MARK } from './report-mark.js';
import { REPORT_STYLE } from './report-style.js';

const parts: PageParts = {
  ...{ makeDom, drawOverview, drawSpectrum, layerDetail, layerTable },
  ...{ layersSection, markedSection, overviewSection },
};

/** Returns the page of a report. */
export function reportPage(report: ModelReport): string {
  const json = JSON.stringify(pageData(report));
  const characters = [...new Set(json)].join('');
  const script = escapeScript(
    `(${runReport.toString()})({${Object.entries(parts)
      .map(([name, part]) => `${name}:${(part as () => unknown).toString()}`)
      .join(',\n')}});`,
  );
  const style = `${embeddedFontStyle(characters, [])}${REPORT_STYLE}`;
  // only this script and this style run, whatever a name of the file may say
  const policy =
    `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; font-src data:; ` +
    `base-uri 'none'; form-action 'none'`;
  const title = escapeXml(`${cut(report.file === '-' ? 'standard input' : report.file)}: ranks of a model`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
${REPORT_MARK}
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main><p>This report is drawn by a script inside this file. Please allow scripts.</p></main>
<script type="application/json" id="report">${json.replaceAll('<', '\\u003c')}</script>
<script type="application/json" id="spectra">${JSON.stringify(pageSpectra(report))}</script>
<script>${script}</script>
</body>
</html>
`;
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const cut = (text: string) => (text.length <= 120 ? text : `…${text.slice(-119)}`);
