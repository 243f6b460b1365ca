import { DIFFERENCE_LEGEND } from '../parts/heat-view.js';
import { missing } from '../../errors.js';
import { any, maybe } from '../../schema.js';
import type { PhasePoint } from '../../theory/predict-phase.js';
import { activationStyles } from '../parts/activation-style.js';
import { refuseDoublePoints } from '../parts/distinct-points.js';
import { panelName, multiplesSpec } from '../parts/small-multiples.js';
import { checkFigureOptions, finishFigure, jsonRows, type Figure, type FigureOptions } from '../render/figure.js';
import { INK } from '../render/theme.js';

/** Predictions of one panel. */
export interface PhasePanelPoint extends PhasePoint {
  readonly panel: string;
}

/** A difference of rank ratios that was measured at a cell of a panel, with its 95% interval. */
export interface PhaseSpot {
  readonly panel: string;
  readonly width: number;
  readonly tolerance: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

export interface PhaseFigureOptions extends FigureOptions {
  /** Measured differences, drawn as discs in the colours of the map. @default none */
  readonly spots?: readonly PhaseSpot[] | undefined;
}

/**
 * Returns the phase diagram of two activations: which has more rank, over width and tolerance. Cells are coloured by the
 * predicted difference, a line runs where its sign changes, discs are measured differences in the same colours.
 * @throws RangeError if there are no points
 */
export function phaseFigure(
  [first, second]: readonly [string, string],
  points: readonly PhasePanelPoint[],
  options: PhaseFigureOptions = {},
): Figure {
  checkFigureOptions(options, { spots: maybe(any()) });
  const { spots = [] } = options;
  refuseDoublePoints(points, ['panel', 'width', 'tolerance'], 'one point a cell');
  if (points.length === 0) throw missing('points', points, 'a phase diagram needs at least one point');
  const styles = activationStyles([first, second]);
  const [one, other] = [first, second].map((name) => styles.get(name)?.label ?? name);
  const title = options.title ?? `Which has more rank: ${one} or ${other}?`;
  const subtitle =
    options.subtitle ??
    `Blue: ${one}; orange: ${other}. Predicted rank ratio of ${one} less that of ${other}, the darkest 0.4 and more. Line: the sign changes` +
      (spots.length > 0 ? '. Discs: measured, in the same colours' : '');
  const panels = [...new Set(points.map(({ panel }) => panel))];
  const ordered = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  const widths = ordered(points.map(({ width }) => width));
  const tolerances = ordered(points.map(({ tolerance }) => tolerance));
  const [columns, rows] = [edges(widths), edges(tolerances)];
  const cells = points.map((point) => ({
    ...point,
    ...span('x', columns, widths.indexOf(point.width)),
    ...span('y', rows, tolerances.indexOf(point.tolerance)),
  }));
  const datasets = {
    phase: jsonRows(cells),
    ...(spots.length > 0 && { spots: jsonRows(spots) }),
  };
  const description =
    `Maps of the predicted difference of rank ratios, ${one} less ${other}: across, the output channels; down, the ` +
    `tolerance relative to the largest singular value.${panels.join('') && ` Panels: ${panels.join('; ')}.`}`;
  const x = axis(columns, 'Output channels d_out', '~s');
  const views = panels.map((panel, index) => {
    const y = axis(rows, index === 0 ? 'Tolerance (relative to σ₁)' : null, '~g');
    const own = cells.filter((cell) => cell.panel === panel);
    return {
      width: 250,
      height: 220,
      data: { name: 'phase' },
      transform: [{ filter: { field: 'panel', equal: panel } }],
      layer: [
        {
          mark: { type: 'rect', strokeWidth: 0, aria: false },
          encoding: {
            x: { field: 'xLow', ...x },
            x2: { field: 'xHigh' },
            y: { field: 'yLow', ...y },
            y2: { field: 'yHigh' },
            color: differenceColour,
            tooltip: [
              { field: 'width', title: 'Output channels' },
              { field: 'tolerance', title: 'Tolerance' },
              { field: 'first', title: one, format: '.3f' },
              { field: 'second', title: other, format: '.3f' },
              { field: 'difference', title: 'Difference', format: '+.3f' },
            ],
          },
        },
        {
          data: { values: signChanges(own, widths, tolerances) },
          mark: { type: 'rule', strokeWidth: 1.6, color: INK, tooltip: null },
          encoding: {
            x: { field: 'xLow', ...x },
            x2: { field: 'xHigh' },
            y: { field: 'yLow', ...y },
            y2: { field: 'yHigh' },
          },
        },
        ...(spots.some((spot) => spot.panel === panel)
          ? [
              {
                data: { name: 'spots' },
                transform: [{ filter: { field: 'panel', equal: panel } }],
                mark: { type: 'circle', size: 90, stroke: INK, strokeWidth: 1, opacity: 1 },
                encoding: {
                  x: { field: 'width', ...x },
                  y: { field: 'tolerance', ...y },
                  color: differenceColour,
                  tooltip: [
                    { field: 'difference', title: 'Measured', format: '+.3f' },
                    { field: 'low', title: 'from', format: '+.3f' },
                    { field: 'high', title: 'to', format: '+.3f' },
                  ],
                },
              },
            ]
          : []),
        ...(panel === '' ? [] : [panelName(panel)]),
      ],
    };
  });
  const lines = Array.from({ length: Math.ceil(views.length / 3) }, (_, i) => ({
    heading: '',
    views: views.slice(3 * i, 3 * i + 3),
  }));
  const across = Math.min(3, views.length) * 290 + 40;
  const figure: Figure = {
    name: 'phase',
    title,
    description,
    data: datasets,
    spec: multiplesSpec(lines, {
      ...{ title, subtitle, caption: options.caption, description, across, datasets },
      gap: 44,
      rowGap: 30,
    }),
  };
  return finishFigure(figure, options);
}

/** Ends of the cells of values on a logarithmic axis: half-way between neighbours. */
function edges(values: readonly number[]): number[] {
  const logs = values.map(Math.log);
  const at = (k: number) => logs[Math.min(Math.max(k, 0), logs.length - 1)] ?? 0;
  const step = logs.length > 1 ? at(1) - at(0) : 1;
  const last = logs.length > 1 ? at(logs.length - 1) - at(logs.length - 2) : 1;
  const between = logs.slice(1).map((log, k) => (log + at(k)) / 2);
  return [at(0) - step / 2, ...between, at(logs.length - 1) + last / 2].map(Math.exp);
}

function span(axis: 'x' | 'y', ends: readonly number[], k: number): Record<string, number> {
  return { [`${axis}Low`]: ends[k] ?? NaN, [`${axis}High`]: ends[k + 1] ?? NaN };
}

function axis(ends: readonly number[], title: string | null, format: string): object {
  return {
    type: 'quantitative',
    scale: { type: 'log', domain: [ends[0], ends.at(-1)], nice: false },
    axis: { title, format, tickCount: 5, grid: false, domain: false },
  };
}

/** A difference smaller than this has no sign. */
const SMALL = 0.0005;

/** Returns the edges between neighbouring cells of different sign. */
function signChanges(
  cells: readonly (PhasePanelPoint & Record<string, unknown>)[],
  widths: readonly number[],
  tolerances: readonly number[],
): object[] {
  const sign = (x: number) => (Math.abs(x) < SMALL ? 0 : Math.sign(x));
  const at = (i: number, k: number) =>
    cells.find(({ width, tolerance }) => width === widths[i] && tolerance === tolerances[k]);
  const lines: object[] = [];
  widths.forEach((_, i) => {
    tolerances.forEach((__, k) => {
      const here = at(i, k);
      const [right, above] = [at(i + 1, k), at(i, k + 1)];
      if (!here) return;
      const { xLow, xHigh, yLow, yHigh } = here;
      if (right && sign(here.difference) * sign(right.difference) < 0)
        lines.push({ xLow: xHigh, xHigh, yLow, yHigh });
      if (above && sign(here.difference) * sign(above.difference) < 0)
        lines.push({ xLow, xHigh, yLow: yHigh, yHigh });
    });
  });
  return lines;
}

/** Grey where there is no difference, as in the map of claims. */
const differenceColour = {
  field: 'difference',
  type: 'quantitative',
  scale: {
    domain: [-0.4, -0.0005, 0.0005, 0.4],
    range: ['#8c3a00', '#f3e9e0', '#e4ebf3', '#08407e'],
    interpolate: 'rgb',
    clamp: true,
  },
  legend: { ...DIFFERENCE_LEGEND, offset: 22 },
};
