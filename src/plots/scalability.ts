import { missing } from '../errors.js';
import { refuseDoublePoints } from './distinct-points.js';
import { checkFigureOptions, jsonRows, type Figure, type FigureOptions } from './figure.js';
import type { ScalabilityPoint } from './scalability-points.js';
import { scalabilityView } from './scalability-view.js';
import { multiplesSpec } from './small-multiples.js';

/**
 * Returns the figure of published ImageNet accuracy against cost: over multiply-accumulates and over parameters, both on
 * a logarithmic axis, a line a family.
 *
 * @throws RangeError if there are no points
 * @example
 * scalabilityFigure(scalabilityPoints());
 */
export function scalabilityFigure(points: readonly ScalabilityPoint[], options: FigureOptions = {}): Figure {
  checkFigureOptions(options);
  refuseDoublePoints(points, ['label'], 'one row a network');
  if (points.length === 0) throw missing('points', points, 'a scalability figure needs at least one network');
  const title = options.title ?? 'Published accuracy against counted cost';
  const subtitle =
    options.subtitle ??
    'ImageNet top-1 as published, not measured here. MACs and parameters: counted, except for the grey networks';
  const caption =
    options.caption ??
    'Accuracies: Tables 1 and 5 of Han et al., CVPR 2021, and its appendix. Each network at the resolution of its ' +
      'accuracy: 224, but 240, 260 and 300 for EfficientNet-B1 to B3.';
  const description =
    'Two charts of published ImageNet top-1 accuracy, over multiply-accumulates and over parameters. ' +
    points
      .map(
        ({ label, top1, macs, params }) =>
          `${label}: ${top1}%, ${(macs / 1e9).toPrecision(2)} billion MACs, ` +
          `${(params / 1e6).toPrecision(2)} million parameters.`,
      )
      .join(' ');
  const datasets = { scalability: jsonRows(points) };
  const views = [
    scalabilityView({ field: 'macs', unit: 1e9, title: 'Billions of MACs an image' }, points),
    scalabilityView({ field: 'params', unit: 1e6, title: 'Millions of parameters' }, points),
  ];
  const frame = { title, subtitle, caption, description, datasets, rowGap: 24 };
  return {
    name: 'scalability',
    title,
    description,
    data: datasets,
    spec: multiplesSpec([{ heading: '', views }], { ...frame, across: 750, gap: 54 }),
    narrowSpec: multiplesSpec(
      views.map((view) => ({ heading: '', views: [view] })),
      { ...frame, across: 340 },
    ),
  };
}
