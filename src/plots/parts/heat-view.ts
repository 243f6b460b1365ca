import { hasAll, lookUp } from './look-up.js';
import { panelName } from './small-multiples.js';
import { INK } from '../render/theme.js';

/** One side of a heat map: a field and its values in order. An empty text among them leaves a gap. */
export interface HeatAxis {
  readonly field: string;
  readonly title: string | null;
  readonly values: readonly (string | number)[];
  /** The label of a value, if it is not the value itself. */
  readonly words?: Readonly<Record<string, string>> | undefined;
  /** The values that are labelled. @default all */
  readonly labelled?: readonly (string | number)[] | undefined;
  /** Whether labels are drawn at all. @default true */
  readonly labels?: boolean | undefined;
  /** Of the labels, in degrees. @default 0 */
  readonly angle?: number | undefined;
  /** The side of a horizontal axis. @default 'bottom' */
  readonly orient?: 'top' | 'bottom' | undefined;
}

export interface HeatView {
  readonly name: string;
  /** How far the name stands above the panel, in pixels. @default 7 */
  readonly nameOffset?: number | undefined;
  readonly data: string;
  /** Fields of the data and the value each has in this panel. */
  readonly where: Readonly<Record<string, string | number>>;
  readonly width: number;
  readonly height: number;
  readonly x: HeatAxis;
  readonly y: HeatAxis;
  /** The colour channel: field, scale, legend. */
  readonly color: object;
  /** A sign in the middle of the cells for which `test`, a Vega expression, is true. */
  readonly sign?: { readonly test: string; readonly text: string } | undefined;
  readonly tooltip: readonly object[];
}

/** Returns the view of one heat map: a coloured cell for each pair of values. It has no axis lines and no grid. */
export function heatView(view: HeatView): object {
  const { name, data, where, width, height, color, sign, tooltip } = view;
  const [x, y] = [heatChannel(view.x), heatChannel(view.y)];
  // thousands of cells: a screen reader is told of the figure, not of each of them
  const cells = { mark: { type: 'rect', strokeWidth: 0, aria: false }, encoding: { x, y, color, tooltip } };
  const signs = {
    transform: [{ filter: sign?.test }],
    mark: { type: 'text', text: sign?.text, fontSize: 10, color: INK, aria: false, tooltip: null },
    encoding: { x, y },
  };
  return {
    width,
    height,
    data: { name: data },
    transform: [hasAll(where)],
    layer: [
      cells,
      ...(sign === undefined ? [] : [signs]),
      ...(name ? [panelName(name, view.nameOffset)] : []),
    ],
  };
}

function heatChannel(axis: HeatAxis): object {
  const { field, title, values, words = {}, labelled = values, labels = true, angle = 0, orient } = axis;
  const written = values.map(
    (value) => [value, Object.hasOwn(words, value) ? words[value]! : String(value)] as const,
  );
  return {
    field,
    type: 'ordinal',
    scale: { domain: values, paddingInner: 0, paddingOuter: 0 },
    axis: {
      title,
      labels,
      values: labelled.filter((value) => value !== ''),
      labelExpr: lookUp(written, 'datum.value'),
      labelAngle: angle,
      ...(angle === -90 && { labelAlign: orient === 'top' ? 'left' : 'right', labelBaseline: 'middle' }),
      ...(orient && { orient }),
      labelOverlap: false,
      domain: false,
      ticks: labels,
      tickSize: 3,
      grid: false,
    },
  };
}

/** The legend of a map of differences of rank ratios, from -0.4 to 0.4. */
export const DIFFERENCE_LEGEND = {
  title: 'Difference of rank ratios',
  orient: 'top',
  direction: 'horizontal',
  titleOrient: 'left',
  titleLimit: 300,
  gradientLength: 220,
  gradientThickness: 10,
  offset: 14,
  values: [-0.4, -0.2, 0, 0.2, 0.4],
  format: '+.1f',
};
