import type { CurveFrame, CurvePanel } from './curve-panels.js';
import { endLabelLayers } from './curve-labels.js';
import { seriesOf } from './curve-runs.js';
import { pickedOpacity, solidBelowDashed, styleChannel } from '../../parts/encoding.js';
import { hasAll } from '../../parts/look-up.js';
import { pointerTableLayer } from '../../parts/pointer-table.js';
import { labelPixels } from '../../parts/short-labels.js';
import { GUIDE, QUIET } from '../../render/theme.js';
import { DIMENSION_RATIO_TITLE, RANK_RATIO_TITLE } from '../../parts/format-names.js';

const MEAN_AND_INTERVAL =
  "format(datum.rankRatioMean, '.3f') + (isValid(datum.ci95Low) && isValid(datum.ci95High) ? " +
  "'  (' + format(datum.ci95Low, '.3f') + ' to ' + format(datum.ci95High, '.3f') + ')' : '')";

/** Where a panel stands in the figure. */
export interface CurvePlace {
  /** Its number, from 0. */
  readonly index: number;
  /** Whether it is the first of its row, the last of its column: there the axes are named. */
  readonly left: boolean;
  readonly bottom: boolean;
}

/** Returns the view of one panel. */
export function curveView(panel: CurvePanel, { index, left, bottom }: CurvePlace, frame: CurveFrame): object {
  const { width, height, right, styles, field } = frame;
  const oneRatio = new Set(panel.points.map((point) => point.dimensionRatio)).size === 1;
  const x = {
    field: 'dimensionRatio',
    type: 'quantitative',
    scale: { domain: [0, right], nice: false },
    axis: {
      title: bottom ? DIMENSION_RATIO_TITLE : null,
      values: ratioTicks(right),
      format: right > 0.2 ? '.1f' : '.2f',
    },
  };
  const y = {
    type: 'quantitative',
    scale: { domain: [0, 1], nice: false },
    axis: { title: left ? RANK_RATIO_TITLE : null, tickCount: 5, format: '.1f' },
  };
  const legend = {
    orient: 'top',
    columns: legendColumns(frame),
    symbolSize: 46,
    symbolStrokeWidth: 0,
    columnPadding: 14,
    offset: 12,
  };
  const color = styleChannel(styles, 'colour', legend, field);
  const strokeDash = styleChannel(styles, 'dash', legend, field);
  const shape = styleChannel(styles, 'shape', legend, field);
  const interval = { y: { ...y, field: 'ci95Low' }, y2: { field: 'ci95High' } };
  const mean = { ...y, field: 'rankRatioMean' };
  return {
    width,
    height,
    title: { text: panel.title, ...(panel.subtitle !== undefined && { subtitle: panel.subtitle }) },
    data: { name: 'curve' },
    transform: [
      hasAll({
        ...(panel.run !== undefined && { run: panel.run }),
        block: panel.block,
        tap: panel.tap,
        tolerance: panel.tolerance,
      }),
    ],
    layer: [
      ...identityLayers(frame, oneRatio ? panel.points[0]!.dimensionRatio : undefined, x, y),
      {
        // The legend takes its behaviour from the first layer it stands for, so this one carries the parameter.
        name: `band${index}`,
        transform: [{ filter: 'isValid(datum.ci95Low) && isValid(datum.ci95High)' }],
        mark: oneRatio
          ? { type: 'rule', strokeWidth: 5, clip: true, tooltip: null }
          : { type: 'area', clip: true, opacity: 1, tooltip: null },
        encoding: {
          x,
          ...interval,
          color,
          [oneRatio ? 'strokeOpacity' : 'fillOpacity']: pickedOpacity(oneRatio ? 0.3 : 0.16, 0),
        },
      },
      ...solidBelowDashed(
        styles,
        [
          {
            mark: { type: 'line', tooltip: null },
            encoding: {
              ...{ x, y: mean, color },
              ...(!oneRatio && { strokeDash }),
              opacity: pickedOpacity(1),
            },
          },
          {
            mark: { type: 'point', tooltip: null },
            encoding: { x, y: mean, color, shape, opacity: pickedOpacity(1) },
          },
        ],
        field,
      ),
      ...publishedLayers(panel, x, y, { color, shape }),
      ...endLabelLayers(panel, frame, color),
      pointerTableLayer(
        {
          name: `pointer${index}`,
          field: 'dimensionRatio',
          title: 'Dimension ratio',
          format: '.3~f',
          words: MEAN_AND_INTERVAL,
          styles: [...styles].filter(([name]) =>
            panel.points.some((point) => seriesOf(point, field) === name),
          ),
        },
        x,
        field,
      ),
    ],
  };
}

/** The published points, hollow and a little larger than ours, so that where both agree one frames the other. */
function publishedLayers({ published }: CurvePanel, x: object, y: object, look: object): object[] {
  if (published.length === 0) return [];
  return [
    {
      data: { values: published },
      mark: { type: 'point', filled: false, size: 58, strokeWidth: 1, tooltip: null },
      encoding: { x, y: { ...y, field: 'rankRatio' }, ...look, opacity: pickedOpacity(0.9) },
    },
  ];
}

/** The line on which the rank is the number of input channels, and its name set along it. */
function identityLayers(frame: CurveFrame, onlyRatio: number | undefined, x: object, y: object): object[] {
  const { width, height, right } = frame;
  const angle = 360 - (Math.atan2(height * right, width) * 180) / Math.PI;
  // Clear of the labels, which stand right of the last points.
  const at = onlyRatio !== undefined && onlyRatio > 0.4 ? 0.25 : 0.66 * right;
  return [
    {
      data: { values: [{ from: 0, to: right }] },
      mark: { type: 'rule', strokeDash: [3, 3], strokeWidth: 1, color: GUIDE, tooltip: null },
      encoding: {
        x: { ...x, field: 'from' },
        x2: { field: 'to' },
        y: { ...y, field: 'from' },
        y2: { field: 'to' },
      },
    },
    {
      data: { values: [{ at }] },
      mark: {
        type: 'text',
        text: 'rank = input channels',
        align: 'center',
        // Under the line, where fewer curves run; above it where the axis is near.
        ...(right > 0.3 ? { baseline: 'top', dy: 6 } : { baseline: 'bottom', dy: -5 }),
        angle,
        color: QUIET,
        fontSize: 11,
        tooltip: null,
      },
      encoding: { x: { ...x, field: 'at' }, y: { ...y, field: 'at' } },
    },
  ];
}

/** As many as fit one row, evened out over the rows where they do not. */
function legendColumns({ columns, width, styles }: CurveFrame): number {
  const widest = Math.max(...[...styles.values()].map(({ label }) => labelPixels(label)));
  const fit = Math.max(1, Math.floor((columns * (width + 110)) / Math.max(80, widest + 26)));
  return Math.ceil(styles.size / Math.ceil(styles.size / fit));
}

function ratioTicks(right: number): number[] {
  const step = right > 0.5 ? 0.2 : right > 0.2 ? 0.1 : right > 0.1 ? 0.05 : right / 5;
  return Array.from({ length: Math.floor(right / step + 1e-9) + 1 }, (_, i) =>
    Number((i * step).toPrecision(6)),
  );
}
