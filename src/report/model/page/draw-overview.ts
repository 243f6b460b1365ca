import type { PageView } from '../page-report.js';
import type { Dom } from './dom.js';

/** An overview that was drawn. */
export interface Overview {
  readonly element: SVGSVGElement;
  /** Returns the place of the layer at a horizontal position, in pixels from the left. */
  placeAt(x: number): number;
  /** Marks the place of a layer. */
  point(place: number): void;
  /** The places of the first and the last layer, in pixels from the left. */
  readonly ends: readonly [first: number, last: number];
}

/**
 * Draws all layers in the order of the file. The chart shows a measure as a share of its bound beside the baseline,
 * then outputs, inputs and weights. The page has the text of this function.
 */
export function drawOverview(
  { svg, number }: Dom,
  view: PageView,
  { measure, width }: { readonly measure: number; readonly width: number },
): Overview {
  const { layers } = view;
  const [left, right, top] = [width < 500 ? 40 : 56, 10, 16];
  const heights = width < 500 ? ([190, 44, 44] as const) : ([220, 56, 56] as const);
  const gap = 34;
  const inner = Math.max(1, width - left - right);
  const step = inner / Math.max(1, layers.length);
  const xOf = (place: number) => left + (place + 0.5) * step;
  const second = top + heights[0] + gap;
  const tops = [top, second, second + heights[1] + gap] as const;
  const bottom = tops[2] + heights[2];
  const height = bottom + 38;
  const round = (x: number) => Math.round(10 * x) / 10;
  const text = (x: number, y: number, words: string, anchor = 'start', kind = 'tick') =>
    svg('text', { x: round(x), y: round(y), 'text-anchor': anchor, class: kind }, words);
  const line = (x1: number, y1: number, x2: number, y2: number, kind: string) =>
    svg('line', { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), class: kind });

  const { name } = view.measures[measure]!;
  const drawing = svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${view.id}-title ${view.id}-words`,
    },
    svg('title', { id: `${view.id}-title` }, `${name}, layer by layer`),
    svg(
      'desc',
      { id: `${view.id}-words` },
      `A point for each of ${layers.length} layers in the order of the file: ${name} as a share of the maximum for its sizes` +
        `${view.baseline === null ? '' : `, with a line to the share that ${view.baseline} have`}. ` +
        'Below, bars: ' +
        `${view.bars.join('; ')}. The table of layers has the same numbers.`,
    ),
  );

  // shares
  const [chart] = heights;
  const yOf = (share: number) => top + (1 - Math.min(1, Math.max(0, share))) * chart;
  for (const share of [0, 0.25, 0.5, 0.75, 1])
    drawing.append(
      line(left, yOf(share), width - right, yOf(share), 'grid'),
      text(left - 6, yOf(share) + 4, `${100 * share} %`, 'end'),
    );
  const radius = Math.max(1.6, Math.min(4.5, 0.42 * step));
  const [under, over] = [svg('g'), svg('g')];
  layers.forEach(({ cells, marks }, place) => {
    const { value, of, random } = cells[measure]!;
    if (of === 0) return;
    const [x, y] = [xOf(place), yOf(value / of)];
    if (random !== null) {
      const there = yOf(random / of);
      const half = Math.max(1.5, Math.min(6, 0.4 * step));
      if (Math.abs(there - y) > radius) under.append(line(x, there, x, y, 'gap'));
      under.append(line(x - half, there, x + half, there, 'random'));
    }
    const shape =
      marks.length > 0
        ? svg('path', { d: diamond(round(x), round(y), round(1.35 * radius)), class: 'marked' })
        : svg('circle', { cx: round(x), cy: round(y), r: round(radius), class: 'own' });
    over.append(shape);
  });
  drawing.append(under, over);

  // bars
  const bars = (panel: 1 | 2, title: string, values: readonly number[]) => {
    const max = Math.max(...values) || 1;
    const foot = tops[panel] + heights[panel];
    drawing.append(
      text(left, tops[panel] - 7, title, 'start', 'label'),
      text(left - 6, tops[panel] + 8, short(max), 'end'),
      text(left - 6, foot, '0', 'end'),
      line(left, foot, width - right, foot, 'axis'),
    );
    const wide = Math.max(0.6, Math.min(24, 0.7 * step));
    values.forEach((value, place) => {
      const tall = Math.max(value > 0 ? 1 : 0, (value / max) * heights[panel]);
      drawing.append(
        svg('rect', {
          x: round(xOf(place) - wide / 2),
          y: round(foot - tall),
          width: round(wide),
          height: round(tall),
          class: 'bar',
        }),
      );
    });
  };
  for (const panel of [1, 2] as const)
    bars(
      panel,
      view.bars[panel - 1]!,
      layers.map((layer) => layer.bars[panel - 1]!),
    );

  // numbers of layers
  const every =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((it) => it * step >= 34) ?? 10_000;
  for (let place = 0; place < layers.length; place++)
    if (place === 0 || ((place + 1) % every === 0 && place * step >= 26))
      drawing.append(text(xOf(place), bottom + 16, number(place + 1), 'middle'));
  drawing.append(text(left + inner / 2, bottom + 34, 'Layer, in the order of the file', 'middle', 'label'));

  const cursor = line(0, top - 6, 0, bottom, 'cursor');
  cursor.setAttribute('visibility', 'hidden');
  drawing.append(cursor);

  function diamond(x: number, y: number, r: number): string {
    return `M${x} ${y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`;
  }

  function short(value: number): string {
    if (value >= 1e9) return `${number(value / 1e9, 2)}G`;
    if (value >= 1e6) return `${number(value / 1e6, 2)}M`;
    if (value >= 1e4) return `${number(value / 1e3, 3)}K`;
    return number(value, 3);
  }

  return {
    element: drawing,
    placeAt: (x) => Math.max(0, Math.min(layers.length - 1, Math.floor((x - left) / step))),
    point(place) {
      const x = String(round(xOf(place)));
      cursor.setAttribute('x1', x);
      cursor.setAttribute('x2', x);
      cursor.setAttribute('visibility', 'visible');
    },
    ends: [xOf(0), xOf(layers.length - 1)],
  };
}
