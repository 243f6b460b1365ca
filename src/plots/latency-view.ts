import type { FamilyPoint } from './latency.js';
import { logTicks } from './log-ticks.js';

/** What a panel has along its horizontal axis. */
export interface CostAxis {
  readonly field: 'macs' | 'median';
  /** What the numbers are divided by for the labels. */
  readonly unit: number;
  readonly title: string;
}

const COLOURS = ['#2947c6', '#b52708', '#1e9865', '#8b62f5', '#e69f00', '#222222'];
const SHAPES = ['circle', 'square', 'diamond', 'triangle-up', 'triangle-down', 'cross'];

/** Returns one panel: accuracy over a cost, a line a family, each point with its name. */
export function latencyView(
  cost: CostAxis,
  points: readonly FamilyPoint[],
  families: readonly string[],
): object {
  const { field } = cost;
  const ends = points.flatMap((point) =>
    field === 'median' ? [point.lowerQuartile, point.upperQuartile] : [point.macs],
  );
  // on the left there is room for a name
  const [low, high] = [Math.min(...ends) / 1.28, Math.max(...ends) * 1.12];
  const x = {
    field,
    type: 'quantitative',
    scale: { type: 'log', domain: [low, high], nice: false },
    axis: {
      title: cost.title,
      values: logTicks(low, high),
      labelExpr: `format(datum.value / ${cost.unit}, '~r')`,
      labelOverlap: false,
    },
  };
  const accuracies = points.map(({ top1 }) => top1);
  const y = {
    field: 'top1',
    type: 'quantitative',
    scale: { domain: [Math.floor(Math.min(...accuracies) - 0.4), Math.ceil(Math.max(...accuracies) + 0.4)] },
    axis: { title: 'ImageNet top-1, published (%)', tickMinStep: 1, format: 'd' },
  };
  const look = (range: readonly string[]) => ({
    field: 'family',
    type: 'nominal',
    scale: { domain: families, range: families.map((_, i) => range[i % range.length]!) },
    legend: { title: null, orient: 'top', direction: 'horizontal', symbolSize: 60 },
  });
  const color = look(COLOURS);
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
    width: 330,
    height: 290,
    data: { name: 'latency' },
    layer: [
      {
        mark: { type: 'line', tooltip: null },
        encoding: { x, y, color, order: { field: 'macs', type: 'quantitative' } },
      },
      ...(field === 'median' ? [quartiles] : []),
      {
        mark: { type: 'point', size: 46 },
        encoding: { x, y, color, shape: look(SHAPES), tooltip },
      },
      ...families.map((family, i) => names(family, i === 0, { x, y, color })),
    ],
  };
}

/** The names of a family's networks: above its points for the first family, below for the others. */
function names(family: string, above: boolean, encoding: object): object {
  return {
    transform: [{ filter: { field: 'family', equal: family } }],
    mark: {
      type: 'text',
      ...(above ? { align: 'right', dx: -5, dy: -8 } : { align: 'left', dx: 6, dy: 9 }),
      tooltip: null,
    },
    encoding: { ...encoding, text: { field: 'member' } },
  };
}
