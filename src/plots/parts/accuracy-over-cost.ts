import type { FigureOptions } from '../render/figure.js';
import { layoutWidth, panelSize, type PanelGrid } from './panel-size.js';
import { legendColumns } from './legend-columns.js';
import { lineStyles } from './line-style.js';
import { logTicks } from './log-ticks.js';
import { INK, PAPER } from '../render/theme.js';

/** The horizontal axis of a panel. */
export interface CostAxis<Field extends string> {
  readonly field: Field;
  /** The divisor of the numbers in labels. */
  readonly unit: number;
  readonly title: string;
}

/** The default plot area of a panel. */
export const PANEL = { width: 330, height: 300, across: 340 };

/** The layout of two or four panels. */
export interface TwoPanels {
  readonly columns: number;
  /** Size of a plot area, and width of a row including the gap. */
  readonly size: { readonly width: number; readonly height: number; readonly across: number };
}

/** Returns the layout of two or four panels, two side by side or all below each other, and their size. */
export function twoPanels(options: FigureOptions, texts: PanelGrid['texts'], panels = 2): TwoPanels {
  const total = layoutWidth(options);
  const columns = total !== undefined && total < 520 ? 1 : 2;
  const rows = panels / columns;
  const { width, height } = PANEL;
  const grid = { width, height, columns, rows, beside: 64 * columns, above: 46 + 64 * rows, texts };
  const size = panelSize(options, grid);
  return { columns, size: { ...size, across: columns * (size.width + 44) } };
}

/** Returns the family in a network's printed name: ReXNet for `ReXNet x0.9`, EfficientNet for `EfficientNet-B0`. */
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

/**
 * Returns a colour for each group, families first, with a legend of the given width. `others` is the colour of all
 * other groups.
 */
export function familyColours(
  families: readonly string[],
  width: number,
  others: Readonly<Record<string, string>> = {},
) {
  const colours = {
    ...Object.fromEntries([...lineStyles(families)].map(([k, v]) => [k, v.colour])),
    ...others,
  };
  return {
    type: 'nominal',
    scale: { domain: Object.keys(colours), range: Object.values(colours) },
    legend: {
      title: null,
      orient: 'top',
      columns: legendColumns(Object.keys(colours), width),
      symbolSize: 60,
      symbolType: 'circle',
    },
  };
}

/**
 * The names of the networks within their family, ×0.9 or B0. They stand above the points of the first family and below
 * those of the others.
 */
export function memberNames(families: readonly string[], encoding: object): object[] {
  return families.map((family, i) => {
    const member = `replace(slice(datum.label, ${family.length + 1}), /^x/, '×')`;
    const place = i === 0 ? { align: 'right', dx: -5, dy: -8 } : { align: 'left', dx: 6, dy: 9 };
    const text = { type: 'text', ...place, tooltip: null };
    return {
      transform: [{ filter: { field: 'family', equal: family } }, { calculate: member, as: 'member' }],
      encoding: { ...encoding, text: { field: 'member' } },
      // paper under the letters, for where a line passes
      layer: [{ mark: { ...text, stroke: PAPER, strokeWidth: 3 } }, { mark: { ...text, color: INK } }],
    };
  });
}
