import type { PageView, PageSpectra } from '../page-report.js';
import type { Dom } from './dom.js';
import type { drawSpectrum } from './draw-spectrum.js';
import type { layerDetail } from './layer-detail.js';
import type { layerTable } from './layer-table.js';
import type { PageSection } from './overview-section.js';

/** The table of all layers with the controls that find, open and save them. */
export interface LayersSection extends PageSection {
  /** Opens a layer, even if a filter hides it, and brings it into view. */
  goTo(place: number): void;
  show(measure: number): void;
}

/** Makes the table of all layers with its controls. The page has the text of this function. */
export function layersSection(
  dom: Dom,
  view: PageView,
  parts: {
    readonly layerTable: typeof layerTable;
    readonly layerDetail: typeof layerDetail;
    readonly drawSpectrum: typeof drawSpectrum;
    /** Returns the spectra of the view. */
    readonly spectra: () => readonly PageSpectra[];
  },
): LayersSection {
  const { html, number, widthOf, button } = dom;
  const { layers, measures, marks } = view;
  const redraws: (() => void)[] = [];
  let spectra: readonly PageSpectra[];
  const table = parts.layerTable(dom, view, (place) => {
    spectra ??= parts.spectra();
    const { element, redraw } = parts.layerDetail(dom, view, place, spectra[place]!, {
      draw: parts.drawSpectrum,
      width: () => Math.min(900, widthOf(scroller) - 24),
    });
    redraws.push(redraw);
    return element;
  });
  const scroller = html('div', {}, table.element);
  const search = html('input', {
    type: 'search',
    id: `${view.id}-search`,
    placeholder: 'name, kind, type, mark',
  });
  const onlyMarked = html('input', { type: 'checkbox' });
  const shown = html('output', {});

  function filter(): void {
    const found = table.filter({ text: search.value, marked: onlyMarked.checked });
    shown.textContent =
      found === layers.length ? `all ${number(found)}` : `${number(found)} of ${number(layers.length)}`;
  }
  search.addEventListener('input', filter);
  onlyMarked.addEventListener('change', filter);

  function goTo(place: number): void {
    const name = table.button(place);
    if (name.closest('tr')?.hidden) {
      search.value = '';
      onlyMarked.checked = false;
      filter();
    }
    table.open(place);
    name.focus({ preventScroll: true });
    const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    name.scrollIntoView({ block: 'start', behavior: isCalm ? 'auto' : 'smooth' });
  }

  function csv(): string {
    const cell = (value: string | number) =>
      /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value;
    const head = [
      ...['layer', 'kind', 'dtype', 'rows', 'columns'],
      ...measures.flatMap(({ label }) => [label, `${label} of the baseline`]),
      'look at',
    ];
    const lines = layers.map((layer) => [
      ...[layer.name, layer.kind, layer.dtype, layer.rows, layer.columns],
      ...layer.cells.flatMap(({ value, of, random }) => [of === 0 ? '' : value, random ?? '']),
      layer.marks.map((mark) => marks[mark]!.label).join('; '),
    ]);
    return [head, ...lines].map((line) => `${line.map(cell).join(',')}\n`).join('');
  }

  function save(): void {
    const href = URL.createObjectURL(new Blob([csv()], { type: 'text/csv' }));
    html('a', { download: `${view.id}.csv`, href }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }

  const marked = layers.flatMap((layer, place) => (layer.marks.length > 0 ? [place] : []));
  const openMarked = button('Open those to look at', () => marked.forEach((place) => table.open(place)));
  const element = html(
    'section',
    { id: `${view.id}-layers`, class: 'all', 'aria-labelledby': `${view.id}-layers-heading` },
    html('h2', { id: `${view.id}-layers-heading` }, dom.titled(view.title, 'All layers')),
    html('p', { class: 'quiet' }, 'Select a name for its spectrum and all its numbers, a heading to sort.'),
    html(
      'p',
      { class: 'controls' },
      html('label', { for: search.id }, 'Find'),
      search,
      ...(marked.length > 0 ? [html('label', {}, onlyMarked, 'only those to look at')] : []),
      shown,
      ...(marked.length > 0 ? [openMarked] : []),
      button('Close all', () => layers.forEach((_, place) => table.open(place, false))),
      button('Save as CSV', save),
    ),
    scroller,
  );
  // its rows are laid out when it comes near
  element.style.containIntrinsicBlockSize = `auto ${120 + 31 * layers.length}px`;
  filter();
  return { element, goTo, show: table.show, redraw: () => redraws.forEach((redraw) => redraw()) };
}
