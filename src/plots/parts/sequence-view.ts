import { hasAll } from './look-up.js';
import { panelName } from './small-multiples.js';
import { GUIDE } from '../render/theme.js';

/** A panel of lines that differ by one quantity, such as the expansion ratio: dark for small, light for large. */
export interface SequenceView {
  readonly name: string;
  readonly data: string;
  readonly where: Readonly<Record<string, string | number>>;
  readonly width: number;
  readonly height: number;
  /** Vega-Lite position channels. */
  readonly x: object;
  readonly y: object;
  /** The field that distinguishes the lines, its values in order and its title. */
  readonly field: string;
  readonly values: readonly number[];
  readonly title: string;
  /** A height at which a dashed line is drawn. */
  readonly limit?: number | undefined;
  readonly tooltip: readonly object[];
}

/** Returns the view of one panel: lines with points, and the dashed limit below them. */
export function sequenceView(view: SequenceView): object {
  const { name, data, where, width, height, x, y, field, values, title, limit, tooltip } = view;
  const color = {
    field,
    type: 'ordinal',
    scale: { domain: values, range: sequenceColours(values.length) },
    legend: {
      title,
      orient: 'top',
      titleOrient: 'left',
      direction: 'horizontal',
      symbolType: 'circle',
      offset: 14,
    },
  };
  const rule = {
    data: { values: [{ limit }] },
    mark: { type: 'rule', strokeDash: [3, 3], color: GUIDE, tooltip: null },
    encoding: { y: { ...y, field: 'limit' } },
  };
  return {
    width,
    height,
    data: { name: data },
    transform: [hasAll(where)],
    layer: [
      ...(limit === undefined ? [] : [rule]),
      { mark: { type: 'line', strokeWidth: 1.4, tooltip: null }, encoding: { x, y, color } },
      { mark: { type: 'point', size: 16, aria: false }, encoding: { x, y, color, tooltip } },
      panelName(name),
    ],
  };
}

/** Five colours of the scheme viridis without its lightest, which white paper swallows; between them, mixtures. */
const STOPS = ['#440154', '#3b528b', '#21908d', '#5dc963', '#c8d61c'];

function sequenceColours(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const at = count === 1 ? 0 : (i * (STOPS.length - 1)) / (count - 1);
    const [from, to] = [STOPS[Math.floor(at)]!, STOPS[Math.ceil(at)]!];
    const channel = (text: string, c: number) => Number.parseInt(text.slice(1 + 2 * c, 3 + 2 * c), 16);
    const mixed = [0, 1, 2].map((c) =>
      Math.round(channel(from, c) + (at % 1) * (channel(to, c) - channel(from, c))),
    );
    return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  });
}
