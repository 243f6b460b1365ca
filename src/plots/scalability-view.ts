import { lineStyles } from './line-style.js';
import { logTicks } from './log-ticks.js';
import type { ScalabilityPoint } from './scalability-points.js';
import { GUIDE, INK } from './theme.js';

/** What a panel has along its horizontal axis. */
export interface CostAxis {
  readonly field: 'macs' | 'params';
  /** What the numbers are divided by for the labels. */
  readonly unit: number;
  readonly title: string;
}

/** What networks without a family are called in the legend. */
const OTHERS = 'others, costs as published';
const inFamily = 'isValid(datum.family)';

/** Returns one panel: accuracy over a cost, a line a family, each network of a family with its name. */
export function scalabilityView(
  { field, unit, title }: CostAxis,
  points: readonly ScalabilityPoint[],
): object {
  const families = [...new Set(points.flatMap(({ family }) => family ?? []))];
  const styles = lineStyles(families);
  const costs = points.map((point) => point[field]);
  // to the left there is room for a name
  const [low, high] = [Math.min(...costs) / 1.2, Math.max(...costs) * 1.12];
  const accuracies = points.map(({ top1 }) => top1);
  const encoding = {
    x: {
      field,
      type: 'quantitative',
      scale: { type: 'log', domain: [low, high], nice: false },
      axis: {
        title,
        values: logTicks(low, high),
        labelExpr: `format(datum.value / ${unit}, '~r')`,
        labelOverlap: false,
      },
    },
    y: {
      field: 'top1',
      type: 'quantitative',
      scale: {
        domain: [Math.floor(Math.min(...accuracies) - 0.4), Math.ceil(Math.max(...accuracies) + 0.4)],
        nice: false,
      },
      axis: { title: 'ImageNet top-1, published (%)', tickMinStep: 1, format: 'd' },
    },
  };
  const groups = points.some(({ family }) => family === null) ? [...families, OTHERS] : families;
  const color = {
    field: 'group',
    type: 'nominal',
    scale: { domain: groups, range: groups.map((group) => styles.get(group)?.colour ?? GUIDE) },
    legend: { title: null, orient: 'top', direction: 'horizontal', symbolSize: 60, symbolType: 'circle' },
  };
  const tooltip = [
    { field: 'label', type: 'nominal', title: 'Network' },
    { field: 'top1', type: 'quantitative', title: 'Top-1, published (%)' },
    { field: 'macs', type: 'quantitative', title: 'MACs', format: ',' },
    { field: 'params', type: 'quantitative', title: 'Parameters', format: ',' },
    { field: 'counted', type: 'nominal', title: 'Counted' },
  ];
  return {
    width: 330,
    height: 300,
    data: { name: 'scalability' },
    transform: [{ calculate: `datum.family || '${OTHERS}'`, as: 'group' }],
    // what is drawn later lies above
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
      ...families.map((family, i) => names(family, i === 0, encoding)),
    ],
  };
}

/** The names of a family's networks: above its points for the first family, below for the others. */
function names(family: string, above: boolean, encoding: object): object {
  // ReXNet x0.9 is ×0.9, EfficientNet-B0 is B0
  const member = `replace(slice(datum.label, ${family.length + 1}), /^x/, '×')`;
  const place = above ? { align: 'right', dx: -5, dy: -8 } : { align: 'left', dx: 6, dy: 9 };
  const text = { type: 'text', ...place, tooltip: null };
  return {
    transform: [{ filter: { field: 'family', equal: family } }, { calculate: member, as: 'member' }],
    encoding: { ...encoding, text: { field: 'member' } },
    // white under the letters, for where a line passes
    layer: [{ mark: { ...text, stroke: '#ffffff', strokeWidth: 3 } }, { mark: { ...text, color: INK } }],
  };
}
