import { missing } from '../../errors.js';
import type { ExpansionPoint } from './expansion-path.js';
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
import { activationStyles } from '../parts/activation-style.js';
import { sequenceView } from '../parts/sequence-view.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import { formatTolerance } from '../parts/format-tolerance.js';
import { formatBlock, formatLayerCount, orderBlocks, orderTaps, formatTap } from '../parts/format-names.js';

/**
 * Returns the figure of the used share of the width against the expansion ratio. There is one column per place in the
 * block, one line per dimension ratio, and one row per block, activation and tolerance. @throws RangeError without
 * points
 */
export function expansionShareFigure(given: readonly ExpansionPoint[], options: FigureOptions = {}): Figure {
  checkFigureOptions(options);
  refuseDoublePoints(
    given,
    ['block', 'activation', 'tolerance', 'expansion', 'dimensionRatio', 'tap'],
    'one row a point: of one run',
  );
  const points = drawableNames(given, 'activation').filter(({ tap }) => tap !== 'input');
  if (points.length === 0) throw missing('points', points, 'a figure of shares needs at least one point');
  const title = options.title ?? 'How much of its width each place of an inverted bottleneck uses';
  const layers = formatLayerCount(points.map((point) => point.layers));
  const subtitle = options.subtitle ?? `Mean rank / channels of ${layers} per point`;
  const blocks = orderBlocks(points.map((point) => point.block));
  const styles = activationStyles(points.map((point) => point.activation));
  const tolerances = [...new Set(points.map((point) => point.tolerance))];
  const taps = orderTaps(points.map((point) => point.tap)).filter((tap) => tap !== 'project');
  const ratios = [...new Set(points.map((point) => point.dimensionRatio))].sort((a, b) => a - b);
  const expansions = [...new Set(points.map((point) => point.expansion))].sort((a, b) => a - b);
  const datasets = { expansion: jsonRows(points.filter(({ tap }) => taps.includes(tap))) };
  const description =
    'Line charts of the mean rank divided by the channels against the expansion ratio, ' +
    `${taps.map(formatTap).join(', ')}. Dimension ratios: ${ratios.join(', ')}.`;
  const rows = blocks.flatMap((block) =>
    [...styles].flatMap(([activation, { label }]) =>
      tolerances.map((tolerance) => ({ block, activation, label, tolerance })),
    ),
  );
  const { width, height } = panelSize(options, {
    columns: taps.length,
    rows: rows.length,
    width: Math.floor(720 / taps.length) - 14,
    height: 104,
    beside: 14 * taps.length + 40,
    above: 90 + 54 * rows.length,
    texts: { title, subtitle, caption: options.caption },
  });
  const grid = rows.map(({ block, activation, label, tolerance }, r) => ({
    heading: `${formatBlock(block)}, ${label}, tolerance ${formatTolerance(tolerance)}`,
    views: taps.map((tap, c) =>
      sequenceView({
        name: formatTap(tap),
        data: 'expansion',
        where: { block, activation, tolerance, tap },
        width,
        height,
        x: {
          field: 'expansion',
          type: 'quantitative',
          scale: { domain: [0, Math.max(...expansions)], nice: false },
          axis: { title: r === rows.length - 1 ? 'Expansion ratio' : null, values: [0, 2, 4, 6, 8, 10] },
        },
        y: {
          field: 'rankRatio',
          type: 'quantitative',
          scale: { domain: [0, 1], nice: false },
          axis: { title: c === 0 ? 'Rank / channels' : null, labels: c === 0, tickCount: 5, format: '.1f' },
        },
        field: 'dimensionRatio',
        values: ratios,
        title: 'Dimension ratio',
        tooltip: [
          { field: 'dimensionRatio', title: 'Dimension ratio' },
          { field: 'expansion', title: 'Expansion ratio' },
          { field: 'rankRatio', title: 'Rank / channels', format: '.3f' },
        ],
      }),
    ),
  }));
  const figure: Figure = {
    name: 'expansion-share',
    title,
    description,
    data: datasets,
    spec: multiplesSpec(grid, {
      ...{ title, subtitle, caption: options.caption, description, datasets },
      ...{ across: taps.length * (width + 14) + 40, gap: 14, rowGap: 18 },
    }),
  };
  return finishFigure(figure, options);
}
