import { missing } from '../../errors.js';
import { firstOf, lastOf } from '../../lookups.js';
import { parseTolerance } from '../../rank/tolerance.js';
import type { SummaryRow } from '../../study/summary.js';
import { drawableNames } from '../parts/drawable-names.js';
import { refuseDoublePoints } from '../parts/distinct-points.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../render/figure.js';
import { panelSize } from '../parts/panel-size.js';
import { heatView, type HeatAxis } from '../parts/heat-view.js';
import { activationStyles } from '../parts/activation-style.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import { formatTolerance } from '../parts/format-tolerance.js';
import { formatBlock, formatLayerCount, orderBlocks } from '../parts/format-names.js';

/** A point of a tolerance map: the fields of a {@link SummaryRow} that it draws. */
export type TolerancePoint = Pick<
  SummaryRow,
  'block' | 'activation' | 'dimensionRatio' | 'tolerance' | 'layers' | 'rankRatioMean'
>;

/**
 * Returns heat maps of mean rank ratio by tolerance and dimension ratio. There is one row per block and one column per
 * activation. Relative tolerances come in order, the strictest on top; other rules follow below in the given order.
 * @throws RangeError without points
 */
export function toleranceFigure(given: readonly TolerancePoint[], options: FigureOptions = {}): Figure {
  checkFigureOptions(options);
  const points = drawableNames(given, 'activation');
  refuseDoublePoints(
    points,
    ['block', 'activation', 'dimensionRatio', 'tolerance'],
    'one row a cell: of one run and one tap',
  );
  if (points.length === 0) throw missing('points', points, 'a tolerance map needs at least one point');
  const title = options.title ?? 'Rank ratio over tolerance and dimension ratio';
  const subtitle = options.subtitle ?? `Mean of ${formatLayerCount(points.map((point) => point.layers))} per cell`;
  const blocks = orderBlocks(points.map((point) => point.block));
  const styles = activationStyles(points.map((point) => point.activation));
  const ratios = [...new Set(points.map((point) => point.dimensionRatio))].sort((a, b) => a - b);
  const tolerances = orderTolerances(points.map((point) => point.tolerance));
  const rows = jsonRows(
    points.map(({ block, activation, dimensionRatio, tolerance, layers, rankRatioMean }) => ({
      ...{ block, activation, dimensionRatio, tolerance, layers, rankRatioMean },
    })),
  );
  const description =
    'Heat maps of the mean rank ratio: across, the dimension ratio; down, the tolerance, from strict to loose. ' +
    `Blocks: ${blocks.map(formatBlock).join('; ')}. Activations: ${[...styles.values()].map(({ label }) => label).join(', ')}.`;
  const ends =
    ratios.length > 3 ? [firstOf(ratios), ratios[Math.floor((ratios.length - 1) / 2)]!, lastOf(ratios)] : ratios;
  const { width, height } = panelSize(options, {
    columns: styles.size,
    rows: blocks.length,
    width: Math.max(60, Math.floor(720 / styles.size) - 10),
    height: 10 * tolerances.length,
    beside: 8 * styles.size + 60,
    above: 80 + 46 * blocks.length,
    texts: { title, subtitle, caption: options.caption },
  });

  const grid = blocks.map((block, r) => ({
    heading: formatBlock(block),
    views: [...styles].map(([activation, { label }], c) =>
      heatView({
        name: label,
        data: 'tolerance',
        where: { block, activation },
        width,
        height,
        x: {
          field: 'dimensionRatio',
          title: r === blocks.length - 1 && c === 0 ? 'Dimension ratio' : null,
          values: ratios,
          labelled: ends,
        },
        y: {
          ...toleranceAxis(tolerances),
          labels: c === 0,
          title: c === 0 ? 'Tolerance (relative to σ₁, or a rule)' : null,
        },
        color: RANK_RATIO_COLOUR,
        tooltip: [
          { field: 'dimensionRatio', title: 'Dimension ratio' },
          { field: 'tolerance', title: 'Tolerance' },
          { field: 'rankRatioMean', title: 'Rank ratio', format: '.3f' },
        ],
      }),
    ),
  }));
  const across = styles.size * (width + 8) + 60;
  const frame = { title, subtitle, caption: options.caption, description, across, gap: 8, rowGap: 22 };
  const datasets = { tolerance: rows };
  const figure: Figure = {
    name: 'tolerance',
    title,
    description,
    data: datasets,
    spec: multiplesSpec(grid, { ...frame, datasets }),
  };
  return finishFigure(figure, options);
}

/** The colours of a mean rank ratio from 0 to 1. Their lightness is even, so a grey print keeps the order. */
export const RANK_RATIO_COLOUR = {
  field: 'rankRatioMean',
  type: 'quantitative',
  scale: { domain: [0, 1], scheme: 'viridis' },
  legend: {
    title: 'Rank ratio',
    orient: 'top',
    direction: 'horizontal',
    titleOrient: 'left',
    gradientLength: 220,
    gradientThickness: 10,
    offset: 14,
    values: [0, 0.2, 0.4, 0.6, 0.8, 1],
    format: '.1f',
  },
};

/** Returns the axis of tolerances with a gap between those relative to sigma_1 and the other rules. */
export function toleranceAxis(tolerances: readonly string[]): Omit<HeatAxis, 'title'> {
  const words = Object.fromEntries(tolerances.map((rule) => [rule, rule && formatTolerance(rule)]));
  // of the thresholds two a decade, every other has room for its label
  const labelled = tolerances.filter((rule) => rule !== '' && !/·/.test(words[rule]!));
  return { field: 'tolerance', values: tolerances, words, labelled };
}

/** Returns the tolerances from strict to loose, then an empty text, then the other rules. */
export function orderTolerances(given: Iterable<string>): string[] {
  const all = [...new Set(given)];
  const strictness = (rule: string) => {
    const parsed = parseTolerance(rule);
    return parsed.name === 'relative' ? parsed.r : Infinity;
  };
  const relative = all.filter((rule) => strictness(rule) < Infinity);
  relative.sort((a, b) => strictness(a) - strictness(b));
  const others = all.filter((rule) => strictness(rule) === Infinity);
  return [...relative, ...(relative.length > 0 && others.length > 0 ? [''] : []), ...others];
}
