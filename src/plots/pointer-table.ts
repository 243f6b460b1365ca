import { fieldName } from './encoding.js';
import type { NonlinearityStyle } from './nonlinearity-style.js';
import { GUIDE } from './theme.js';

/** What a table under the pointer shows. */
export interface PointerTable {
  /** Name of the parameter, one of its own for each panel. */
  readonly name: string;
  /** The field along the panel's horizontal axis, its title and number format in the table. */
  readonly field: string;
  readonly title: string;
  readonly format: string;
  /** Vega expression of what is said about one nonlinearity at one place. */
  readonly words: string;
  /** The nonlinearities of the panel. */
  readonly styles: readonly (readonly [string, NonlinearityStyle])[];
}

/**
 * Returns the layer of a line that follows the pointer from place to place along the horizontal axis `x`, with
 * a table of what all nonlinearities have there: where lines crowd, no pointer could tell them apart.
 */
export function pointerTableLayer(table: PointerTable, x: object): object {
  return {
    transform: [
      { calculate: table.words, as: 'words' },
      { pivot: 'activation', value: 'words', groupby: [table.field], op: 'max' },
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
        ...table.styles.map(([name, style]) => ({
          field: fieldName(name),
          type: 'nominal',
          title: style.label,
        })),
      ],
    },
  };
}
