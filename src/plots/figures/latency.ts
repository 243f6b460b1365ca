import { missing } from '../../errors.js';
import { refuseDoublePoints } from '../parts/distinct-points.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../render/figure.js';
import { chunks } from '../parts/chunks.js';
import { PANEL, twoPanels, type TwoPanels } from '../parts/accuracy-over-cost.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import {
  accuracyOverCost,
  familyColours,
  familyOf,
  memberNames,
  type CostAxis,
} from '../parts/accuracy-over-cost.js';

/** A network with its published accuracy and its costs. */
export interface LatencyPoint {
  /** As printed: `ReXNet x0.9`. */
  readonly label: string;
  /** ImageNet accuracy in percent, as published. */
  readonly top1: number;
  /** Multiply-accumulates for one image, counted. */
  readonly macs: number;
  /** Measured, in milliseconds for a batch. */
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  /** Images per run. */
  readonly batch: number;
  /** Number of timed runs. */
  readonly runs: number;
  /** The tensor backend it ran on. */
  readonly backend: string;
}

/**
 * Returns the figure of published ImageNet top-1 accuracy against cost. One panel has the counted multiply-accumulates,
 * the other the measured latency with the quartiles of its runs. A line joins the networks of a family. @throws
 * RangeError without points
 */
export function latencyFigure(points: readonly LatencyPoint[], options: FigureOptions = {}): Figure {
  checkFigureOptions(options);
  refuseDoublePoints(points, ['label'], 'one row a network');
  if (points.length === 0)
    throw missing('points', points, 'the figure needs a network with a published accuracy');
  const title = options.title ?? 'Published accuracy against cost and measured latency';
  const subtitle =
    options.subtitle ??
    'Accuracy: ImageNet top-1 as published in Table 5 of the ReXNet paper, not measured here. MACs: counted. ' +
      `Latency: ${formatLatency(points)}.`;
  const rows = points.map((point) => ({ ...point, family: familyOf(point.label) }));
  const datasets = { latency: jsonRows(rows) };
  const costs = [
    { field: 'macs', unit: 1e9, title: 'Billions of MACs an image, counted (logarithmic)' },
    { field: 'median', unit: 1, title: `${latencyTitle(points)} (logarithmic)` },
  ] as const;
  const { columns, size } = twoPanels(options, { title, subtitle, caption: options.caption });
  const views = costs.map((cost) => panelView(cost, points, size));
  const narrowViews = costs.map((cost) => panelView(cost, points, PANEL));
  const description =
    'Two charts of published ImageNet top-1 accuracy, over multiply-accumulates and over measured latency. ' +
    points
      .map(
        ({ label, top1, macs, median }) =>
          `${label}: ${top1}%, ${(macs / 1e9).toPrecision(2)} billion MACs, ${median.toPrecision(3)} ms.`,
      )
      .join(' ');
  const frame = { title, subtitle, caption: options.caption, description, datasets, rowGap: 24 };
  const figure: Figure = {
    name: 'latency',
    title,
    description,
    data: { latency: jsonRows(points) },
    spec: multiplesSpec(
      chunks(views, columns).map((row) => ({ heading: '', views: row })),
      { ...frame, across: size.across, gap: 52 },
    ),
    narrowSpec: multiplesSpec(
      narrowViews.map((view) => ({ heading: '', views: [view] })),
      { ...frame, across: 340 },
    ),
  };
  return finishFigure(figure, options);
}

function latencyTitle(points: readonly LatencyPoint[]): string {
  const batches = formatSpan(points.map(({ batch }) => batch));
  return batches === '1' ? 'Milliseconds an image, measured' : `Milliseconds a batch of ${batches}, measured`;
}

function formatLatency(points: readonly LatencyPoint[]): string {
  const runs = formatSpan(points.map((point) => point.runs));
  const batches = formatSpan(points.map(({ batch }) => batch));
  const backends = [...new Set(points.map(({ backend }) => backend))].join(', ');
  return (
    `median of ${runs} ${runs === '1' ? 'run' : 'runs, with its quartiles'}, ` +
    `${batches === '1' ? 'one image' : `${batches} images`} a run, ${backends} backend`
  );
}

function formatSpan(counts: readonly number[]): string {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? String(low) : `${low} to ${high}`;
}

/**
 * Returns one panel of accuracy over a cost. A family is a line, each point has its name, and a latency shows its
 * quartiles.
 */
function panelView(cost: CostAxis<'macs' | 'median'>, points: readonly LatencyPoint[],
  size: TwoPanels['size'],
): object {
  const { field } = cost;
  const costs = points.flatMap((point) =>
    field === 'median' ? [point.lowerQuartile, point.upperQuartile] : [point.macs],
  );
  const families = [...new Set(points.map(({ label }) => familyOf(label)))];
  const { x, y } = accuracyOverCost(
    cost,
    costs,
    points.map(({ top1 }) => top1),
  );
  const color = { field: 'family', ...familyColours(families, size.across) };
  const tooltip = [
    { field: 'label', title: 'Network' },
    { field: 'top1', title: 'Top-1, published (%)' },
    { field: 'macs', title: 'MACs, counted', format: ',' },
    { field: 'median', title: 'Median (ms)', format: '.4~r' },
    { field: 'lowerQuartile', title: 'Lower quartile (ms)', format: '.4~r' },
    { field: 'upperQuartile', title: 'Upper quartile (ms)', format: '.4~r' },
  ];
  const quartiles = {
    mark: { type: 'rule', strokeWidth: 1.4, tooltip: null },
    encoding: { x: { ...x, field: 'lowerQuartile' }, x2: { field: 'upperQuartile' }, y, color },
  };
  return {
    width: size.width,
    height: size.height,
    data: { name: 'latency' },
    layer: [
      {
        mark: { type: 'line', tooltip: null },
        encoding: { x, y, color, order: { field: 'macs', type: 'quantitative' } },
      },
      ...(field === 'median' ? [quartiles] : []),
      { mark: { type: 'point', size: 40 }, encoding: { x, y, color, tooltip } },
      ...memberNames(families, { x, y }),
    ],
  };
}
