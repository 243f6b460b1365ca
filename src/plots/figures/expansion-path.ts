import { missing } from '../../errors.js';
import { refuseDoublePoints } from '../parts/distinct-points.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../render/figure.js';
import { panelSize } from '../parts/panel-size.js';
import { sequenceView } from '../parts/sequence-view.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import { formatTolerance } from '../parts/format-tolerance.js';
import { formatBlock, formatLayerCount, orderBlocks } from '../parts/format-names.js';

/** The mean rank at one place of an inverted bottleneck, for one expansion and dimension ratio. */
export interface ExpansionPoint {
  readonly block: string;
  readonly activation: string;
  readonly tolerance: string;
  readonly expansion: number;
  readonly dimensionRatio: number;
  /** `input`, or a tap. */
  readonly tap: string;
  readonly layers: number;
  /** Mean of rank / channels at the tap, and its 95% interval. */
  readonly rankRatio: number;
  readonly ci95Low: number;
  readonly ci95High: number;
  /** Mean of rank / d_in: dimensions for each input channel. */
  readonly perInput: number;
}

const STAGES = ['input', 'expand', 'spatial', 'project', 'output'];

/**
 * Returns the figure of the rank along the way through an inverted bottleneck. The horizontal axis has input,
 * expansion, spatial convolution, projection and output; the vertical axis has dimensions per input channel. There is
 * one line per expansion ratio, one row of panels per block and tolerance, and one column per dimension ratio. A dashed
 * line shows the output channels per input channel. @throws RangeError without points
 */
export function expansionPathFigure(points: readonly ExpansionPoint[], options: FigureOptions = {}): Figure {
  checkFigureOptions(options);
  refuseDoublePoints(
    points,
    ['block', 'tolerance', 'expansion', 'dimensionRatio', 'tap'],
    'one row a point: of one run and one activation',
  );
  if (points.length === 0) throw missing('points', points, 'a path of ranks needs at least one point');
  const title = options.title ?? 'The rank on its way through an inverted bottleneck';
  const layers = formatLayerCount(points.map((point) => point.layers));
  const subtitle =
    options.subtitle ??
    `Mean rank / input channels of ${layers} per point. Dashed: output channels / input channels, the largest possible rank of the output`;
  const blocks = orderBlocks(points.map((point) => point.block));
  const tolerances = [...new Set(points.map((point) => point.tolerance))];
  const ratios = [...new Set(points.map((point) => point.dimensionRatio))].sort((a, b) => a - b);
  const expansions = [...new Set(points.map((point) => point.expansion))].sort((a, b) => a - b);
  const datasets = { expansion: jsonRows(points) };
  const description =
    'Line charts of the rank divided by the input channels at the input, after the expansion, after the spatial ' +
    `convolution, after the projection and at the output. Blocks: ${blocks.map(formatBlock).join('; ')}. ` +
    `Expansion ratios: ${expansions.join(', ')}. Dimension ratios: ${ratios.join(', ')}.`;
  const rows = blocks.flatMap((block) => tolerances.map((tolerance) => ({ block, tolerance })));
  const { width, height } = panelSize(options, {
    columns: ratios.length,
    rows: rows.length,
    width: Math.floor(720 / ratios.length) - 12,
    height: 120,
    beside: 12 * ratios.length + 40,
    above: 110 + 54 * rows.length,
    texts: { title, subtitle, caption: options.caption },
  });
  const widest = Math.max(...expansions, ...ratios.map((ratio) => 1 / ratio));
  // whole octaves, down to the lowest point: a rank of zero would have no place on a logarithmic axis
  const seen = points.map((point) => point.perInput).filter((value) => value > 0);
  const min = Math.min(-1, Math.floor(Math.log2(Math.min(...seen))));
  const octaves = Array.from({ length: Math.floor(Math.log2(widest)) - min + 1 }, (_, i) => 2 ** (min + i));
  const grid = rows.map(({ block, tolerance }, r) => ({
    heading: `${formatBlock(block)}, tolerance ${formatTolerance(tolerance)}`,
    views: ratios.map((dimensionRatio, c) =>
      sequenceView({
        name: `dimension ratio ${dimensionRatio}`,
        data: 'expansion',
        where: { block, tolerance, dimensionRatio },
        width,
        height,
        x: {
          field: 'tap',
          type: 'ordinal',
          scale: { type: 'point', domain: STAGES, padding: 0.3 },
          axis: { title: null, labelAngle: -45, labels: r === rows.length - 1 },
        },
        y: {
          field: 'perInput',
          type: 'quantitative',
          scale: { type: 'log', base: 2, domain: [2 ** min, widest], nice: false, clamp: true },
          axis: {
            title: c === 0 ? 'Rank / input channels' : null,
            labels: c === 0,
            values: octaves,
            format: '~g',
          },
        },
        field: 'expansion',
        values: expansions,
        title: 'Expansion ratio',
        limit: 1 / dimensionRatio,
        tooltip: [
          { field: 'expansion', title: 'Expansion ratio' },
          { field: 'tap', title: 'Place' },
          { field: 'perInput', title: 'Rank / input channels', format: '.2f' },
          { field: 'rankRatio', title: 'Rank / channels there', format: '.3f' },
        ],
      }),
    ),
  }));
  const figure: Figure = {
    name: 'expansion-path',
    title,
    description,
    data: datasets,
    spec: multiplesSpec(grid, {
      ...{ title, subtitle, caption: options.caption, description, datasets },
      ...{ across: ratios.length * (width + 12) + 40, gap: 12, rowGap: 20 },
    }),
  };
  return finishFigure(figure, options);
}
