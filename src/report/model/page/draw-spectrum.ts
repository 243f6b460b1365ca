import type { PageLayer, PageSpectra } from '../page-report.js';
import type { ThinSpectrum } from '../thin-spectrum.js';
import type { Dom } from './dom.js';

/** A spectrum that was drawn. */
export interface DrawnSpectrum {
  readonly element: SVGSVGElement;
  /** Shows the singular values nearest to a horizontal position and returns them in words; '' outside the chart. */
  read(x: number): string;
}

/**
 * Draws the singular values of a layer beside those of its baseline, largest first. Lines mark the noise floor of
 * rounding and the edge of random matrices. The page has the text of this function.
 */
export function drawSpectrum(
  { svg, number, plainName }: Dom,
  layer: PageLayer,
  spectra: PageSpectra,
  { other: words, width, id }: { readonly other: string | null; readonly width: number; readonly id: string },
): DrawnSpectrum {
  const small = width < 500;
  const [left, right, top, bottom] = [small ? 46 : 60, small ? 12 : 150, 14, 44];
  const height = small ? 270 : 330;
  const [inner, tall] = [Math.max(1, width - left - right), height - top - bottom];
  const full = spectra.own.places?.at(-1) ?? spectra.own.values.length;
  const placesOf = ({ places, values }: ThinSpectrum) => places ?? values.map((_, i) => i + 1);
  const round = (x: number) => Math.round(10 * x) / 10;

  // the axis shows what lies above rounding, and a little of what does not
  const largest = Math.max(spectra.own.values[0] ?? 0, spectra.other?.values[0] ?? 0);
  const positive = [...spectra.own.values, ...(spectra.other?.values ?? [])].filter((value) => value > 0);
  const lowest = Math.max(
    Math.min(largest / 20, ...positive, ...(layer.floor > 0 ? [layer.floor] : [])) * 0.8,
    layer.floor > 0 ? layer.floor / 30 : largest * 1e-12,
    largest * 1e-14,
  );
  const highest = 1.4 * Math.max(largest, layer.edge < 10 * largest ? layer.edge : 0);
  const xOf = (place: number) => left + ((place - 0.5) / Math.max(1, full)) * inner;
  const yOf = (value: number) =>
    top + (Math.log(highest / Math.max(value, lowest)) / Math.log(highest / lowest)) * tall;
  const text = (x: number, y: number, said: string, anchor = 'start', kind = 'tick') =>
    svg('text', { x: round(x), y: round(y), 'text-anchor': anchor, class: kind }, said);
  const line = (x1: number, y1: number, x2: number, y2: number, kind: string) =>
    svg('line', { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), class: kind });

  const drawing = svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-words`,
    },
    svg('title', { id: `${id}-title` }, `Singular values of ${plainName(layer.name)}`),
    svg(
      'desc',
      { id: `${id}-words` },
      `${number(full)} singular values from ${spectra.own.values[0] ?? 0} down to ${spectra.own.values.at(-1) ?? 0}, on a logarithmic axis` +
        `${spectra.other && words !== null ? `, beside those of ${words}, which begin at ${spectra.other.values[0] ?? 0}` : ''}. ` +
        'The table below the chart has them as numbers.',
    ),
  );
  if (!(largest > 0)) {
    drawing.append(text(width / 2, height / 2, 'All singular values are 0.', 'middle', 'label'));
    return { element: drawing, read: () => '' };
  }

  // axes
  const decades = Math.log10(highest / lowest);
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(lowest)); power <= Math.log10(highest); power++)
    for (const digit of decades < 1.2 ? [1, 2, 3, 5] : decades < 3 ? [1, 3] : [1]) {
      const tick = digit * 10 ** power;
      if (tick >= lowest && tick <= highest && (decades < 7 || power % Math.ceil(decades / 6) === 0))
        ticks.push(tick);
    }
  for (const tick of ticks)
    drawing.append(
      line(left, yOf(tick), left + inner, yOf(tick), 'grid'),
      text(left - 6, yOf(tick) + 4, formatTick(tick), 'end'),
    );
  const every =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((it) => (it / full) * inner >= 40) ?? 10_000;
  for (let place = every; place <= full; place += every)
    drawing.append(text(xOf(place), top + tall + 17, number(place), 'middle'));
  if (every > 1) drawing.append(text(xOf(1), top + tall + 17, '1', 'middle'));
  drawing.append(
    line(left, top + tall, left + inner, top + tall, 'axis'),
    text(left + inner / 2, height - 6, 'Singular value, largest first', 'middle', 'label'),
  );

  // rounding and randomness
  const labels: { y: number; name: string }[] = [];
  if (layer.floor > lowest && layer.floor < highest) {
    const y = yOf(layer.floor);
    drawing.append(
      svg('rect', {
        x: left,
        y: round(y),
        width: round(inner),
        height: round(top + tall - y),
        class: 'rounding',
      }),
      line(left, y, left + inner, y, 'floor'),
    );
    labels.push({ y, name: 'rounding' });
  }
  if (layer.edge > lowest && layer.edge < highest) {
    drawing.append(line(left, yOf(layer.edge), left + inner, yOf(layer.edge), 'edge'));
    labels.push({ y: yOf(layer.edge), name: 'edge of random weights' });
  }
  if (small)
    for (const { y, name } of labels) drawing.append(text(left + inner - 4, y - 4, name, 'end', 'note'));
  else {
    labels.sort((a, b) => a.y - b.y);
    labels.forEach((label, i) => {
      const above = labels[i - 1];
      if (above && label.y - above.y < 16) label.y = above.y + 16;
      drawing.append(text(left + inner + 8, label.y + 4, label.name, 'start', 'note'));
    });
  }

  // spectra
  const curve = (spectrum: ThinSpectrum, kind: string) => {
    const places = placesOf(spectrum);
    const points = spectrum.values.flatMap((value, i) =>
      value > lowest ? [[round(xOf(places[i]!)), round(yOf(value))] as const] : [],
    );
    if (points.length > 1)
      drawing.append(
        svg('path', { d: `M${points.map((point) => point.join(' ')).join('L')}`, class: `curve ${kind}` }),
      );
    if (points.length <= 80)
      for (const [cx, cy] of points)
        drawing.append(svg('circle', { cx, cy, r: points.length > 40 ? 1.8 : 2.6, class: `dot ${kind}` }));
  };
  if (spectra.other) curve(spectra.other, 'other');
  curve(spectra.own, 'own');

  const cursor = line(0, top, 0, top + tall, 'cursor');
  cursor.setAttribute('visibility', 'hidden');
  drawing.append(cursor);

  function formatTick(value: number): string {
    if (value >= 0.001 && value < 1e5) return String(Number(value.toPrecision(1)));
    return value.toExponential(0).replace('+', '');
  }

  return {
    element: drawing,
    read(x) {
      const isInside = x >= left - 4 && x <= left + inner + 4;
      cursor.setAttribute('visibility', isInside ? 'visible' : 'hidden');
      if (!isInside) return '';
      const places = placesOf(spectra.own);
      const wanted = ((x - left) / inner) * full + 0.5;
      let nearest = 0;
      places.forEach((place, i) => {
        if (Math.abs(place - wanted) < Math.abs(places[nearest]! - wanted)) nearest = i;
      });
      const place = places[nearest]!;
      for (const key of ['x1', 'x2']) cursor.setAttribute(key, String(round(xOf(place))));
      const other = spectra.other?.values[nearest];
      return (
        `Singular value ${number(place)} of ${number(full)}: ${number(spectra.own.values[nearest]!, 4)}` +
        (other === undefined || words === null ? '' : `; ${words}: ${number(other, 4)}`)
      );
    },
  };
}
