import type { PageLayer, PageView } from '../page-report.js';
import type { Dom } from './dom.js';

/** The filter of a table's layers. */
export interface LayerFilter {
  /** A part of the name, the kind, the type or a mark, in any case; '' for all. */
  readonly text: string;
  readonly marked: boolean;
}

/** A table of layers that sorts, filters and opens its rows. */
export interface LayerTable {
  readonly element: HTMLTableElement;
  /** Shows the bars of a measure. */
  show(measure: number): void;
  /** Shows the layers that match and returns how many. */
  filter(by: LayerFilter): number;
  /** Opens the row of a layer, or closes it. */
  open(place: number, isOpen?: boolean): void;
  isOpen(place: number): boolean;
  /** The button with the name of a layer. */
  button(place: number): HTMLButtonElement;
}

/**
 * Makes the table of all layers. The page has the text of this function.
 * @param detail returns what an open row shows; called when it is first opened
 */
export function layerTable(
  { html, name, number, percent }: Dom,
  view: PageView,
  detail: (place: number) => Node,
): LayerTable {
  interface Column {
    readonly label: string;
    readonly words?: string | undefined;
    readonly kind: string;
    readonly of: (layer: PageLayer, place: number) => number | string;
  }
  let shown = view.first;
  let sorted: { column: number; descending: boolean } = { column: 0, descending: false };
  const shareOf = ({ cells }: PageLayer, measure: number) => {
    const { value, of } = cells[measure]!;
    return of === 0 ? -1 : value / of;
  };
  const markNames = (layer: PageLayer, key: 'label' | 'short') =>
    layer.marks.map((mark) => view.marks[mark]![key]).join(', ');
  const columns: readonly Column[] = [
    {
      label: '#',
      words: 'The number of the layer in the file',
      kind: 'number wide',
      of: (_, place) => place,
    },
    { label: 'Layer', kind: 'name', of: (layer) => layer.name.toLowerCase() },
    { label: 'Kind', kind: 'text wide', of: (layer) => layer.kind },
    {
      label: 'Size',
      words: 'Outputs x inputs',
      kind: 'number',
      of: (layer) => layer.rows * 1e6 + layer.columns,
    },
    {
      label: view.bars[1].replace(/ \(.*/, ''),
      words: view.bars[1],
      kind: 'number wide',
      of: ({ bars }) => bars[1],
    },
    ...view.measures.map(({ label, words }, measure) => ({
      label,
      words,
      kind: 'number wide',
      of: ({ cells }: PageLayer) => cells[measure]!.value,
    })),
    { label: 'Share', kind: 'share', of: (layer) => shareOf(layer, shown) },
    { label: 'Look at', kind: 'text marks', of: (layer) => -layer.marks.length },
  ];
  const shareColumn = columns.length - 2;

  const headings = columns.map(({ label, words, kind }, column) => {
    const button = html('button', { type: 'button', ...(words && { title: words }) }, label);
    button.addEventListener('click', () => {
      const descending = sorted.column === column ? !sorted.descending : firstDescends(column);
      sorted = { column, descending };
      sort();
    });
    return html('th', { scope: 'col', class: kind }, button);
  });
  const rows = view.layers.map((layer, place) => {
    const button = html(
      'button',
      { type: 'button', 'aria-expanded': 'false', 'aria-controls': `${view.id}-detail-${place + 1}` },
      name(layer.short, 72, layer.name),
    );
    button.addEventListener('click', () => open(place, !isOpen(place)));
    const own = html('i', { class: 'fill' });
    const random = html('i', { class: 'tick' });
    const bar = html('span', { class: 'bar', 'aria-hidden': 'true' }, own, random);
    const words = html('span', {});
    const size = `${number(layer.rows)} × ${number(layer.columns)}`;
    const cells = columns.map(({ kind }, column) => {
      if (kind === 'name') return html('th', { scope: 'row', class: kind }, button);
      const cell = html('td', { class: kind });
      if (column === 0) cell.append(String(place + 1));
      else if (column === 2) cell.append(layer.kind);
      else if (column === 3) cell.append(size);
      else if (column === 4) cell.append(number(layer.bars[1], 3));
      else if (column === shareColumn) cell.append(bar, words);
      else if (column > shareColumn) cell.append(markNames(layer, 'short'));
      else {
        const { value, of, range } = layer.cells[column - 5]!;
        cell.append(of === 0 ? '–' : `${range ? '~' : ''}${number(value, 3)}`);
        if (range) cell.title = `not certified: ${range[0]} to ${range[1]}`;
      }
      return cell;
    });
    const row = html(
      'tr',
      { id: `${view.id}-layer-${place + 1}`, ...(layer.marks.length > 0 && { class: 'marked' }) },
      ...cells,
    );
    const more = html('tr', { id: `${view.id}-detail-${place + 1}`, class: 'detail', hidden: true });
    const words2 = [layer.name, layer.kind, layer.dtype, size, markNames(layer, 'label')]
      .join('\n')
      .toLowerCase();
    return { layer, row, more, button, own, random, words, searched: words2 };
  });
  const body = html('tbody', {});
  const element = html(
    'table',
    { class: 'layers' },
    html('caption', { class: 'hidden' }, 'All layers: select a name to see its spectrum, a heading to sort'),
    html('thead', {}, html('tr', {}, ...headings)),
    body,
  );
  const isOpen = (place: number) => !rows[place]!.more.hidden;

  function open(place: number, wanted = true): void {
    const { more, button, row } = rows[place]!;
    if (wanted && more.childElementCount === 0)
      more.append(html('td', { colspan: columns.length }, html('div', { class: 'inside' })));
    more.hidden = !wanted;
    row.classList.toggle('open', wanted);
    button.setAttribute('aria-expanded', String(wanted));
    const inside = more.querySelector('.inside');
    if (wanted && inside && inside.childElementCount === 0) inside.append(detail(place)); // now it has a width
  }

  function firstDescends(column: number): boolean {
    return column === 4;
  }

  function sort(): void {
    const { column, descending } = sorted;
    const { of } = columns[column]!;
    const keyed = rows.map(({ layer, row, more }, place) => ({ place, key: of(layer, place), row, more }));
    keyed.sort((a, b) => {
      const order = a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
      return order === 0 ? a.place - b.place : descending ? -order : order;
    });
    headings.forEach((heading, i) => {
      if (i === column) heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      else heading.removeAttribute('aria-sort');
    });
    body.append(...keyed.flatMap(({ row, more }) => [row, more]));
  }

  function show(measure: number): void {
    shown = measure;
    headings[shareColumn]!.title = `${view.measures[measure]!.name} as a share of the maximum for the sizes`;
    for (const { layer, own, random, words } of rows) {
      const share = shareOf(layer, measure);
      const { random: other, of } = layer.cells[measure]!;
      own.style.width = `${100 * Math.max(0, share)}%`;
      random.hidden = other === null || share < 0;
      if (other !== null) random.style.insetInlineStart = `${(100 * other) / of}%`;
      words.textContent = share < 0 ? '–' : percent(share);
    }
    if (sorted.column === shareColumn) sort();
  }

  sort();
  show(shown);
  return {
    element,
    show,
    filter({ text, marked }) {
      const wanted = text.trim().toLowerCase();
      let count = 0;
      rows.forEach(({ layer, row, more, searched }, place) => {
        const matches = (wanted === '' || searched.includes(wanted)) && (!marked || layer.marks.length > 0);
        row.hidden = !matches;
        if (!matches) {
          more.hidden = true;
          open(place, false);
        }
        count += matches ? 1 : 0;
      });
      return count;
    },
    open,
    isOpen,
    button: (place) => rows[place]!.button,
  };
}
