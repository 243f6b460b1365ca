import type { PageView } from '../page-report.js';
import type { Dom } from './dom.js';
import type { drawOverview, Overview } from './draw-overview.js';

/** A part of a page, drawn for the width it has. */
export interface PageSection {
  readonly element: HTMLElement;
  redraw(): void;
}

/**
 * Makes the overview of all layers: the chart, a slider to point at one, and the measure's choice. The page has the
 * text of this function.
 */
export function overviewSection(
  dom: Dom,
  view: PageView,
  {
    draw,
    open,
    onMeasure,
  }: {
    readonly draw: typeof drawOverview;
    readonly open: (place: number) => void;
    readonly onMeasure: (measure: number) => void;
  },
): PageSection {
  const { html, name, number, percent, plainName, widthOf, button, key } = dom;
  const { layers, measures, baseline } = view;
  let measure = view.first;
  let overview: Overview | undefined;

  const select = html(
    'select',
    { id: `${view.id}-measure` },
    ...measures.map((it, place) => html('option', { value: place, selected: place === measure }, it.name)),
  );
  const words = html('p', { class: 'quiet' });
  const chart = html('div', { class: 'chart' });
  const last = Math.max(0, layers.length - 1);
  const slider = html('input', {
    type: 'range',
    min: 0,
    max: last,
    step: 1,
    value: 0,
    'aria-label': 'Layer',
  });
  const reading = html('output', { class: 'reading' });

  function point(place: number): void {
    const layer = layers[place]!;
    const { value, of, random } = layer.cells[measure]!;
    const share =
      of === 0
        ? 'not measured'
        : `${number(value, 3)} of ${number(of)} (${percent(value / of)})` +
          (random === null || baseline === null ? '' : `; ${baseline}: ${percent(random / of)}`);
    const said = `${measures[measure]!.name} is ${share}; ${number(layer.rows)} × ${number(layer.columns)}`;
    slider.value = String(place);
    slider.setAttribute('aria-valuetext', `${place + 1} ${plainName(layer.short)}: ${said}`);
    reading.replaceChildren(`${place + 1} `, name(layer.short, 60, layer.name), `: ${said}`);
    overview?.point(place);
  }

  function redraw(): void {
    overview = draw(dom, view, { measure, width: widthOf(chart) });
    chart.replaceChildren(overview.element);
    // the thumb of the slider stays under its layer
    const [from, to] = overview.ends;
    slider.style.marginInlineStart = `${from - 8}px`;
    slider.style.width = `${to - from + 16}px`;
    words.textContent = measures[measure]!.words;
    point(Number(slider.value));
  }

  const atPointer =
    (act: (place: number) => void) =>
    ({ clientX }: MouseEvent): void => {
      if (!overview) return;
      const { element: drawing, placeAt } = overview;
      const box = drawing.getBoundingClientRect();
      act(placeAt(((clientX - box.left) * drawing.viewBox.baseVal.width) / box.width));
    };
  chart.addEventListener('pointermove', atPointer(point));
  chart.addEventListener('click', atPointer(open));
  slider.addEventListener('input', () => point(Number(slider.value)));
  slider.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // it would also press the button that gets the focus
    open(Number(slider.value));
  });
  select.addEventListener('change', () => {
    measure = Number(select.value);
    redraw();
    onMeasure(measure);
  });

  const element = html(
    'section',
    { id: `${view.id}-overview`, class: 'overview', 'aria-labelledby': `${view.id}-overview-heading` },
    html('h2', { id: `${view.id}-overview-heading` }, dom.titled(view.title, 'Overview')),
    html('p', { class: 'quiet' }, view.words),
    html(
      'p',
      { class: 'controls' },
      html('label', { for: select.id }, 'Show'),
      select,
      'as a share of the maximum for the sizes',
    ),
    words,
    html(
      'p',
      { class: 'legend' },
      key('point', 'a layer'),
      ...(layers.some(({ marks }) => marks.length > 0) ? [key('diamond', 'a layer to look at')] : []),
      ...(baseline === null ? [] : [key('dash', baseline)]),
    ),
    chart,
    html('div', { class: 'slider' }, slider),
    html(
      'p',
      { class: 'controls' },
      reading,
      button('Open this layer', () => open(Number(slider.value))),
    ),
  );
  return { element, redraw };
}
