import {
  accuracyOverCost,
  familyColours,
  familyOf,
  memberNames,
  type CostAxis,
} from './accuracy-over-cost.js';
import type { LatencyPoint } from './latency-points.js';

/** Returns one panel: accuracy over a cost, a line a family, each point with its name; of a latency its quartiles. */
export function latencyView(cost: CostAxis<'macs' | 'median'>, points: readonly LatencyPoint[]): object {
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
  const color = { field: 'family', ...familyColours(families) };
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
    height: 300,
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
