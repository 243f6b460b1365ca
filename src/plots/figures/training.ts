import { missing } from '../../errors.js';
import { lastOf } from '../../lookups.js';
import { any, maybe } from '../../schema.js';
import type { EpochRow, TapRank } from '../../training/training-rows.js';
import { PANEL, twoPanels, type TwoPanels } from '../parts/accuracy-over-cost.js';
import { chunks } from '../parts/chunks.js';
import { refuseDoublePoints } from '../parts/distinct-points.js';
import { formatTap } from '../parts/format-names.js';
import { legendColumns } from '../parts/legend-columns.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../render/figure.js';

/** The fields of an epoch that the figure draws. */
export type TrainingPoint = Pick<
  EpochRow,
  'epoch' | 'trainLoss' | 'trainAccuracy' | 'testLoss' | 'testAccuracy'
> & {
  /** Ranks after the epoch; if all epochs have them, they are drawn too. */
  readonly ranks?: EpochRow['ranks'] | undefined;
};

export interface TrainingFigureOptions extends FigureOptions {
  /** Ranks before training, drawn as epoch 0. @default none */
  readonly untrainedRanks?: readonly TapRank[] | null | undefined;
}

/** A panel: the quantity on its vertical axis, and its data. */
interface Measure {
  readonly title: string;
  readonly field: string;
  readonly format?: string | undefined;
  readonly data: 'training' | 'ranks';
  readonly domain?: readonly [number, number] | undefined;
}

const IMAGE_LINES = ['test', 'training'];
const IMAGES: readonly Measure[] = [
  { title: 'Accuracy', field: 'accuracy', format: '.0%', data: 'training' },
  { title: 'Loss', field: 'loss', data: 'training' },
];
const RANKS: readonly Measure[] = [
  { title: 'Mean rank ratio', field: 'rankRatio', data: 'ranks', domain: [0, 1] },
  { title: 'Mean effective rank / channels', field: 'effectiveShare', data: 'ranks', domain: [0, 1] },
];
/** The lines of all panels: of the images, then of the places in a block. */
const LINES: Readonly<Record<string, { colour: string; dash: readonly number[] }>> = {
  test: { colour: '#0072b2', dash: [1, 0] },
  training: { colour: '#d55e00', dash: [5, 3] },
  expand: { colour: '#009e73', dash: [1, 0] },
  spatial: { colour: '#cc79a7', dash: [5, 3] },
  project: { colour: '#8c939d', dash: [2, 2] },
  output: { colour: '#4d4d4d', dash: [8, 3, 2, 3] },
};

/**
 * Returns the figure of a training: accuracy and loss of the training and test images against the epoch. Those of the
 * training images are means over the epoch, of augmented images and while the network changes. With ranks there are two
 * more panels: the means over the layers of rank ratio and effective rank / channels, for each place in a block.
 *
 * @throws RangeError if there are no epochs
 * @example
 * trainingFigure((await trainNetwork(network, data)).rows);
 */
export function trainingFigure(rows: readonly TrainingPoint[], options: TrainingFigureOptions = {}): Figure {
  checkFigureOptions(options, { untrainedRanks: maybe(any()) });
  if (rows.length === 0) throw missing('epochs', 'none', 'a figure of a training needs at least one');
  refuseDoublePoints(rows, ['epoch'], 'one row per epoch');
  const points = rows.flatMap((row) => [
    { epoch: row.epoch, line: 'test', accuracy: row.testAccuracy, loss: row.testLoss },
    { epoch: row.epoch, line: 'training', accuracy: row.trainAccuracy, loss: row.trainLoss },
  ]);
  const ranks = rankPoints(rows, options.untrainedRanks ?? null);
  const hasRanks = ranks.length > 0;
  const title = options.title ?? (hasRanks ? 'Accuracy, loss and rank in training' : 'Accuracy and loss in training');
  const last = lastOf(rows);
  const subtitle =
    options.subtitle ??
    `Test accuracy ${(100 * last.testAccuracy).toFixed(1)}% after epoch ${last.epoch}; training images as augmented`;
  const description =
    `Line charts of accuracy and loss of training and test images against the epoch, 1 to ${last.epoch}` +
    (hasRanks ? ', and of mean rank ratio and effective rank for each place in a block.' : '.');
  const data = { training: jsonRows(points), ...(hasRanks && { ranks: jsonRows(ranks, 6) }) };
  const measures = [...IMAGES, ...(hasRanks ? RANKS : [])];
  const texts = { title, subtitle, caption: options.caption };
  const { columns, size } = twoPanels(options, texts, measures.length);
  const epochs = [hasRanks ? Math.min(...ranks.map(({ epoch }) => epoch)) : 1, last.epoch] as const;
  const lines = Object.keys(LINES).filter(
    (line) => IMAGE_LINES.includes(line) || ranks.some(({ place }) => place === line),
  );
  const rowsOf = (panel: PanelSize, across: number) =>
    chunks(
      measures.map((measure) =>
        view(measure, lines, measure.data === 'ranks' ? epochs : [1, last.epoch], panel, across),
      ),
      across,
    ).map((views) => ({ heading: '', views }));
  const frame = { ...texts, description, datasets: data, rowGap: 24 };
  const figure: Figure = {
    ...{ name: 'training', title, description, data },
    spec: multiplesSpec(rowsOf(size, columns), { ...frame, across: size.across, gap: 52 }),
    narrowSpec: multiplesSpec(rowsOf(PANEL, 1), { ...frame, across: 340 }),
  };
  return finishFigure(figure, options);
}

