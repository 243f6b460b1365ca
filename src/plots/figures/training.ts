import { missing } from '../../errors.js';
import { lastOf } from '../../lookups.js';
import type { EpochRow } from '../../training/training-rows.js';
import { PANEL, twoPanels, type TwoPanels } from '../parts/accuracy-over-cost.js';
import { chunks } from '../parts/chunks.js';
import { refuseDoublePoints } from '../parts/distinct-points.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../render/figure.js';

/** What is drawn of each epoch. */
export type TrainingPoint = Pick<
  EpochRow,
  'epoch' | 'trainLoss' | 'trainAccuracy' | 'testLoss' | 'testAccuracy'
>;

const SETS = ['test', 'training'] as const;
const MEASURES = [
  { title: 'Accuracy', field: 'accuracy', format: '.0%' },
  { title: 'Loss', field: 'loss', format: 'c' },
] as const;

/**
 * Returns the figure of a training: accuracy and loss of the training and test images against the epoch. Those of the
 * training images are means over the epoch, of augmented images and while the network changes.
 *
 * @throws RangeError if there are no epochs
 * @example
 * trainingFigure((await trainNetwork(network, data)).rows);
 */
export function trainingFigure(rows: readonly TrainingPoint[], options: FigureOptions = {}): Figure {
  checkFigureOptions(options);
  if (rows.length === 0) throw missing('epochs', 'none', 'a figure of a training needs at least one');
  refuseDoublePoints(rows, ['epoch'], 'one row per epoch');
  const points = rows.flatMap((row) => [
    { epoch: row.epoch, images: 'test', accuracy: row.testAccuracy, loss: row.testLoss },
    { epoch: row.epoch, images: 'training', accuracy: row.trainAccuracy, loss: row.trainLoss },
  ]);
  const title = options.title ?? 'Accuracy and loss in training';
  const last = lastOf(rows);
  const subtitle =
    options.subtitle ??
    `Test accuracy ${(100 * last.testAccuracy).toFixed(1)}% after epoch ${last.epoch}; training images as augmented`;
  const description = `Line charts of accuracy and loss of training and test images against the epoch, 1 to ${last.epoch}.`;
  const data = { training: jsonRows(points) };
  const { columns, size } = twoPanels(options, { title, subtitle, caption: options.caption });
  const rowsOf = (panel: PanelSize, across: number) =>
    chunks(
      MEASURES.map((measure) => view(measure, last.epoch, panel)),
      across,
    ).map((views) => ({ heading: '', views }));
  const frame = { title, subtitle, caption: options.caption, description, datasets: data, rowGap: 24 };
  const figure: Figure = {
    ...{ name: 'training', title, description, data },
    spec: multiplesSpec(rowsOf(size, columns), { ...frame, across: size.across, gap: 52 }),
    narrowSpec: multiplesSpec(rowsOf(PANEL, 1), { ...frame, across: 340 }),
  };
  return finishFigure(figure, options);
}

type PanelSize = Pick<TwoPanels['size'], 'width' | 'height'>;

function view(
  { title, field, format }: (typeof MEASURES)[number],
  epochs: number,
  { width, height }: PanelSize,
): object {
  const x = {
    field: 'epoch',
    type: 'quantitative',
    scale: { domain: [1, Math.max(2, epochs)], nice: false },
    axis: { title: 'Epoch', format: 'd', tickCount: Math.min(10, Math.max(1, epochs - 1)) },
  };
  const y = {
    field,
    type: 'quantitative',
    scale: { zero: false, nice: true },
    axis: { title, tickCount: 5, ...(format !== 'c' && { format }) },
  };
  const look = (range: readonly unknown[]) => ({
    field: 'images',
    type: 'nominal',
    scale: { domain: SETS, range },
    legend: { title: null, orient: 'top', symbolType: 'stroke', symbolSize: 300 },
  });
  const colour = look(['#0072b2', '#d55e00']);
  return {
    width,
    height,
    data: { name: 'training' },
    layer: [
      {
        mark: { type: 'line', tooltip: null },
        encoding: { x, y, color: colour, strokeDash: look([[1, 0], [5, 3]]) },
      },
      {
        mark: { type: 'point', size: 16 },
        encoding: {
          ...{ x, y, color: colour },
          tooltip: [
            { field: 'images', type: 'nominal', title: 'Images' },
            { field: 'epoch', type: 'quantitative', title: 'Epoch' },
            { field: 'accuracy', type: 'quantitative', title: 'Accuracy', format: '.4f' },
            { field: 'loss', type: 'quantitative', title: 'Loss', format: '.4f' },
          ],
        },
      },
    ],
  };
}
