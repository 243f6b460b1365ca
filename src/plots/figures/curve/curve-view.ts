import type { CurveFrame, CurvePanel } from './curve-panels.js';
import { firstOf } from '../../../lookups.js';
import { endLabelLayers } from './curve-labels.js';
import { seriesOf } from './curve-runs.js';
import { pickedOpacity, solidBelowDashed, styleChannel } from '../../parts/encoding.js';
import { breakLines } from '../../parts/caption.js';
import { labelPixels } from '../../parts/short-labels.js';
import { legendColumns } from '../../parts/legend-columns.js';
import { hasAll, lookUp } from '../../parts/look-up.js';
import { pointerTableLayer } from '../../parts/pointer-table.js';
import { GUIDE, QUIET } from '../../render/theme.js';
import { DIMENSION_RATIO_TITLE, RANK_RATIO_TITLE } from '../../parts/format-names.js';

const MEAN_AND_INTERVAL =
  "format(datum.rankRatioMean, '.3f') + (isValid(datum.ci95Low) && isValid(datum.ci95High) ? " +
  "'  (' + format(datum.ci95Low, '.3f') + ' to ' + format(datum.ci95High, '.3f') + ')' : '')";

/** The place of a panel in the figure. */
export interface CurvePlace {
  /** Its number, from 0. */
  readonly index: number;
  /**
   * Whether the panel is the first of a row (`left`) or the last of a column (`bottom`). There the axes have titles.
   */
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
      title: bottom ? titleFor(DIMENSION_RATIO_TITLE, width) : null,
      values: ratioTicks(right),
      format: right > 0.2 ? '.1f' : '.2f',
    },
  };
  const [low, high] = panel.range;
  const y = {
    type: 'quantitative',
    scale: { domain: [low, high], nice: false },
    axis: {
      title: left ? titleFor(RANK_RATIO_TITLE, height) : null,
      tickCount: high - low > 0.3 ? 5 : 4,
      format: high - low > 0.3 ? '.1f' : '.2f',
    },
  };
  const legend = {
    orient: 'top',
    columns: legendColumns(
      [...styles.values()].map(({ label }) => label),
      frame.across,
    ),
    symbolSize: 46,
    symbolStrokeWidth: 0,
    columnPadding: 14,
    offset: 12,
  };
  const color = styleChannel(styles, 'colour', legend, field);
  const strokeDash = styleChannel(styles, 'dash', legend, field);
  const shape = styleChannel(styles, 'shape', legend, field);
  const bars = !oneRatio && (isSlab(panel) || frame.lines === 'predicted');
  const interval = { y: { ...y, field: 'ci95Low' }, y2: { field: 'ci95High' } };
  const mean = { ...y, field: 'rankRatioMean' };
  const place = {
    ...(panel.run !== undefined && { run: panel.run }),
    block: panel.block,
    tap: panel.tap,
    tolerance: panel.tolerance,
  };
  const line = (value: object) => ({
    mark: { type: 'line', clip: true, tooltip: null },
    encoding: {
      ...{ x, y: value, color },
      ...(!oneRatio && { strokeDash }),
      opacity: pickedOpacity(1),
    },
  });
  return {
    width,
    height,
    title: {
      text: breakLines(panel.title, width + 30, 13.5),
      ...(panel.subtitle !== undefined && { subtitle: breakLines(panel.subtitle, width + 30, 12) }),
    },
    data: { name: 'curve' },
    transform: [hasAll(place)],
    layer: [
      ...identityLayers(panel, frame, oneRatio ? firstOf(panel.points).dimensionRatio : undefined, x, y),
      {
        // A legend takes its behaviour from its first layer, so this layer carries the parameter.
        name: `band${index}`,
        transform: [
          { filter: 'isValid(datum.ci95Low) && isValid(datum.ci95High)' },
          ...(bars ? [besideEachOther(panel, frame)] : []),
        ],
        mark: bars
          ? { type: 'rule', strokeWidth: 1, clip: true, tooltip: null }
          : oneRatio
            ? { type: 'rule', strokeWidth: 5, clip: true, tooltip: null }
            : { type: 'area', clip: true, opacity: 1, tooltip: null },
        encoding: {
          x: bars ? { ...x, field: BESIDE } : x,
          ...interval,
          color,
          ...(bars
            ? { opacity: pickedOpacity(0.6, 0) }
            : { [oneRatio ? 'strokeOpacity' : 'fillOpacity']: pickedOpacity(oneRatio ? 0.3 : 0.16, 0) }),
        },
      },
      ...(frame.lines === 'predicted'
        ? [
            {
              data: { name: 'predicted' },
              transform: [hasAll(place)],
              layer: solidBelowDashed(styles, [line({ ...y, field: 'rankRatioPredicted' })], field),
            },
          ]
        : []),
      ...solidBelowDashed(
        styles,
        [
          ...(frame.lines === 'predicted' ? [] : [line(mean)]),
          ...(frame.lines === 'alone' && !oneRatio ? [] : [{
            mark: { type: 'point', ...(low > 0 && { clip: true }), tooltip: null },
            encoding: { x, y: mean, color, shape, opacity: pickedOpacity(1) },
          }]),
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

/** The published points, hollow and a little larger than ours. So one frames the other where both agree. */
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

/** Returns the line on which the rank equals the input channels, with its name along it if there is room. */
function identityLayers(
  { range: [low, high] }: CurvePanel,
  { width, height, right }: CurveFrame,
  onlyRatio: number | undefined,
  x: object,
  y: object,
): object[] {
  if (low >= right) return [];
  const to = Math.min(right, high);
  const line = {
    data: { values: [{ from: low, to }] },
    mark: { type: 'rule', strokeDash: [3, 3], strokeWidth: 1, color: GUIDE, clip: true, tooltip: null },
    encoding: {
      x: { ...x, field: 'from' },
      x2: { field: 'to' },
      y: { ...y, field: 'from' },
      y2: { field: 'to' },
    },
  };
  // Clear of the labels, which stand right of the last points.
  const at = onlyRatio !== undefined && onlyRatio > 0.4 ? 0.25 : 0.66 * right;
  if (high - low < 0.9 || width < 120) return [line];
  return [
    line,
    {
      data: { values: [{ at }] },
      mark: {
        type: 'text',
        text: 'rank = input channels',
        align: 'center',
        // Under the line, where fewer curves run; above it where the axis is near.
        ...(right > 0.3 ? { baseline: 'top', dy: 6 } : { baseline: 'bottom', dy: -5 }),
        angle: 360 - (Math.atan2(height * right, width * (high - low)) * 180) / Math.PI,
        color: QUIET,
        fontSize: 11,
        tooltip: null,
      },
      encoding: { x: { ...x, field: 'at' }, y: { ...y, field: 'at' } },
    },
  ];
}

/** Intervals longer than this on average are drawn as bars; as bands they would merge into a grey slab. */
const SLAB = 0.05;
/** The place of the bars of a curve, beside those of the others. */
const BESIDE = 'besideRatio';

function isSlab({ points, range: [low, high] }: CurvePanel): boolean {
  const lengths = points.map((point) => point.ci95High - point.ci95Low).filter(Number.isFinite);
  const curves = new Set(points.map((point) => `${point.run} ${point.activation}`)).size;
  return curves > 2 && lengths.reduce((sum, value) => sum + value, 0) > SLAB * (high - low) * lengths.length;
}

/** Returns the transform that moves each curve's bars a little to the side, so that none hides another. */
function besideEachOther({ points }: CurvePanel, { right, width, field }: CurveFrame): object {
  const names = [...new Set(points.map((point) => seriesOf(point, field)))];
  const moves = names.map(
    (name, i) => [name, Number(((1.6 * (i - (names.length - 1) / 2) * right) / width).toPrecision(4))] as const,
  );
  return { calculate: `datum.dimensionRatio + ${lookUp(moves, `datum.${field}`, '0')}`, as: BESIDE };
}

/** Returns the title of an axis, without its explanation where the axis is too short for it. */
function titleFor(title: string, length: number): string {
  return labelPixels(title) <= length + 30 ? title : title.replace(/ \(.*\)$/, '');
}

function ratioTicks(right: number): number[] {
  const step = right > 0.5 ? 0.2 : right > 0.2 ? 0.1 : right > 0.1 ? 0.05 : right / 5;
  return Array.from({ length: Math.floor(right / step + 1e-9) + 1 }, (_, i) =>
    Number((i * step).toPrecision(6)),
  );
}
