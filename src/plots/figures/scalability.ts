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
import { accuracyOverCost, familyColours, memberNames, type CostAxis } from '../parts/accuracy-over-cost.js';
import { GUIDE } from '../render/theme.js';

/** A network with its published accuracy and its costs. */
export interface ScalabilityPoint {
  /** As printed: `ReXNet x0.9`. */
  readonly label: string;
  /** A line joins the networks of a family; null for a network without a family. */
  readonly family: string | null;
  /** ImageNet accuracy in percent, as published. */
  readonly top1: number;
  readonly macs: number;
  readonly params: number;
  /** Whether both costs are counted from the network's description; otherwise they are the printed ones. */
  readonly counted: boolean;
  /** As published, with its few digits. */
  readonly printedMacs: number;
  readonly printedParams: number;
}

/**
 * Returns the figure of published ImageNet accuracy against multiply-accumulates and against parameters. Both axes are
 * logarithmic; each family has a line. @throws RangeError without points
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
  const costs = [
    { field: 'macs', unit: 1e9, title: 'Billions of MACs an image' },
    { field: 'params', unit: 1e6, title: 'Millions of parameters' },
  ] as const;
  const { columns, size } = twoPanels(options, { title, subtitle, caption });
  const views = costs.map((cost) => panelView(cost, points, size));
  const narrowViews = costs.map((cost) => panelView(cost, points, PANEL));
  const frame = { title, subtitle, caption, description, datasets, rowGap: 24 };
  const figure: Figure = {
    name: 'scalability',
    title,
    description,
    data: datasets,
    spec: multiplesSpec(
      chunks(views, columns).map((row) => ({ heading: '', views: row })),
      { ...frame, across: size.across, gap: 54 },
    ),
    narrowSpec: multiplesSpec(
      narrowViews.map((view) => ({ heading: '', views: [view] })),
      { ...frame, across: 340 },
    ),
  };
  return finishFigure(figure, options);
}

/** The legend's label of networks without a family. */
const OTHERS = 'others, costs as published';
const inFamily = 'isValid(datum.family)';

/** Returns one panel of accuracy over a cost, with one line per family and the name of each network. */
function panelView(
  cost: CostAxis<'macs' | 'params'>,
  points: readonly ScalabilityPoint[],
  size: TwoPanels['size'],
): object {
  const { field } = cost;
  const families = [...new Set(points.flatMap(({ family }) => family ?? []))];
  const encoding = accuracyOverCost(
    cost,
    points.map((point) => point[field]),
    points.map(({ top1 }) => top1),
  );
  const others: Record<string, string> = points.some(({ family }) => family === null)
    ? { [OTHERS]: GUIDE }
    : {};
  const color = { field: 'group', ...familyColours(families, size.across, others) };
  const tooltip = [
    { field: 'label', type: 'nominal', title: 'Network' },
    { field: 'top1', type: 'quantitative', title: 'Top-1, published (%)' },
    { field: 'macs', type: 'quantitative', title: 'MACs', format: ',' },
    { field: 'params', type: 'quantitative', title: 'Parameters', format: ',' },
    { field: 'counted', type: 'nominal', title: 'Counted' },
  ];
  return {
    width: size.width,
    height: size.height,
    data: { name: 'scalability' },
    transform: [{ calculate: `datum.family || '${OTHERS}'`, as: 'group' }],
    // later layers lie on top
    layer: [
      {
        transform: [{ filter: inFamily }],
        mark: { type: 'line', tooltip: null },
        encoding: { ...encoding, color, order: { field, type: 'quantitative' } },
      },
      ...[`!${inFamily}`, inFamily].map((filter) => ({
        transform: [{ filter }],
        mark: { type: 'point', size: 40 },
        encoding: { ...encoding, color, tooltip },
      })),
      ...memberNames(families, encoding),
    ],
  };
}
