import { missing } from '../../errors.js';
import { PANEL, twoPanels } from '../parts/accuracy-over-cost.js';
import { chunks } from '../parts/chunks.js';
import { multiplesSpec, panelName } from '../parts/small-multiples.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../render/figure.js';

/** A trained design: its rank before and after training, as a share of the channels, and its accuracy. */
export interface RankAccuracyPoint {
  /** The search that it is of, such as its budget. */
  readonly search: string;
  readonly channels: string;
  readonly macs: number;
  readonly before: number;
  readonly after: number;
  readonly accuracy: number;
}

const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8c939d'];
const PANELS = [
  { field: 'before', name: 'Before training' },
  { field: 'after', name: 'After training' },
] as const;

/**
 * Returns the figure of rank and accuracy: the test accuracy of each design against its rank before and after training.
 * Each search has a colour. @throws RangeError without designs
 */
export function rankAccuracyFigure(
  points: readonly RankAccuracyPoint[],
  options: FigureOptions & { readonly xTitle?: string | undefined } = {},
): Figure {
  const { xTitle = 'Effective rank / channels', ...given } = options;
  checkFigureOptions(given);
  if (points.length === 0) throw missing('designs', 'none', 'a figure of rank and accuracy needs at least one');
  const searches = [...new Set(points.map(({ search }) => search))];
  const title = given.title ?? 'Rank and accuracy of trained designs';
  const subtitle = given.subtitle ?? `${points.length} designs, each the mean of its seeds`;
  const description =
    `Scatters of test accuracy against ${xTitle.toLowerCase()} before and after training, one point per design. ` +
    `Searches: ${searches.join(', ')}.`;
  const data = { designs: jsonRows(points) };
  const texts = { title, subtitle, caption: given.caption };
  const { columns, size } = twoPanels(given, texts);
  const rowsOf = (panel: PanelSize, across: number) =>
    chunks(
      PANELS.map(({ field, name }) => scatter(field, name, xTitle, searches, panel)),
      across,
    ).map((views) => ({ heading: '', views }));
  const frame = { ...texts, description, datasets: data, rowGap: 24 };
  const figure: Figure = {
    ...{ name: 'rank-accuracy', title, description, data },
    spec: multiplesSpec(rowsOf(size, columns), { ...frame, across: size.across, gap: 52 }),
    narrowSpec: multiplesSpec(rowsOf(PANEL, 1), { ...frame, across: 340 }),
  };
  return finishFigure(figure, given);
}

type PanelSize = { readonly width: number; readonly height: number };

function scatter(
  field: 'before' | 'after',
  name: string,
  title: string,
  searches: readonly string[],
  { width, height }: PanelSize,
): object {
  const colour = {
    field: 'search',
    type: 'nominal',
    scale: { domain: searches, range: searches.map((_, i) => COLOURS[i % COLOURS.length]) },
    legend: { title: null, orient: 'top', columns: 2, labelLimit: 0, offset: 22 },
  };
  return {
    ...{ width, height },
    data: { name: 'designs' },
    layer: [
      {
        mark: { type: 'point', size: 26, filled: true, opacity: 0.65 },
        encoding: {
          x: {
            field,
            type: 'quantitative',
            scale: { zero: false, nice: true },
            axis: { title, tickCount: 5 },
          },
          y: {
            field: 'accuracy',
            type: 'quantitative',
            scale: { zero: false, nice: true },
            axis: { title: 'Test accuracy', format: '.1%', tickCount: 5 },
          },
          color: colour,
          tooltip: [
            { field: 'channels', type: 'nominal', title: 'Channels' },
            { field: 'macs', type: 'quantitative', title: 'MACs' },
            { field, type: 'quantitative', title, format: '.3f' },
            { field: 'accuracy', type: 'quantitative', title: 'Accuracy', format: '.4f' },
          ],
        },
      },
      panelName(name),
    ],
  };
}
