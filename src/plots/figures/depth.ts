import { missing } from '../../errors.js';
import { firstOf } from '../../lookups.js';
import type { DepthPoint } from '../../depth/summarise-depth.js';
import { depthView, type DepthFrame, type DepthMeasure } from './depth-view.js';
import { drawableNames } from '../parts/drawable-names.js';
import { refuseDoublePoints } from '../parts/distinct-points.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  ratioRangeOption,
  type Figure,
  type FigureOptions,
  type RatioRangeOption,
} from '../render/figure.js';
import { panelSize } from '../parts/panel-size.js';
import { lineStyles } from '../parts/line-style.js';
import { legendColumns } from '../parts/legend-columns.js';
import { shortLabels } from '../parts/short-labels.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import { orderTaps } from '../parts/format-names.js';

const TAPS: Readonly<Record<string, string>> = {
  expand: 'After the expansion',
  spatial: 'After the spatial convolution',
  output: 'Output of the block',
};

const MEASURES: readonly DepthMeasure[] = [
  {
    title: 'Rank ratio',
    field: 'rankRatioMean',
    band: { low: 'rankRatioLow', high: 'rankRatioHigh' },
    share: true,
  },
  {
    title: 'Effective rank / channels',
    field: 'effectiveMean',
    band: { low: 'effectiveLow', high: 'effectiveHigh' },
    share: true,
  },
  { title: 'Channels', field: 'channels', share: false },
];

/** The maximum width of a network's name in the legend, in pixels. */
const LEGEND_LABEL = 260;

/**
 * Returns the figure of ranks along a network's depth, one column per tap. Rank ratio, effective rank / channels and
 * channels are drawn against the number of the block. Each network has a line; several seeds give a 95% confidence band
 * of their mean. Only the first of several tolerances is drawn. @throws RangeError without points in blocks
 * @example
 * depthFigure(summariseDepth(await measureDepth(network, images)));
 */
export function depthFigure(given: readonly DepthPoint[], options: FigureOptions & RatioRangeOption = {}): Figure {
  checkFigureOptions(options, ratioRangeOption);
  const points = drawableNames(given, 'network').filter(
    ({ block, tap, tolerance }) =>
      block !== null && Object.hasOwn(TAPS, tap) && tolerance === firstOf(given).tolerance,
  );
  refuseDoublePoints(
    points,
    ['network', 'tap', 'block'],
    'one row per point: a separate name for each network, seeds summarised',
  );
  if (points.length === 0) throw missing('points', given.length, 'a figure of depth needs a block at least');
  const networks = [...new Set(points.map(({ network }) => network))];
  const taps = orderTaps(points.map(({ tap }) => tap));
  const seeds = Math.max(...points.map((point) => point.seeds));
  const title = options.title ?? 'How much of its width a network uses, along its depth';
  const bounded = points.some(({ positions, channels }) => positions < channels);
  const subtitle =
    options.subtitle ??
    (seeds > 1
      ? `Mean of ${seeds} seeds with the 95% confidence band of the mean; tolerance ${firstOf(points).tolerance}`
      : `Rank counted at tolerance ${firstOf(points).tolerance}`) +
      (bounded ? '. Hollow: fewer positions than channels, which no rank can exceed' : '');
  const description =
    `Line charts against the number of the block: rank ratio, effective rank divided by channels, and channels, at ` +
    `${taps.map((tap) => TAPS[tap]!.toLowerCase()).join(', ')}. Networks: ${networks.join(', ')}.`;
  const data = { depth: jsonRows(points) };
  const labels = shortLabels(networks, LEGEND_LABEL);
  const build = (columns: readonly string[], width: number, height: number) => {
    const frame: DepthFrame = {
      width,
      height,
      styles: lineStyles(networks),
      labels: new Map(networks.map((network, i) => [network, labels[i]!])),
      range: options.ratioRange ?? [0, 1],
      blocks: Math.max(2, ...points.map(({ block }) => block ?? 0)),
      legendColumns: legendColumns(labels, columns.length * (width + 46)),
    };
    const rows = MEASURES.map((measure, row) => ({
      heading: '',
      views: columns.map((tap, column) =>
        depthView(
          points.filter((point) => point.tap === tap),
          measure,
          { tap, name: row === 0 ? TAPS[tap]! : '', left: column === 0, bottom: row === MEASURES.length - 1 },
          frame,
        ),
      ),
    }));
    return multiplesSpec(rows, {
      title,
      subtitle,
      caption: options.caption,
      description,
      across: columns.length * (width + 46),
      datasets: data,
      gap: 46,
      rowGap: 18,
    });
  };
  const size = panelSize(options, {
    columns: taps.length,
    rows: MEASURES.length,
    width: taps.length > 1 ? 230 : 420,
    height: 150,
    beside: 46 * taps.length + 14,
    above: 90 + 18 * MEASURES.length,
    texts: { title, subtitle, caption: options.caption },
  });
  const figure: Figure = { name: 'depth', title, description, data, spec: build(taps, size.width, size.height) };
  return finishFigure(figure, options);
}
