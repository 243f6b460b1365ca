import type { Figure } from 'rankscope/figures';

/** A type, not an interface: figures take objects with any fields. */
export type SensitivityRow = {
  readonly choice: string;
  readonly value: string;
  readonly panel: string;
  readonly error: number;
  /** Whether it is the protocol found. */
  readonly found: boolean;
};

/** Returns the figure of how far the curves are from the printed ones with one choice of the protocol changed. */
export function sensitivityFigure(rows: readonly SensitivityRow[]): Figure {
  const choices = [...new Set(rows.map(({ choice }) => choice))];
  const title = 'How far the curves are from the printed ones, one choice changed at a time';
  const description =
    'Dots: root-mean-square error of each panel. Filled: the protocol found; hollow: with that one choice changed.';
  const data = { sensitivity: rows as Figure['data'][string] };
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    title: { text: title, subtitle: description, anchor: 'start', frame: 'group', offset: 14 },
    background: '#ffffff',
    padding: 14,
    config: { font: "'Source Sans 3', Helvetica, Arial, sans-serif", view: { stroke: null } },
    datasets: data,
    data: { name: 'sensitivity' },
    spacing: 14,
    // one block a choice, so that each is as high as it has values
    vconcat: choices.map((choice, i) => ({
      transform: [{ filter: { field: 'choice', equal: choice } }],
      title: { text: choice, anchor: 'start', fontSize: 12, offset: i === 0 ? 22 : 6 },
      facet: { column: { field: 'panel', header: { title: null, labels: i === 0, labelFontWeight: 600 } } },
      spec: {
        width: 150,
        height: { step: 15 },
        mark: { type: 'point', size: 45 },
        encoding: {
          x: {
            field: 'error',
            type: 'quantitative',
            scale: { type: 'sqrt', domain: [0, 0.6], clamp: true },
            axis: {
              title: null,
              values: [0.01, 0.03, 0.1, 0.2, 0.4],
              format: '.2',
              labels: i === choices.length - 1,
              ticks: false,
            },
          },
          y: {
            field: 'value',
            type: 'nominal',
            sort: null,
            axis: { title: null, grid: true, minExtent: 150 },
          },
          fill: { condition: { test: 'datum.found', value: '#b52708' }, value: 'transparent' },
          stroke: { value: '#b52708' },
        },
      },
    })),
  } as unknown as Figure['spec'];
  return { name: 'sensitivity', title, description, data, spec };
}
