import { missing } from '../errors.js';
import { familyOf } from './accuracy-over-cost.js';
import { refuseDoublePoints } from './distinct-points.js';
import { checkFigureOptions, jsonRows, type Figure, type FigureOptions } from './figure.js';
import type { LatencyPoint } from './latency-points.js';
import { latencyView } from './latency-view.js';
import { multiplesSpec } from './small-multiples.js';

/**
 * Returns the figure of published accuracy against cost: ImageNet top-1 over the multiply-accumulates, which are
 * counted, and beside it over the latency, which is measured, with the quartiles of its runs. The networks of a family
 * are joined by a line.
 * @throws RangeError if there are no points
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
      `Latency: ${latencyWords(points)}.`;
  const rows = points.map((point) => ({ ...point, family: familyOf(point.label) }));
  const datasets = { latency: jsonRows(rows) };
  const costs = [
    { field: 'macs', unit: 1e9, title: 'Billions of MACs an image, counted (logarithmic)' },
    { field: 'median', unit: 1, title: `${latencyTitle(points)} (logarithmic)` },
  ] as const;
  const views = costs.map((cost) => latencyView(cost, points));
  const description =
    'Two charts of published ImageNet top-1 accuracy, over multiply-accumulates and over measured latency. ' +
    points
      .map(
        ({ label, top1, macs, median }) =>
          `${label}: ${top1}%, ${(macs / 1e9).toPrecision(2)} billion MACs, ${median.toPrecision(3)} ms.`,
      )
      .join(' ');
  const frame = { title, subtitle, caption: options.caption, description, datasets, rowGap: 24 };
  return {
    name: 'latency',
    title,
    description,
    data: { latency: jsonRows(points) },
    spec: multiplesSpec([{ heading: '', views }], { ...frame, across: 740, gap: 52 }),
    narrowSpec: multiplesSpec(
      views.map((view) => ({ heading: '', views: [view] })),
      { ...frame, across: 340 },
    ),
  };
}

function latencyTitle(points: readonly LatencyPoint[]): string {
  const batches = spanWords(points.map(({ batch }) => batch));
  return batches === '1' ? 'Milliseconds an image, measured' : `Milliseconds a batch of ${batches}, measured`;
}

function latencyWords(points: readonly LatencyPoint[]): string {
  const runs = spanWords(points.map((point) => point.runs));
  const batches = spanWords(points.map(({ batch }) => batch));
  const backends = [...new Set(points.map(({ backend }) => backend))].join(', ');
  return (
    `median of ${runs} ${runs === '1' ? 'run' : 'runs, with its quartiles'}, ` +
    `${batches === '1' ? 'one image' : `${batches} images`} a run, ${backends} backend`
  );
}

function spanWords(counts: readonly number[]): string {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? String(low) : `${low} to ${high}`;
}
