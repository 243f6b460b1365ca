import { legendColumns } from './legend-columns.js';
import { lineStyles } from './line-style.js';

/** A number of a layer of a model, to be drawn. */
export interface LayerPoint {
  /** Its number among the layers, from 1. */
  readonly place: number;
  readonly layer: string;
  readonly kind: string;
  readonly rows: number;
  readonly columns: number;
  readonly series: string;
  readonly share: number;
}

/** The texts and axes of a panel of points. */
export interface LayerPointsPanel {
  readonly width: number;
  readonly height: number;
  /** The name of the data. */
  readonly data: string;
  /** The series in the order of the legend. */
  readonly series: Iterable<string>;
  readonly layers: number;
  /** The quantity of a point, and the ends of its axis; without ends the data decide. */
  readonly axis: string;
  readonly range?: readonly [number, number] | undefined;
  readonly clip?: boolean | undefined;
}

const SHAPES = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'triangle-down',
  'cross',
  'triangle-left',
  'triangle-right',
];

/** Returns a panel with a point per layer and series, since neighbours in a file need not follow each other. */
export function layerPoints({
  width,
  height,
  data,
  series,
  layers,
  axis,
  range,
  clip = false,
}: LayerPointsPanel) {
  const styles = lineStyles(series);
  const names = [...styles.keys()];
  const look = (range: readonly unknown[]) => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: names, range },
    legend: {
      title: null,
      orient: 'top',
      columns: legendColumns(names, width),
      symbolSize: 60,
      offset: 12,
      labelLimit: 0,
    },
  });
  return {
    width,
    height,
    data: { name: data },
    mark: { type: 'point', filled: true, size: 30, clip },
    encoding: {
      x: {
        field: 'place',
        type: 'quantitative',
        scale: { domain: [0, layers + 1], nice: false },
        axis: { title: 'Layer', tickMinStep: 1, format: 'd' },
      },
      y: {
        field: 'share',
        type: 'quantitative',
        scale: range ? { domain: range, nice: false } : { zero: true },
        axis: { title: axis, tickCount: 5, ...(range && { format: '.1f' }) },
      },
      color: look([...styles.values()].map(({ colour }) => colour)),
      shape: look(names.map((_, i) => SHAPES[i % SHAPES.length])),
      tooltip: [
        { field: 'layer', type: 'nominal', title: 'Layer' },
        { field: 'kind', type: 'nominal', title: 'Kind' },
        { field: 'rows', type: 'quantitative', title: 'Rows' },
        { field: 'columns', type: 'quantitative', title: 'Columns' },
        { field: 'series', type: 'nominal', title: 'Measure' },
        { field: 'share', type: 'quantitative', title: axis, format: '.3f' },
      ],
    },
  };
}
