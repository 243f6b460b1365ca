import { missing } from '../../errors.js';
import { lastOf } from '../../lookups.js';
import type { LayerComparison } from '../../weights/compare-layer-weights.js';
import { drawableNames } from '../parts/drawable-names.js';
import { layerPoints, type LayerPoint } from '../parts/layer-points.js';
import { panelSize } from '../parts/panel-size.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import { checkFigureOptions, finishFigure, jsonRows, type Figure, type FigureOptions } from '../render/figure.js';

/** The fields of a compared layer that the figure draws. */
export type ComparedLayer = Pick<LayerComparison, 'name' | 'kind' | 'rows' | 'columns' | 'subspaces'> & {
  readonly difference: Pick<LayerComparison['difference'], 'relativeNorm' | 'holding'>;
};

/**
 * Returns the figure of two models, layer by layer in the order of the first. It shows how far each layer moved, the
 * share of its full rank that holds the difference at each error, and the largest angle between the leading subspaces.
 * @throws RangeError if there are no layers
 * @example
 * const { layers } = await compareWeights(base, tuned);
 * await writeFigure(compareFigure(layers), 'figures/compare', ['svg']);
 */
export function compareFigure(given: readonly ComparedLayer[], options: FigureOptions = {}): Figure {
  checkFigureOptions(options);
  if (given.length === 0) throw missing('layers', 0, 'a figure of two models needs at least one layer');
  const layers = drawableNames(given, 'name');
  const points = (values: (layer: ComparedLayer) => readonly (readonly [series: string, share: number])[]) =>
    layers.flatMap((layer, place): LayerPoint[] =>
      values(layer).map(([series, share]) => {
        const { name, kind, rows, columns } = layer;
        return { place: place + 1, layer: name, kind, rows, columns, series, share };
      }),
    );
  const panels = [
    {
      name: 'moved',
      axis: 'Change',
      rows: points(({ difference: { relativeNorm } }) =>
        relativeNorm === null ? [] : [['|B − A| / |A|', relativeNorm]],
      ),
    },
    {
      name: 'holding',
      axis: 'Share of full rank',
      range: [0, 1] as const,
      rows: points(({ difference, rows, columns }) =>
        difference.holding.map(({ error, rank }) => [
          `rank of B − A at an error of ${percent(error)}`,
          rank / Math.max(1, Math.min(rows, columns)),
        ]),
      ),
    },
    {
      name: 'angles',
      axis: 'Angle in degrees',
      rows: points(({ subspaces }) =>
        subspaces === null
          ? []
          : [
              ['largest angle of outputs', lastOf(subspaces.left)],
              ['largest angle of inputs', lastOf(subspaces.right)],
            ],
      ),
    },
  ].filter(({ rows }) => rows.length > 0);
  const title = options.title ?? 'What changed between two models';
  const subtitle = options.subtitle ?? `Weights of ${layers.length} layers in the order of the first model`;
  const { width, height } = panelSize(options, {
    ...{ columns: 1, rows: panels.length, width: 620, height: 150, beside: 60, above: 80 * panels.length },
    texts: { title, subtitle, caption: options.caption },
  });
  const data = Object.fromEntries(panels.map(({ name, rows }) => [name, jsonRows(rows, 5)]));
  const description =
    `Point charts of ${layers.length} layers of two models: how far the weights moved, the rank that holds the ` +
    'difference, and the largest angle between the leading subspaces.';
  const views = panels.map(({ name, axis, range, rows }) => ({
    heading: '',
    views: [
      layerPoints({
        ...{ width, height, data: name, axis, range, layers: layers.length },
        series: new Set(rows.map(({ series }) => series)),
      }),
    ],
  }));
  const spec = multiplesSpec(views, {
    ...{ title, subtitle, caption: options.caption, description, across: width, datasets: data },
    independentColour: true,
  });
  return finishFigure({ name: 'compare', title, description, data, spec }, options);
}

const percent = (share: number) => `${Number((100 * share).toPrecision(6))}%`;
