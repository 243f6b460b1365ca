import type { PageReport } from '../page-data.js';
import type { makeDom } from './dom.js';
import type { drawOverview } from './draw-overview.js';
import type { drawSpectrum } from './draw-spectrum.js';
import type { layerDetail } from './layer-detail.js';
import type { layerTable } from './layer-table.js';
import type { layersSection } from './layers-section.js';
import type { markedSection } from './marked-section.js';
import type { overviewSection } from './overview-section.js';

/** The functions that a page is made by; it has the text of each. */
export interface PageParts {
  readonly makeDom: typeof makeDom;
  readonly drawOverview: typeof drawOverview;
  readonly drawSpectrum: typeof drawSpectrum;
  readonly layerDetail: typeof layerDetail;
  readonly layerTable: typeof layerTable;
  readonly layersSection: typeof layersSection;
  readonly markedSection: typeof markedSection;
  readonly overviewSection: typeof overviewSection;
}

/** Builds the page of a report from the JSON in its element `report`. It uses nothing from outside but the browser. */
export function runReport(parts: PageParts): void {
  const dom = parts.makeDom();
  const { html, name, number, button } = dom;
  const report = JSON.parse(document.getElementById('report')!.textContent!) as PageReport;
  const { layers, measures, baseline, marks, skipped } = report;
  const main = document.querySelector('main')!;

  const link = (place: number) => {
    const { short, name: full } = layers[place]!;
    const it = button('', () => table.goTo(place));
    it.className = 'link';
    it.append(name(short, 60, full));
    return it;
  };
  const section = (id: string, title: string, content: Node) => {
    const heading = html('h2', { id: `${id}-heading` }, title);
    return html('section', { id, 'aria-labelledby': heading.id }, heading, content);
  };
  const pairs = (rows: readonly (readonly [string, string])[]) =>
    html(
      'dl',
      {},
      ...rows.map(([term, value]) =>
        html('div', {}, html('dt', {}, name(term)), html('dd', {}, html('bdi', {}, value))),
      ),
    );

  const table = parts.layersSection(dom, report, parts);
  const overview = parts.overviewSection(dom, report, {
    draw: parts.drawOverview,
    open: table.goTo,
    onMeasure: table.show,
  });
  const hasLayers = layers.length > 0;
  const terms: (readonly [string, string])[] = [
    [
      'direction',
      'A singular value of the weights: one way in which the layer can pass a signal on. There are at most as many as ' +
        'outputs or inputs, whichever is less.',
    ],
    ...measures.map(({ name: term, words }) => [term, words] as const),
    ...(baseline === null
      ? []
      : [
          [
            baseline,
            'What a layer of these sizes has without any structure: the measure of chance.',
          ] as const,
        ]),
    [
      'certified',
      'Proved for the numbers as stored. A rank with ~ is not; its interval is among the numbers of the layer.',
    ],
    ...marks
      .filter((_, mark) => layers.some((layer) => layer.marks.includes(mark)))
      .map(({ label, rule }) => [`marked for ${label}`, `Has ${rule}.`] as const),
  ];
  const settings = [
    ['file', report.file],
    ['format', report.format],
    ...report.settings,
    ['rankscope', report.version],
  ];

  const leftOut = html(
    'details',
    {},
    html(
      'summary',
      {},
      `${number(skipped.length)} ${skipped.length === 1 ? 'tensor' : 'tensors'}, with the reasons`,
    ),
  );
  leftOut.addEventListener('toggle', () => {
    if (!leftOut.querySelector('dl')) leftOut.append(pairs(skipped));
  });

  main.replaceChildren(head(), ...(hasLayers ? [overview.element] : []));
  // charts are drawn for the width they have; measured before the table is there, since its layout takes longest
  let width = 0;
  const fit = () => {
    const now = dom.widthOf(main);
    if (now === width || !hasLayers) return;
    width = now;
    overview.redraw();
    table.redraw();
  };
  fit();
  main.append(
    ...(hasLayers ? [parts.markedSection(dom, report, link), table.element] : []),
    section('settings', 'Settings', pairs(settings as [string, string][])),
    ...(report.notes.length > 0 ? [section('notes', 'Notes', notes())] : []),
    ...(skipped.length > 0 ? [section('skipped', 'Left out', leftOut)] : []),
    section('terms', 'How to read this page', pairs(terms)),
  );
  window.addEventListener('resize', fit);
  const [, asked] = /^#layer-(\d+)$/.exec(location.hash) ?? [];
  if (asked !== undefined && layers[Number(asked) - 1]) table.goTo(Number(asked) - 1);
  document.documentElement.dataset['drawn'] = 'yes';

  function notes(): HTMLElement {
    return html('ul', {}, ...report.notes.map((note) => html('li', {}, html('bdi', {}, note))));
  }

  function head(): HTMLElement {
    const last = report.file.split(/[\\/]/).filter(Boolean).at(-1) ?? report.file;
    const weights = layers.reduce((sum, layer) => sum + layer.rows * layer.columns, 0);
    const facts: (readonly [string, string])[] = [
      [number(layers.length), layers.length === 1 ? 'layer' : 'layers'],
      [shortCount(weights), 'weights in them'],
      [number(layers.filter((layer) => layer.marks.length > 0).length), 'to look at'],
      [number(skipped.length), skipped.length === 1 ? 'tensor left out' : 'tensors left out'],
    ];
    return html(
      'header',
      {},
      html('p', { class: 'quiet' }, 'rankscope: how much of its width each layer of a trained model uses'),
      html('h1', {}, name(report.file === '-' ? 'standard input' : last, 120)),
      html(
        'ul',
        { class: 'facts' },
        ...facts.map(([value, words]) => html('li', {}, html('b', {}, value), ` ${words}`)),
      ),
      ...report.findings.map((phrase) =>
        html(
          'p',
          { class: 'finding' },
          ...phrase.map((part) => (typeof part === 'string' ? part : link(part.layer))),
        ),
      ),
    );
  }

  function shortCount(value: number): string {
    if (value >= 1e9) return `${number(value / 1e9, 3)} billion`;
    if (value >= 1e6) return `${number(value / 1e6, 3)} million`;
    return number(value);
  }
}
