import type { TopLevelSpec } from 'vega-lite';
import { invalid, missing } from '../../../errors.js';
import { captionView, titleBlock } from '../../parts/caption.js';
import { endLabelWidth, namedEnds } from './curve-labels.js';
import { chunks } from '../../parts/chunks.js';
import { curvePanels, withDetails, type CurveFrame, type CurvePanel } from './curve-panels.js';
import { curveLines, curvePoints, seriesOf, type CurvePoint, type CurveRun } from './curve-runs.js';
import { curveView } from './curve-view.js';
import { drawableNames } from '../../parts/drawable-names.js';
import { refuseDoublePoints } from '../../parts/distinct-points.js';
import { pickedParameter } from '../../parts/encoding.js';
import { any, maybe, oneOf } from '../../../schema.js';
import type { PublishedPoint } from '../../../published/figure-1.js';
import type { PredictedPoint } from '../../../theory/predict-study.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  ratioRangeOption,
  type Figure,
  type FigureOptions,
  type RatioRangeOption,
} from '../../render/figure.js';
import { layoutWidth, panelSize } from '../../parts/panel-size.js';
import type { LabelledStyle } from '../../parts/activation-style.js';
import { themeConfig } from '../../render/theme.js';
import { formatBlock, formatLayerCount } from '../../parts/format-names.js';

export interface CurveFigureOptions extends FigureOptions, RatioRangeOption {
  /** Published points to lay over the curves as hollow marks, where block and activation are drawn. @default none */
  readonly published?: readonly PublishedPoint[] | undefined;
  /** Separate panels for each of several runs, or all runs in the same panels. @default 'beside' */
  readonly layout?: CurveLayout | undefined;
  /**
   * Predicted rank ratios. With rows they are the lines, and the rows are marks with their intervals; without any, they
   * are the figure. Not for several runs.
   * @default none
   */
  readonly predicted?: readonly PredictedPoint[] | undefined;
}

/** The arrangements of several runs in one figure. */
export const CURVE_LAYOUTS = ['beside', 'overlaid'] as const;

export type CurveLayout = (typeof CURVE_LAYOUTS)[number];

/**
 * Returns the figure of rank ratio against dimension ratio, one panel per block, tap and tolerance. Each activation has
 * a line with the 95% confidence band of its mean. Another line shows a rank equal to the number of input channels.
 * Several runs are given as `{ label, rows }` each, or as rows with a `run`: side by side, or overlaid.
 *
 * Names stand beside the ends of the lines, in the order the lines lie. In HTML the legend can be clicked to
 * pick out activations (shift-click adds one) and a table of all values follows the pointer.
 *
 * @throws RangeError without points, or with two rows at one point
 * @example
 * curveFigure([{ label: 'seed 0', rows: await readSummary('runs/a') }, { label: 'seed 1', rows: other }]);
 */
