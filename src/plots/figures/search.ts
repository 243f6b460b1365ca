import { missing } from '../../errors.js';
import { accuracyLine } from '../../search/accuracy-line.js';
import type { SearchAnalysis } from '../../search/analyse-search.js';
import { designMeans } from '../../search/design-means.js';
import type { SearchRow } from '../../search/search-row.js';
import { ofSharedSeeds } from '../../search/seed-effects.js';
import { PANEL, twoPanels } from '../parts/accuracy-over-cost.js';
import { chunks } from '../parts/chunks.js';
import { multiplesSpec } from '../parts/small-multiples.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../render/figure.js';
import { GUIDE, QUIET } from '../render/theme.js';

/** The fields of a trained network that the figure draws. */
export type SearchPoint = Pick<
  SearchRow,
  'design' | 'seed' | 'channels' | 'evenness' | 'testAccuracy' | 'testLoss'
>;

const GROUPS = ['best', 'middle', 'worst'] as const;
const COLOURS = ['#0072b2', '#8c939d', '#d55e00'];

/**
 * Returns the figure of a search. One panel has the accuracy of each design against the evenness of its channels, with
 * the least-squares line and the band of its 95% interval. The other has the mean channels of the best, middle and worst tenth with bootstrap intervals.
 *
 * @throws RangeError if there are no networks
 * @example
 * const { rows } = await readSearch('runs/search');
 * searchFigure(rows, analyseSearch(rows));
 */
export function searchFigure(
  rows: readonly SearchRow[],
  analysis: SearchAnalysis,
  options: FigureOptions = {},
): Figure {
  checkFigureOptions(options);
  if (rows.length === 0) throw missing('networks', 'none', 'a figure of a search needs at least one');
  const means = designMeans(ofSharedSeeds(rows) ?? rows);
  const designs = means.map(({ design, channels, evenness, testAccuracy, rows: own }) => ({
    ...{ design, channels: channels.join('-'), evenness, testAccuracy, seeds: own.length },
  }));
  const bands = analysis.deciles.flatMap(({ group, channels }) =>
    (channels ?? []).map(({ mean, interval: [low, high] }, i) => ({ group, block: i + 1, mean, low, high })),
  );
  const title = options.title ?? 'A search: accuracy and shape';
  const subtitle = options.subtitle ?? subtitleOf(analysis);
  const description =
    'A scatter of test accuracy against evenness, one point per design, with the least-squares line and the band of its ' +
    '95% interval; and lines of the mean channels of each block for the best, middle and worst tenth of the designs, with bands of their intervals.';
  const line = accuracyLine(analysis, designs.map(({ evenness }) => evenness));
  const data = { designs: jsonRows(designs), line: jsonRows(line, 6), bands: jsonRows(bands, 6) };
  const { columns, size } = twoPanels(options, { title, subtitle, caption: options.caption });
  const views = (panel: PanelSize) => [
    scatter(panel),
    ...(bands.length > 0 ? [shapesOf(panel, Math.max(...bands.map(({ block }) => block)))] : []),
  ];
  const rowsOf = (panel: PanelSize, across: number) =>
    chunks(views(panel), across).map((some) => ({ heading: '', views: some }));
  const frame = { title, subtitle, caption: options.caption, description, datasets: data, rowGap: 24 };
  const figure: Figure = {
    ...{ name: 'search', title, description, data },
    spec: multiplesSpec(rowsOf(size, columns), { ...frame, across: size.across, gap: 52 }),
    narrowSpec: multiplesSpec(rowsOf(PANEL, 1), { ...frame, across: 340 }),
  };
  return finishFigure(figure, options);
}

type PanelSize = { readonly width: number; readonly height: number };

/** Slope and reliability in words, with their intervals. */
function subtitleOf({ designs, networks, slopes, components }: SearchAnalysis): string {
  const slope = slopes.find(({ shape, outcome }) => shape === 'evenness' && outcome === 'testAccuracy');
  const points = (value: number) => (100 * value).toFixed(2);
  const of = slope
    ? `; from evenness 0 to 1: ${points(slope.slope)} points of accuracy (${points(slope.interval[0])} to ${points(slope.interval[1])})`
    : '';
  const found = components.testAccuracy;
  const reliability = found
    ? `; reliability ${found.reliability.toFixed(2)} (${found.interval[0].toFixed(2)} to ${found.interval[1].toFixed(2)})`
    : '';
  return `${networks} networks of ${designs} designs${of}${reliability}. Bands and brackets: 95% intervals`;
}

function scatter({ width, height }: PanelSize): object {
  const x = {
    field: 'evenness',
    type: 'quantitative',
    scale: { domain: [0, 1] },
    axis: { title: 'Evenness of channels, from stage-wise to linear', tickCount: 5 },
  };
  const y = {
    field: 'testAccuracy',
    type: 'quantitative',
    scale: { zero: false, nice: true },
    axis: { title: 'Test accuracy', format: '.1%', tickCount: 5 },
  };
  return {
    ...{ width, height },
    data: { name: 'designs' },
    layer: [
      {
        data: { name: 'line' },
        mark: { type: 'area', opacity: 0.25, color: GUIDE, tooltip: null },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        data: { name: 'line' },
        mark: { type: 'line', color: GUIDE, strokeDash: [5, 3], tooltip: null },
        encoding: { x, y: { ...y, field: 'mean' } },
      },
      {
        mark: { type: 'point', size: 22, filled: true, opacity: 0.5, color: QUIET },
        encoding: {
          ...{ x, y },
          tooltip: [
            { field: 'channels', type: 'nominal', title: 'Channels' },
            { field: 'evenness', type: 'quantitative', title: 'Evenness', format: '.3f' },
            { field: 'testAccuracy', type: 'quantitative', title: 'Accuracy', format: '.4f' },
            { field: 'seeds', type: 'quantitative', title: 'Seeds' },
          ],
        },
      },
    ],
  };
}

function shapesOf({ width, height }: PanelSize, blocks: number): object {
  const x = {
    field: 'block',
    type: 'quantitative',
    scale: { domain: [1, Math.max(2, blocks)], nice: false },
    axis: { title: 'Block', format: 'd', tickCount: Math.min(10, Math.max(1, blocks - 1)) },
  };
  const axis = { title: 'Channels, mean of the tenth', tickCount: 5 };
  const scale = { zero: false, nice: true };
  const colour = {
    field: 'group',
    type: 'nominal',
    scale: { domain: GROUPS, range: COLOURS },
    legend: {
      ...{ title: 'Tenth of the designs, by accuracy:', titleFontWeight: 'normal' },
      ...{ orient: 'top', direction: 'horizontal', titleOrient: 'left' },
      symbolType: 'stroke', symbolSize: 300, symbolOpacity: 1 },
  };
  return {
    ...{ width, height },
    data: { name: 'bands' },
    layer: [
      {
        mark: { type: 'area', opacity: 0.18, tooltip: null },
        encoding: {
          ...{ x, color: colour },
          y: { field: 'low', type: 'quantitative', scale, axis },
          y2: { field: 'high' },
        },
      },
      {
        mark: { type: 'line', point: { size: 24 } },
        encoding: {
          ...{ x, color: colour },
          y: { field: 'mean', type: 'quantitative', scale, axis },
          tooltip: [
            { field: 'group', type: 'nominal', title: 'Tenth' },
            { field: 'block', type: 'quantitative', title: 'Block' },
            { field: 'mean', type: 'quantitative', title: 'Mean channels', format: '.1f' },
          ],
        },
      },
    ],
  };
}
