import type { PageView, PageSpectra } from '../page-report.js';
import type { Dom } from './dom.js';
import type { drawSpectrum } from './draw-spectrum.js';

/**
 * Makes the content of an open row of a layer: the explanation, its spectrum, and all numbers. The page has the text of
 * this function.
 */
export function layerDetail(
  dom: Dom,
  view: PageView,
  place: number,
  spectra: PageSpectra,
  { draw, width }: { readonly draw: typeof drawSpectrum; readonly width: () => number },
): { readonly element: HTMLElement; redraw(): void } {
  const { html, name, number, percent, key } = dom;
  const layer = view.layers[place]!;
  const { baseline, other } = view;
  const id = `${view.id}-spectrum-${place + 1}`;

  const [first = '', ...others] = [...layer.lead, ...layer.more];
  const explained = html(
    'div',
    { class: 'explained' },
    html('p', { class: 'first' }, first),
    ...others.map((sentence) => html('p', {}, sentence)),
    ...layer.marks.map((mark) => {
      const { label, rule } = view.marks[mark]!;
      return html('p', { class: 'quiet' }, html('span', { class: 'mark' }, label), ` ${rule}`);
    }),
  );

  // the chart, with the values under the pointer in words
  const reading = html('output', { class: 'reading' });
  const drawNow = () => draw(dom, layer, spectra, { other, width: width(), id });
  let drawn = drawNow();
  const chart = html('div', { class: 'chart' }, drawn.element);
  const redraw = () => {
    drawn = drawNow();
    chart.replaceChildren(drawn.element);
  };
  chart.addEventListener('pointermove', ({ clientX }) => {
    const box = drawn.element.getBoundingClientRect();
    const scale = drawn.element.viewBox.baseVal.width / Math.max(1, box.width);
    reading.textContent = drawn.read((clientX - box.left) * scale);
  });
  chart.addEventListener('pointerleave', () => (reading.textContent = drawn.read(-1)));
  const legend = html(
    'p',
    { class: 'legend' },
    key('own', 'this layer'),
    ...(spectra.other && other !== null ? [key('other', other)] : []),
    ...(layer.floor > 0 ? [key('floor', 'rounding of the stored type')] : []),
    ...(layer.edge > 0 ? [key('edge', 'where random weights end (Marchenko-Pastur)')] : []),
  );

  // the same as numbers, made when they are asked for
  const values = html('details', {}, html('summary', {}, 'Singular values as numbers'));
  values.addEventListener('toggle', () => {
    if (!values.open || values.querySelector('table')) return;
    const { places } = spectra.own;
    const head = ['#', 'this layer', ...(spectra.other && other !== null ? [other] : [])];
    values.append(
      ...(places ? [html('p', { class: 'quiet' }, `A choice of ${places.length} values.`)] : []),
      html(
        'table',
        { class: 'values' },
        html('thead', {}, html('tr', {}, ...head.map((words) => html('th', { scope: 'col' }, words)))),
        html(
          'tbody',
          {},
          ...spectra.own.values.map((value, i) =>
            html(
              'tr',
              {},
              html('th', { scope: 'row' }, String(places?.[i] ?? i + 1)),
              html('td', {}, String(value)),
              ...(spectra.other ? [html('td', {}, String(spectra.other.values[i] ?? ''))] : []),
            ),
          ),
        ),
      ),
    );
  });

  const measured = view.measures.flatMap(({ name: words }, measure) => {
    const { value, of, random, range } = layer.cells[measure]!;
    if (of === 0) return [];
    const certified = range ? `, not certified: ${number(range[0])} to ${number(range[1])}` : '';
    const other = random === null || baseline === null ? '' : `; ${baseline}: ${number(random, 3)}`;
    return [
      [words, `${number(value, 3)} of ${number(of)} (${percent(value / of)})${certified}${other}`] as const,
    ];
  });
  const facts = html(
    'dl',
    {},
    html('div', {}, html('dt', {}, 'name'), html('dd', {}, name(layer.name))),
    ...[...measured, ...layer.facts].map(([term, value]) =>
      html('div', {}, html('dt', {}, term), html('dd', {}, html('bdi', {}, value))),
    ),
  );
  return {
    element: html(
      'div',
      { class: 'layer' },
      explained,
      html('figure', {}, legend, chart, reading),
      facts,
      values,
    ),
    redraw,
  };
}
