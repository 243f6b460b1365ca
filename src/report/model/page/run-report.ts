import type { PageReport, PageSpectra, PageTable } from '../page-report.js';
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
  const json = (id: string): unknown => JSON.parse(document.getElementById(id)!.textContent!);
  const report = json('report') as PageReport;
  const { skipped, plan } = report;
  const main = document.querySelector('main')!;
  let spectra: PageSpectra[][] | undefined;

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

  const sections = report.views
    .filter((view) => view.layers.length > 0)
    .map((view) => {
      const place = report.views.indexOf(view);
      const table = parts.layersSection(dom, view, {
        ...parts,
        spectra: () => (spectra ??= json('spectra') as PageSpectra[][])[place]!,
      });
      const overview = parts.overviewSection(dom, view, {
        draw: parts.drawOverview,
        open: table.goTo,
        onMeasure: table.show,
      });
      const link = (layer: number) => {
        const { short, name: full } = view.layers[layer]!;
        const it = button('', () => table.goTo(layer));
        it.className = 'link';
        it.append(name(short, 60, full));
        return it;
      };
      return { view, table, overview, link, marked: parts.markedSection(dom, view, link) };
    });
  const terms = [
    ...report.views.flatMap((view) => view.terms),
    ...report.views.flatMap(({ measures }) =>
      measures.map(({ name: term, words }) => [term, words] as const),
    ),
    [
      'certified',
      'Proved for the stored numbers. A rank with ~ is not proved; the details of the layer have its interval.',
    ] as const,
    ...report.views.flatMap(({ marks, layers }) =>
      marks
        .filter((_, mark) => layers.some((layer) => layer.marks.includes(mark)))
        .map(({ label, rule }) => [`marked for ${label}`, `Has ${rule}.`] as const),
    ),
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

  main.replaceChildren(head(), ...sections.map(({ overview }) => overview.element));
  // charts are drawn for the width they have; measured before the tables are there, since their layout takes longest
  let width = 0;
  const fit = () => {
    const now = dom.widthOf(main);
    if (now === width) return;
    width = now;
    for (const { overview, table } of sections) {
      overview.redraw();
      table.redraw();
    }
  };
  fit();
  for (const { overview, marked, table } of sections) overview.element.after(marked, table.element);
  const rest = [
    ...(plan ? [section('plan', plan.title, planContent(plan))] : []),
    section('settings', 'Settings', pairs(report.settings)),
    ...(report.notes.length > 0 ? [section('notes', 'Notes', notes())] : []),
    ...(skipped.length > 0 ? [section('skipped', 'Left out', leftOut)] : []),
    section('terms', 'How to read this page', pairs(terms)),
  ];
  main.append(...rest);
  window.addEventListener('resize', fit);
  const [, id, asked] = /^#(\w+)-layer-(\d+)$/.exec(location.hash) ?? [];
  const linked = sections.find(({ view }) => view.id === id);
  if (linked?.view.layers[Number(asked) - 1]) linked.table.goTo(Number(asked) - 1);
  document.documentElement.dataset['drawn'] = 'yes';

  function notes(): HTMLElement {
    return html('ul', {}, ...report.notes.map((note) => html('li', {}, html('bdi', {}, note))));
  }

  function planContent({ words, head: headings, rows }: PageTable): HTMLElement {
    return html(
      'div',
      {},
      ...words.map((sentence) => html('p', {}, html('bdi', {}, sentence))),
      html(
        'div',
        { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': 'The plan, layer by layer' },
        html(
          'table',
          { class: 'plan' },
          html('thead', {}, html('tr', {}, ...headings.map((it) => html('th', { scope: 'col' }, it)))),
          html(
            'tbody',
            {},
            ...rows.map(([layer, ...cells]) =>
              html(
                'tr',
                {},
                html('th', { scope: 'row' }, name(String(layer), 60)),
                ...cells.map((cell) => html('td', {}, typeof cell === 'number' ? number(cell, 3) : cell)),
              ),
            ),
          ),
        ),
      ),
    );
  }

  function head(): HTMLElement {
    const last = report.file.split(/[\\/]/).filter(Boolean).at(-1) ?? report.file;
    return html(
      'header',
      {},
      html('p', { class: 'quiet' }, 'rankscope: how much of its width each layer of a trained model uses'),
      html('h1', {}, name(report.file === '-' ? 'standard input' : last, 120)),
      html(
        'ul',
        { class: 'facts' },
        ...report.facts.map(([value, words]) => html('li', {}, html('b', {}, value), ` ${words}`)),
      ),
      ...(sections.length === 0 ? [html('p', { class: 'finding' }, 'No layer was measured.')] : []),
      ...(plan ? [html('p', { class: 'finding' }, plan.words[0]!)] : []),
      ...sections.flatMap(({ view, link }) =>
        view.findings.map((phrase) =>
          html(
            'p',
            { class: 'finding' },
            ...(view.title === '' ? [] : [html('span', { class: 'quiet' }, `${view.title}: `)]),
            ...phrase.map((part) => (typeof part === 'string' ? part : link(part.layer))),
          ),
        ),
      ),
    );
  }
}
