import { missing } from '../../errors.js';
import { fullRank, type LayerWeights } from '../../weights/measure-layer-weights.js';
import { drawableNames } from '../parts/drawable-names.js';
import { formatTolerance } from '../parts/format-tolerance.js';
import { layerPoints } from '../parts/layer-points.js';
import { lineStyles } from '../parts/line-style.js';
import { panelSize } from '../parts/panel-size.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  ratioRangeOption,
  type Figure,
  type FigureOptions,
  type RatioRangeOption,
} from '../render/figure.js';

/** The fields of a layer's weights that the figure draws. */
export type ModelLayer = Pick<
  LayerWeights,
  'name' | 'kind' | 'rows' | 'columns' | 'ranks' | 'signalRank' | 'metrics' | 'adapter'
>;

/**
 * Returns the figure of a trained model's weights, layer by layer in the order of the file. It shows the share of the
 * full rank at each tolerance, above the rounding of the stored type, and of the effective rank. Each layer is a point,
 * since neighbours in a file need not follow each other.
 * @throws RangeError if there are no layers
 * @example
 * const { layers } = await measureWeights(model);
 * await writeFigure(modelFigure(layers), 'figures/model', ['svg']);
 */
export function modelFigure(
  given: readonly ModelLayer[],
  options: FigureOptions & RatioRangeOption = {},
): Figure {
  checkFigureOptions(options, ratioRangeOption);
  if (given.length === 0) throw missing('layers', 0, 'a figure of a model needs at least one layer');
  const layers = drawableNames(given, 'name');
  const rows = layers.flatMap(({ name, kind, rows, columns, ranks, signalRank, metrics, adapter }, place) => {
    const full = fullRank({ rows, columns, adapter });
    const shares: [string, number][] = [
      ...ranks.map(({ rule, rank }): [string, number] => [`tolerance ${formatTolerance(rule)}`, rank / full]),
      ['above rounding', signalRank.rank / full],
      ['effective rank', metrics.effectiveRank / full],
    ];
    return shares.map(([series, share]) => ({ place: place + 1, layer: name, kind, rows, columns, series, share }));
  });
  const styles = lineStyles(rows.map(({ series }) => series));
  const title = options.title ?? 'How much of its width each layer of a model uses';
  const subtitle =
    options.subtitle ?? `Rank of the weights / full rank, ${layers.length} layers in the order of the file`;
  const { width, height } = panelSize(options, {
    ...{ columns: 1, rows: 1, width: 620, height: 260, beside: 60, above: 90 },
    texts: { title, subtitle, caption: options.caption },
  });
  const view = layerPoints({
    ...{ width, height, data: 'model', series: styles.keys(), layers: layers.length },
    ...{ axis: 'Share of full rank', range: options.ratioRange ?? [0, 1], clip: options.ratioRange !== undefined },
  });
  const data = { model: jsonRows(rows, 5) };
  const description =
    `Point chart of ${layers.length} layers of a model: the share of the full rank of their weights, ` +
    `by ${[...styles.keys()].join(', ')}.`;
  const figure: Figure = {
    name: 'model',
    title,
    description,
    data,
    spec: multiplesSpec([{ heading: '', views: [view] }], {
      ...{ title, subtitle, caption: options.caption, description, across: width, datasets: data },
    }),
  };
  return finishFigure(figure, options);
}
