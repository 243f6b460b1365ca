import { missing } from '../../errors.js';
import { entryOf } from '../../lookups.js';
import { drawableNames } from '../parts/drawable-names.js';
import { formatTolerance } from '../parts/format-tolerance.js';
import { layerPoints, type LayerPoint } from '../parts/layer-points.js';
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

interface DrawnRanks {
  readonly ranks: readonly { readonly rule: string; readonly rank: number }[];
  readonly effectiveRank: number;
}

/** The fields of a layer's features that the figure draws, before or behind its activation. */
export interface FeatureLayer {
  readonly layer: string;
  readonly kind: string;
  readonly stage: 'before' | 'after';
  readonly channelsIn: number;
  readonly channels: number;
  readonly centred: DrawnRanks;
  /** A random layer of the same sizes, centred; null without one. */
  readonly random: DrawnRanks | null;
}

const STAGES = { before: 'before the activation', after: 'behind it' } as const;
const RANDOM = { before: 'random layer, before', after: 'random layer, behind' } as const;

/**
 * Returns the figure of a model's features, layer by layer in forward order. It shows rank / channels of the centred
 * features before and behind the activation, each beside a random layer of the same sizes: a panel per tolerance and one
 * of the effective rank.
 * @throws RangeError if there are no layers
 * @example
 * const { features } = await measureFeatures(model, inputs);
 * await writeFigure(featuresFigure(features), 'figures/features', ['svg']);
 */
export function featuresFigure(
  given: readonly FeatureLayer[],
  options: FigureOptions & RatioRangeOption = {},
): Figure {
  checkFigureOptions(options, ratioRangeOption);
  const [first] = given;
  if (!first) throw missing('layers', 0, 'a figure of features needs at least one layer');
  const names = [...new Set(given.map(({ layer }) => layer))];
  const drawable = new Map(drawableNames(names.map((name) => ({ name })), 'name').map(({ name }, i) => [names[i]!, { name, place: i + 1 }]));
  const points = (valueOf: (of: DrawnRanks) => number): LayerPoint[] =>
    given.flatMap(({ layer, kind, stage, channelsIn, channels, centred, random }) => {
      const { name, place } = entryOf(drawable, layer);
      const at = (series: string, of: DrawnRanks): LayerPoint => ({
        ...{ place, layer: name, kind, rows: channels, columns: channelsIn, series },
        share: valueOf(of) / channels,
      });
      return [at(STAGES[stage], centred), ...(random ? [at(RANDOM[stage], random)] : [])];
    });
  const panels = [
    ...first.centred.ranks.map(({ rule }, i) => ({
      data: `features${i + 1}`,
      axis: `Rank / channels at ${formatTolerance(rule)}`,
      rows: points(({ ranks }) => ranks[i]!.rank),
    })),
    { data: 'effective', axis: 'Effective rank / channels', rows: points(({ effectiveRank }) => effectiveRank) },
  ];
  const series = [...Object.values(STAGES), ...Object.values(RANDOM)].filter((name) =>
    panels[0]!.rows.some((row) => row.series === name),
  );
  const title = options.title ?? 'How much of its width the features of each layer use';
  const subtitle = options.subtitle ?? `Centred features of ${names.length} layers in forward order`;
  const { width, height } = panelSize(options, {
    ...{ columns: 1, rows: panels.length, width: 620, height: 170, beside: 60, above: 60 + 40 * panels.length },
    texts: { title, subtitle, caption: options.caption },
  });
  const data = Object.fromEntries(panels.map((panel) => [panel.data, jsonRows(panel.rows, 5)]));
  const description =
    `Point charts of the features of ${names.length} layers of a model: rank and effective rank / channels, ${series.join(', ')}.`;
  const views = panels.map(({ data: name, axis }) => ({
    heading: '',
    views: [
      layerPoints({
        ...{ width, height, data: name, series, layers: names.length, axis },
        ...{ range: options.ratioRange ?? ([0, 1] as const), clip: options.ratioRange !== undefined },
      }),
    ],
  }));
  const spec = multiplesSpec(views, {
    ...{ title, subtitle, caption: options.caption, description, across: width, datasets: data },
  });
  return finishFigure({ name: 'features', title, description, data, spec }, options);
}