/** Returns the means over the layers by epoch and tap, at the first tolerance; none unless all epochs have ranks. */
function rankPoints(rows: readonly TrainingPoint[], untrained: readonly TapRank[] | null) {
  const epochs = rows.map(({ epoch, ranks }) => ({ epoch, ranks: ranks ?? [] }));
  if (epochs.some(({ ranks }) => ranks.length === 0)) return [];
  return [...(untrained ? [{ epoch: 0, ranks: untrained }] : []), ...epochs].flatMap(({ epoch, ranks }) =>
    [...new Set(ranks.map(({ tap }) => tap))].map((place) => {
      const own = ranks.filter(({ tap, tolerance }) => tap === place && tolerance === ranks[0]?.tolerance);
      const mean = (of: (one: TapRank) => number) => own.reduce((sum, one) => sum + of(one), 0) / own.length;
      return {
        ...{ epoch, place, line: formatTap(place), layers: own.length },
        rankRatio: mean(({ rankRatio }) => rankRatio),
        effectiveShare: mean(({ effectiveRank, channels }) => effectiveRank / channels),
      };
    }),
  );
}

type PanelSize = Pick<TwoPanels['size'], 'width' | 'height'>;

function view(
  { title, field, format, data, domain }: Measure,
  lines: readonly string[],
  [first, last]: readonly [number, number],
  { width, height }: PanelSize,
  across: number,
): object {
  const x = {
    field: 'epoch',
    type: 'quantitative',
    scale: { domain: [first, Math.max(first + 1, last)], nice: false },
    axis: { title: 'Epoch', format: 'd', tickCount: Math.min(10, Math.max(1, last - first)) },
  };
  const y = {
    field,
    type: 'quantitative',
    scale: domain ? { domain } : { zero: false, nice: true },
    axis: { title, tickCount: 5, ...(format && { format }) },
  };
  const names = lines.map(formatTap);
  const look = (range: readonly unknown[]) => ({
    field: 'line',
    type: 'nominal',
    scale: { domain: names, range },
    legend: {
      ...{ title: null, orient: 'top', symbolType: 'stroke', symbolSize: 300 },
      columns: legendColumns(names, across * (width + 44)),
    },
  });
  const colour = look(lines.map((line) => LINES[line]?.colour));
  const number = (name: string, of: string) => ({ field: of, type: 'quantitative', title: name, format: '.4f' });
  const numbers =
    data === 'training'
      ? [{ field: 'line', type: 'nominal', title: 'Images' }, number('Accuracy', 'accuracy'), number('Loss', 'loss')]
      : [
          { field: 'line', type: 'nominal', title: 'Place' },
          { field: 'layers', type: 'quantitative', title: 'Layers' },
          number('Mean rank ratio', 'rankRatio'),
          number('Mean effective rank / channels', 'effectiveShare'),
        ];
  const [name, ...others] = numbers;
  return {
    width,
    height,
    data: { name: data },
    layer: [
      {
        mark: { type: 'line', tooltip: null },
        encoding: { x, y, color: colour, strokeDash: look(lines.map((line) => LINES[line]?.dash)) },
      },
      {
        mark: { type: 'point', size: 16 },
        encoding: {
          ...{ x, y, color: colour },
          tooltip: [name, { field: 'epoch', type: 'quantitative', title: 'Epoch' }, ...others],
        },
      },
    ],
  };
}
