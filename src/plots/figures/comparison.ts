import { missing } from '../../errors.js';
import { refuseDoublePoints } from '../parts/distinct-points.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../render/figure.js';
import { stylesOfLabels } from '../parts/activation-style.js';
import { breakLines } from '../parts/caption.js';
import { chunks } from '../parts/chunks.js';
import { legendColumns } from '../parts/legend-columns.js';
import { layoutWidth, panelSize } from '../parts/panel-size.js';
import { multiplesSpec } from '../parts/small-multiples.js';

/** A predicted or measured point, or both, with the interval of the measured value. */
export interface ComparisonPoint {
  readonly panel: string;
  readonly series: string;
  readonly x: number;
  readonly theory: number | null;
  readonly measured: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The texts and axes of a comparison panel. */
export interface ComparisonPanel {
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Whether the horizontal axis is logarithmic. @default false */
  readonly logarithmic?: boolean | undefined;
  /** The bottom of the vertical axis. @default 0 */
  readonly bottom?: number | undefined;
  /** The top of the vertical axis. @default 1 */
  readonly top?: number | undefined;
  readonly format?: string | undefined;
  /** The names of the lines and of the points. @default 'Predicted', 'Measured' */
  readonly names?: readonly [line: string, point: string] | undefined;
}

/**
 * Returns the figure of theory beside measurement. Lines are predictions; points with intervals are measurements. There
 * are two panels per row. One legend serves all panels where these have the same series, else each panel of several
 * series has its own. Series named after activations have the colours and shapes that these have elsewhere.
 * @throws RangeError without points
 */
export function comparisonFigure(
  panels: readonly ComparisonPanel[],
  points: readonly ComparisonPoint[],
  options: FigureOptions = {},
): Figure {
  checkFigureOptions(options);
  for (const value of ['theory', 'measured'] as const)
    refuseDoublePoints(
      points.filter((point) => point[value] !== null),
      ['panel', 'series', 'x'],
      `one ${value} value a point`,
    );
  if (points.length === 0) throw missing('points', points, 'a comparison needs at least one point');
  const title = options.title ?? 'Theory beside measurement';
  const subtitle =
    options.subtitle ?? 'Lines: predicted. Points: mean of the layers measured, with its 95% interval';
  const description = `Line charts of what is predicted, with points for what was measured. ${panels
    .map((panel) => `${panel.title}: ${panel.note}`)
    .join(' ')}`;
  const datasets = { comparison: jsonRows(points) };
  const total = layoutWidth(options);
  const columns = panels.length === 1 || (total !== undefined && total < 520) ? 1 : 2;
  const series = panels.map(({ name }) => seriesOf(points, name));
  const shared = series.every((names) => names.join('\n') === series[0]?.join('\n'));
  const size = panelSize(options, {
    columns,
    rows: Math.ceil(panels.length / columns),
    width: 310,
    height: 220,
    beside: 70 * columns,
    above: (shared ? 90 : 120) * Math.ceil(panels.length / columns) + (shared ? 30 : 0),
    texts: { title, subtitle, caption: options.caption },
  });
  const across = columns * (size.width + 70);
  const views = panels.map((panel) => panelView(panel, points, size, shared ? across : undefined));
  const figure: Figure = {
    name: 'comparison',
    title,
    description,
    data: datasets,
    spec: multiplesSpec(
      chunks(views, columns).map((row) => ({ heading: '', views: row })),
      {
        ...{ title, subtitle, caption: options.caption, description, datasets },
        ...{ across, gap: 64, rowGap: 30, independentColour: !shared },
      },
    ),
  };
  return finishFigure(figure, options);
}

const COLOURS = ['#222222', '#b52708', '#2947c6', '#1e9865', '#e69f00', '#8b62f5'];
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross'];

const seriesOf = (points: readonly ComparisonPoint[], panel: string): string[] => [
  ...new Set(points.filter((point) => point.panel === panel).map((point) => point.series)),
];

/** The most whole numbers that each have a tick. */
const MAX_PLACES = 12;

/**
 * Returns scale and ticks of the horizontal axis. It starts at 0, runs from end to end if logarithmic, or has one tick
 * per whole number.
 */
function horizontal(values: readonly number[], logarithmic: boolean): { scale: object; axis: object } {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  if (logarithmic)
    return { scale: { type: 'log', base: 2, domain: [min, max], nice: false }, axis: { tickCount: 6, format: '~d' } };
  if (min > 0 && max - min < MAX_PLACES && values.every(Number.isInteger)) {
    const places = Array.from({ length: max - min + 1 }, (_, i) => min + i);
    return { scale: { domain: [min - 0.3, max + 0.3], nice: false }, axis: { values: places, format: 'd', grid: false } };
  }
  return { scale: { domain: [0, max > 1 ? 1.02 * max : max], nice: false }, axis: { tickCount: 6 } };
}

/** @param across width of the legend that all panels share; undefined if this panel has its own */
function panelView(
  panel: ComparisonPanel,
  points: readonly ComparisonPoint[],
  { width, height }: { width: number; height: number },
  across: number | undefined,
): object {
  const series = seriesOf(points, panel.name);
  const legend = {
    ...{ title: null, labelLimit: 320, offset: across === undefined ? 4 : 14 },
    ...{ orient: across === undefined ? 'bottom' : 'top', direction: 'horizontal' },
    columns: legendColumns(series, across ?? width),
  };
  const look = (range: readonly string[]) => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: series, range: range.slice(0, series.length) },
    legend: across === undefined && series.length === 1 ? null : legend,
  });
  const styles = stylesOfLabels(series);
  const color = look(styles?.map(({ colour }) => colour) ?? COLOURS);
  const { scale, axis } = horizontal(
    points.filter((point) => point.panel === panel.name).map((point) => point.x),
    panel.logarithmic ?? false,
  );
  const x = { field: 'x', type: 'quantitative', scale, axis: { ...axis, title: panel.xTitle } };
  const y = {
    type: 'quantitative',
    scale: { domain: [panel.bottom ?? 0, panel.top ?? 1], nice: false },
    axis: { title: panel.yTitle, tickCount: 5, format: panel.format ?? '.1f' },
  };
  return {
    width,
    height,
    title: {
      text: breakLines(panel.title, width + 40, 13),
      ...(panel.note && { subtitle: breakLines(panel.note, width + 40, 12) }),
    },
    data: { name: 'comparison' },
    transform: [{ filter: { field: 'panel', equal: panel.name } }],
    layer: [
      {
        transform: [{ filter: 'isValid(datum.theory)' }],
        mark: { type: 'line', tooltip: null },
        encoding: { x, y: { ...y, field: 'theory' }, color },
      },
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'rule', strokeWidth: 1.4, clip: true, tooltip: null },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: { ...color } },
      },
      {
        transform: [{ filter: 'isValid(datum.measured)' }],
        mark: { type: 'point' },
        encoding: {
          x,
          y: { ...y, field: 'measured' },
          color,
          shape: look(styles?.map(({ shape }) => shape) ?? SHAPES),
          // the first is the largest: where two coincide both are seen
          size: { condition: { test: { field: 'series', equal: series[0] }, value: 64 }, value: 32 },
          tooltip: [
            { field: 'series', title: 'Series' },
            { field: 'x', title: panel.xTitle },
            { field: 'theory', title: panel.names?.[0] ?? 'Predicted', format: '.3f' },
            { field: 'measured', title: panel.names?.[1] ?? 'Measured', format: '.3f' },
          ],
        },
      },
    ],
    resolve: { scale: { color: 'shared', shape: 'shared' } },
  };
}
