import { accuracyOverCost, familyColours, memberNames, type CostAxis } from './accuracy-over-cost.js';
import type { ScalabilityPoint } from './scalability-points.js';
import { GUIDE } from './theme.js';

/** What networks without a family are called in the legend. */
const OTHERS = 'others, costs as published';
const inFamily = 'isValid(datum.family)';

/** Returns one panel: accuracy over a cost, a line a family, each network of a family with its name. */
export function scalabilityView(
  cost: CostAxis<'macs' | 'params'>,
  points: readonly ScalabilityPoint[],
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
  const color = { field: 'group', ...familyColours(families, others) };
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
      ...memberNames(families, encoding),
    ],
  };
}