export function curveFigure(
  given: readonly CurvePoint[] | readonly CurveRun[],
  options: CurveFigureOptions = {},
): Figure {
  checkFigureOptions(options, {
    ...ratioRangeOption,
    layout: maybe(oneOf(CURVE_LAYOUTS)),
    published: maybe(any()),
    predicted: maybe(any()),
  });
  const { layout = 'beside' } = options;
  const { predicted = [] } = options;
  const measured = curvePoints(given);
  if (predicted.length > 0 && measured.some(({ run }) => run !== undefined))
    throw invalid('predicted', `${predicted.length} points`, 'no prediction with several runs');
  const alone = measured.length === 0;
  const all = drawableNames(alone ? predicted.map(asRow) : measured, 'activation');
  refuseDoublePoints(
    all,
    ['run', 'block', 'tap', 'activation', 'tolerance', 'dimensionRatio'],
    'one row a point; rows of several runs need a `run` each, or curveFigure([{ label, rows }, ...])',
  );
  // one layer gives no interval of the mean; a bar from 0 to 1 would only hide the points
  const points = all.map((point) => (point.layers < 2 ? { ...point, ci95Low: NaN, ci95High: NaN } : point));
  if (points.length === 0) throw missing('points', points, 'a curve needs at least one point');
  const title = options.title ?? 'Rank ratio against dimension ratio';
  const runs = new Set(points.map((point) => point.run));
  const lines = curveLines(points, layout === 'overlaid');
  const right = rightEdge(points);
  const beside = runs.size > 1 && layout === 'beside';
  const foretold = alone ? [] : drawableNames(predicted, 'activation');
  const range = options.ratioRange ?? [0, 1];
  const whole = curvePanels(lines.rows, options.published ?? [], { right, beside, range });
  const rows =
    options.ratioRange === undefined ? withDetails(whole, (row) => seriesOf(row, lines.field)) : whole;
  const panels = rows.flat();
  const overlaid = panels.some((panel) => panel.published.length > 0);
  const subtitle =
    options.subtitle ?? `${defaultSubtitle(points, alone, foretold.length > 0)}${overlaid ? '; hollow marks: the published figure' : ''}`;
  const foretells = alone || foretold.length > 0 ? ' Lines are predicted, not measured.' : '';
  const description = `${describe(panels, lines.styles)}${foretells}${overlaid ? ' Hollow marks are the points of the published figure.' : ''}`;
  const data = {
    curve: jsonRows(lines.rows),
    ...(foretold.length > 0 && { predicted: jsonRows(foretold) }),
  };

  const names = endLabelWidth([...lines.styles.values()].map(({ label }) => label));
  const hasNames = (height: number) =>
    panels.some((panel) => namedEnds(panel, { field: lines.field, height }).length > 0);

  const build = (grid: readonly CurvePanel[][], size: CurveSize): TopLevelSpec => {
    const { width, height, named = true } = size;
    const columns = Math.max(...grid.map((row) => row.length));
    const room = named && hasNames(height) ? 92 : 40;
    const across = size.across ?? columns * (width + room);
    const frame: CurveFrame = { width, height, columns, across, right, styles: lines.styles, field: lines.field, named, lines: foretold.length > 0 ? 'predicted' : alone ? 'alone' : 'measured' };
    const views = grid.map((row, r) =>
      row.map((panel, c) => {
        // The axes are named once a column and once a row.
        const place = { index: panels.indexOf(panel), left: c === 0, bottom: grid[r + 1]?.[c] === undefined };
        const lower = panel.range === range ? height : Math.round(0.62 * height);
        return curveView(panel, place, { ...frame, height: lower });
      }),
    );
    const even = grid.slice(0, -1).every((row) => row.length === columns);
    const body = even
      ? { columns, spacing: { row: 20, column: 12 }, concat: views.flat() }
      : {
          spacing: 20,
          vconcat: views.map((hconcat) => ({ spacing: 12, hconcat })),
        };
    return {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description,
      title: titleBlock(title, subtitle, across),
      config: themeConfig(),
      datasets: data,
      params: [
        pickedParameter(
          panels.map((_, index) => `band${index}`),
          lines.field,
        ),
      ],
      ...(options.caption ? { spacing: 14, vconcat: [body, captionView(options.caption, across)] } : body),
    } as unknown as TopLevelSpec;
  };
  const figure: Figure = {
    name: 'curve',
    title,
    description,
    data,
    spec: build(...sizedGrid(rows, options)),
    narrowSpec: build(
      panels.map((panel) => [panel]),
      { width: 204, height: 220 },
    ),
  };
  return finishFigure(figure, options);

  /**
   * Returns the rows of panels and their size. As many panels stand side by side as the requested width has room for.
   */
  function sizedGrid(grid: readonly CurvePanel[][], asked: FigureOptions): [readonly CurvePanel[][], CurveSize] {
    const usual = panels.length === 1 ? { width: 430, height: 320 } : { width: 262, height: 232 };
    const total = layoutWidth(asked);
    const maxColumns = Math.max(...grid.map((row) => row.length));
    const besideOf = (columns: number, named: boolean) =>
      AXIS + (columns - 1) * BETWEEN + columns * (named ? names : MARGIN);
    const fits = (columns: number, named: boolean) =>
      total === undefined || (total - besideOf(columns, named)) / columns >= (named ? 190 : 130);
    const columns = Array.from({ length: maxColumns }, (_, i) => maxColumns - i).find((count) => fits(count, false)) ?? 1;
    const named = hasNames(usual.height) && fits(columns, true);
    const arranged = columns === maxColumns ? grid : grid.flatMap((row) => chunks(row, columns));
    const size = panelSize(asked, {
      ...usual,
      columns,
      rows: arranged.length,
      beside: besideOf(columns, named),
      above: 60 + 62 * arranged.length,
      texts: { title, subtitle, caption: asked.caption },
    });
    return [arranged, { ...size, named: total === undefined || named, ...(total !== undefined && { across: total - AXIS }) }];
  }
}

/**
 * Spaces in pixels. They stand left of a row's first panel, between two panels, and right of a panel whose lines are
 * not named.
 */
const AXIS = 44;
const BETWEEN = 38;
const MARGIN = 12;

interface CurveSize {
  readonly width: number;
  readonly height: number;
  /** Whether there is room for names beside the lines. @default true */
  readonly named?: boolean | undefined;
  /** Width of the texts. @default that of the panels */
  readonly across?: number | undefined;
}

/** The largest dimension ratio; the whole range for a single ratio. */
function rightEdge(points: readonly CurvePoint[]): number {
  const ratios = new Set(points.map((point) => point.dimensionRatio));
  return ratios.size === 1 ? 1 : Math.max(...ratios);
}

function asRow({ rankRatioPredicted, ...key }: PredictedPoint): CurvePoint {
  return { ...key, layers: 0, rankRatioMean: rankRatioPredicted, rankRatioSd: NaN, ci95Low: NaN, ci95High: NaN };
}

function defaultSubtitle(points: readonly CurvePoint[], alone: boolean, foretold: boolean): string {
  if (alone) return 'Predicted by theory; no layer was drawn';
  const layers = formatLayerCount(points.map((point) => point.layers));
  if (foretold) return `Lines: predicted. Marks: mean of ${layers} per point, with its 95% confidence interval`;
  if (points.every((point) => point.layers <= 1)) return `${layers} per point`;
  return `Mean of ${layers} per point, with the 95% confidence interval of the mean`;
}

function describe(panels: readonly CurvePanel[], styles: ReadonlyMap<string, LabelledStyle>): string {
  const blocks = [...new Set(panels.map((panel) => formatBlock(panel.block)))].join('; ');
  const names = [...styles.values()].map((style) => style.label).join(', ');
  const runs = [...new Set(panels.map(({ run }) => run))].filter((run) => run !== undefined);
  return (
    'Line charts of the rank ratio (numerical rank divided by output channels) against the dimension ratio ' +
    `(input channels divided by output channels). Blocks: ${blocks}. Activations: ${names}. ` +
    `${runs.length > 1 ? `Runs: ${runs.join(', ')}. ` : ''}` +
    'A dashed diagonal marks where the rank equals the number of input channels.'
  );
}
