import { lineStyles } from './line-style.js';
import { logTicks } from './log-ticks.js';
import { INK } from '../render/theme.js';

/** What a panel has along its horizontal axis. */
export interface CostAxis<Field extends string> {
  readonly field: Field;
  /** What the numbers are divided by for the labels. */
  readonly unit: number;
  readonly title: string;
}

/** The family in a network's printed name: of `ReXNet x0.9` ReXNet, of `EfficientNet-B0` EfficientNet. */
export function familyOf(label: string): string {
  return /^(.+?)(?: x|-)[\w.]+$/.exec(label)?.[1] ?? label;
}

/** The axes of a panel of published accuracy over a cost, wide enough for all the costs given. */
export function accuracyOverCost(
  { field, unit, title }: CostAxis<string>,
  costs: readonly number[],
  accuracies: readonly number[],
) {
  // on the left there is room for a name
  const [low, high] = [Math.min(...costs) / 1.28, Math.max(...costs) * 1.12];
  const x = {
    field,
    type: 'quantitative',
    scale: { type: 'log', domain: [low, high], nice: false },
    axis: {
      title,
      values: logTicks(low, high),
      labelExpr: `format(datum.value / ${unit}, '~r')`,
      labelOverlap: false,
    },
  };
  const y = {
    field: 'top1',
    type: 'quantitative',
    scale: {
      domain: [Math.floor(Math.min(...accuracies) - 0.4), Math.ceil(Math.max(...accuracies) + 0.4)],
      nice: false,
    },
    axis: { title: 'ImageNet top-1, published (%)', tickMinStep: 1, format: 'd' },
  };
  return { x, y };
}

/** A colour a group, families first; `others` gives that of groups which are none. */
export function familyColours(families: readonly string[], others: Readonly<Record<string, string>> = {}) {
  const colours = {
    ...Object.fromEntries([...lineStyles(families)].map(([k, v]) => [k, v.colour])),
    ...others,
  };
  return {
    type: 'nominal',
    scale: { domain: Object.keys(colours), range: Object.values(colours) },
    legend: { title: null, orient: 'top', direction: 'horizontal', symbolSize: 60, symbolType: 'circle' },
  };
}

/**
 * The names of the networks of each family within it, ×0.9 or B0: above its points for the first family, below for
 * the others.
 */
export function memberNames(families: readonly string[], encoding: object): object[] {
  return families.map((family, i) => {
    const member = `replace(slice(datum.label, ${family.length + 1}), /^x/, '×')`;
    const place = i === 0 ? { align: 'right', dx: -5, dy: -8 } : { align: 'left', dx: 6, dy: 9 };
    const text = { type: 'text', ...place, tooltip: null };
    return {
      transform: [{ filter: { field: 'family', equal: family } }, { calculate: member, as: 'member' }],
      encoding: { ...encoding, text: { field: 'member' } },
      // white under the letters, for where a line passes
      layer: [{ mark: { ...text, stroke: '#ffffff', strokeWidth: 3 } }, { mark: { ...text, color: INK } }],
    };
  });
}
