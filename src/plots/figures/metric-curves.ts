import { missing } from '../../errors.js';
import { pickedOpacity, pickedParameter, solidBelowDashed, styleChannel } from '../parts/encoding.js';
import type { MetricPoint } from '../../study/metric-summary.js';
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
import { pointerTableLayer } from '../parts/pointer-table.js';
import { legendColumns } from '../parts/legend-columns.js';
import { multiplesSpec, panelName } from '../parts/small-multiples.js';
import { formatBlock, formatLayerCount, orderBlocks } from '../parts/format-names.js';

const METRICS: Readonly<Record<string, string>> = {
  effectiveRank: 'Effective rank / channels',
  participationRatio: 'Participation ratio / channels',
  stableRank: 'Stable rank / channels',
};

const formatMetric = (metric: string) => (Object.hasOwn(METRICS, metric) ? METRICS[metric]! : metric);

/**
 * Returns the figure of metrics without a tolerance against dimension ratio. There is one row per block, one column per
 * metric, and one line per activation with the 95% confidence band of its mean. Each metric has its own axis, the same
 * for all blocks. @throws RangeError without points
 */
export function metricFigure(given: readonly MetricPoint[], options: FigureOptions = {}): Figure {
  checkFigureOptions(options);
  const points = drawableNames(given, 'activation');
  refuseDoublePoints(
    points,
    ['block', 'activation', 'metric', 'dimensionRatio'],
    'one row a point: of one run and one tap',
  );
  if (points.length === 0) throw missing('points', points, 'a figure of metrics needs at least one point');
  const title = options.title ?? 'How much of its width a layer uses, without a tolerance';
  const layers = formatLayerCount(points.map((point) => point.layers));
  const subtitle =
    options.subtitle ?? `Mean of ${layers} per point, with the 95% confidence interval of the mean`;
  const blocks = orderBlocks(points.map((point) => point.block));
  const metrics = [...new Set(points.map((point) => point.metric))];
  const styles = activationStyles(points.map((point) => point.activation));
  const description =
    'Line charts against the dimension ratio (input channels divided by output channels) of ' +
    `${metrics.map((metric) => formatMetric(metric).toLowerCase()).join(', ')}. ` +
    `Blocks: ${blocks.map(formatBlock).join('; ')}. Activations: ${[...styles.values()].map(({ label }) => label).join(', ')}.`;
  const datasets = { metrics: jsonRows(points) };
  const { width, height } = panelSize(options, {
    columns: metrics.length,
    rows: blocks.length,
    width: Math.floor(700 / metrics.length) - 40,
    height: 118,
    beside: 40 * metrics.length,
    above: 70 + 62 * blocks.length,
    texts: { title, subtitle, caption: options.caption },
  });
  const across = metrics.length * (width + 40);
  const legend = {
    orient: 'top',
    columns: legendColumns(
      [...styles.values()].map(({ label }) => label),
      across,
    ),
    symbolType: 'stroke',
    symbolSize: 300,
    offset: 12,
  };
  const look = {
    color: styleChannel(styles, 'colour', legend),
    strokeDash: styleChannel(styles, 'dash', legend),
  };
  const view = (block: string, metric: string, r: number, c: number): object => {
    const top = Math.max(...points.filter((p) => p.metric === metric).map((p) => p.ci95High));
    const x = {
      field: 'dimensionRatio',
      type: 'quantitative',
      scale: { domain: [0, 1], nice: false },
      axis: {
        title: r === blocks.length - 1 ? 'Dimension ratio' : null,
        values: [0, 0.2, 0.4, 0.6, 0.8, 1],
        format: '.1f',
      },
    };
    const y = {
      type: 'quantitative',
      scale: { domain: [0, top], nice: true },
      axis: { title: null, tickCount: 4 },
    };
    return {
      width,
      height,
      data: { name: 'metrics' },
      transform: [
        {
          filter: {
            and: [
              { field: 'block', equal: block },
              { field: 'metric', equal: metric },
            ],
          },
        },
      ],
      layer: [
        {
          name: `band${r}x${c}`,
          mark: { type: 'area', opacity: 1, tooltip: null },
          encoding: {
            x,
            y: { ...y, field: 'ci95Low' },
            y2: { field: 'ci95High' },
            color: look.color,
            fillOpacity: pickedOpacity(0.16, 0),
          },
        },
        ...solidBelowDashed(styles, [
          {
            mark: { type: 'line', tooltip: null },
            encoding: {
              x,
              y: { ...y, field: 'mean' },
              ...look,
              opacity: pickedOpacity(1),
            },
          },
        ]),
        pointerTableLayer(
          {
            name: `pointer${r}x${c}`,
            field: 'dimensionRatio',
            title: 'Dimension ratio',
            format: '.3~f',
            words:
              "format(datum.mean, '.3f') + '  (' + format(datum.ci95Low, '.3f') + ' to ' + format(datum.ci95High, '.3f') + ')'",
            styles: [...styles],
          },
          x,
        ),
        panelName(formatMetric(metric)),
      ],
    };
  };
  const grid = blocks.map((block, r) => ({
    heading: formatBlock(block),
    views: metrics.map((metric, c) => view(block, metric, r, c)),
  }));
  const carriers = blocks.flatMap((_, r) => metrics.map((_, c) => `band${r}x${c}`));
  const figure: Figure = {
    name: 'metrics',
    title,
    description,
    data: datasets,
    spec: multiplesSpec(grid, {
      title,
      subtitle,
      caption: options.caption,
      description,
      across,
      datasets,
      params: [pickedParameter(carriers)],
      gap: 40,
      rowGap: 20,
    }),
  };
  return finishFigure(figure, options);
}
