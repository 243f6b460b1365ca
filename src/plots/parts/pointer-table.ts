import type { SeriesField } from './encoding.js';
import { lookUp } from './look-up.js';
import type { LabelledStyle } from './activation-style.js';
import { GUIDE } from '../render/theme.js';

/** The content of a table under the pointer. */
export interface PointerTable {
  /** Name of the parameter, one of its own for each panel. */
  readonly name: string;
  /** The field along the panel's horizontal axis, its title and number format in the table. */
  readonly field: string;
  readonly title: string;
  readonly format: string;
  /** A Vega expression for the text about one activation at one place. */
  readonly words: string;
  /** The activations of the panel. */
  readonly styles: readonly (readonly [string, LabelledStyle])[];
}

/**
 * Returns the layer of a line that follows the pointer, with a table of all activations there. No pointer could
 * distinguish crowded lines. It moves from place to place along the horizontal axis `x`.
 */
export function pointerTableLayer(
  table: PointerTable,
  x: object,
  series: SeriesField = 'activation',
): object {
  // a column a line, named by its number: names are no field names
  const columns = table.styles.map(([name], i) => [name, `line${i}`] as const);
  return {
    transform: [
      { calculate: table.words, as: 'words' },
      { calculate: lookUp(columns, `datum.${series}`, "''"), as: 'line' },
      { pivot: 'line', value: 'words', groupby: [table.field], op: 'max' },
    ],
    params: [
      {
        name: table.name,
        select: {
          type: 'point',
          fields: [table.field],
          nearest: true,
          on: 'pointerover',
          clear: 'pointerout',
        },
      },
    ],
    mark: { type: 'rule', strokeWidth: 1, color: GUIDE },
    encoding: {
      x,
      opacity: { condition: { param: table.name, empty: false, value: 0.8 }, value: 0 },
      tooltip: [
        { field: table.field, type: 'quantitative', title: table.title, format: table.format },
        ...table.styles.map(([, style], i) => ({
          field: `line${i}`,
          type: 'nominal',
          title: rowTitle(style.label),
        })),
      ],
    },
  };
}

/** Vega's table treats some titles specially: numbers come first, `title` is a heading, `image` a picture. */
function rowTitle(label: string): string {
  return /^(title|image|\d+)$/.test(label) ? `${label}\u200b` : label;
}
