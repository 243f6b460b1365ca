import type { TopLevelSpec } from 'vega-lite';
import { missing } from '../../../errors.js';
import { firstOf } from '../../../lookups.js';
import { captionView, titleBlock } from '../../parts/caption.js';
import { refuseDoublePoints } from '../../parts/distinct-points.js';
import { type ChannelPanel, channelRows, mergeEqualLines } from './channel-panels.js';
import { type ChannelFrame, channelsView, labelWidth } from './channels-view.js';
import {
  checkFigureOptions,
  finishFigure,
  jsonRows,
  type Figure,
  type FigureOptions,
} from '../../render/figure.js';
import { layoutWidth, panelSize } from '../../parts/panel-size.js';
import { lineStyles } from '../../parts/line-style.js';
import { themeConfig } from '../../render/theme.js';

/**
 * Returns the figure of output channels per block, against the block's number or relative depth. Each line is a
 * network, or a group of networks with a band. Each panel is a set of lines with its own vertical axis. Lines of one
 * panel with the same channels become one with both names.
 *
 * Names stand beside the ends of the lines. In HTML the points show their numbers.
 *
 * @throws RangeError without any line.
 * @example
 * const networks = table1Networks().map(({ network, channels }) => ({ label: network, channels }));
 * channelsFigure([{ title: 'Ten lightweight networks', x: 'relative-depth', lines: networks }]);
 */
export function channelsFigure(given: readonly ChannelPanel[], options: FigureOptions = {}): Figure {
  checkFigureOptions(options);
  refuseDoublePoints(given, ['title'], 'a title of its own for each panel');
  const panels = given.map(mergeEqualLines);
  for (const { lines } of panels) refuseDoublePoints(lines, ['label'], 'a label of its own for each line');
  const lines = panels.flatMap((panel) => panel.lines);
  if (lines.length === 0 || lines.some(({ channels }) => channels.length === 0)) {
    throw missing(
      'lines',
      lines.length,
      'a channels figure needs at least one line, with at least one block each',
    );
  }
  const title = options.title ?? 'Channel dimensions along the depth';
  const subtitle = options.subtitle ?? defaultSubtitle(panels);
  const description = describe(panels);
  const coloured = lines.filter(({ emphasised, background }) => !emphasised && !background);
  const styles = lineStyles(coloured.map(({ label, look }) => look ?? label));
  const data = { channels: jsonRows(channelRows(panels)) };

  const build = (columns: number, width: number, height: number): TopLevelSpec => {
    // Where the panel to the right has the same lines, its names stand for both.
    const named = panels.map((panel, i) => (i + 1) % columns === 0 || !sameLines(panel, panels[i + 1]));
    const beside = Math.max(...panels.map(labelWidth));
    const across = columns * (width + 40) + beside * (named.slice(0, columns).filter(Boolean).length || 1);
    const views = panels.map((panel, i) => {
      const left = i % columns === 0;
      // Named again where the panel below has another axis.
      const below = panels[i + columns];
      const bottom = below === undefined || below.x !== panel.x;
      const frame: ChannelFrame = { width, height, styles, left, bottom, named: named[i]! };
      return channelsView(panel, i, frame);
    });
    const body = { ...ownScales, columns, spacing: { row: 22, column: 18 }, concat: views };
    return {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      description,
      title: titleBlock(title, subtitle, across),
      config: themeConfig(),
      datasets: data,
      ...(options.caption
        ? { ...ownScales, spacing: 14, vconcat: [body, captionView(options.caption, across)] }
        : body),
    } as unknown as TopLevelSpec;
  };
  const figure: Figure = {
    name: 'channels',
    title,
    description,
    data,
    spec: sized(),
    narrowSpec: build(1, 200, 220),
  };
  return finishFigure(figure, options);

  /** Returns the layout with as many panels side by side as the requested width has room for. */
  function sized(): TopLevelSpec {
    const usual = panels.length === 1 ? { width: 480, height: 340 } : { width: 300, height: 220 };
    const names = Math.max(...panels.map(labelWidth));
    const total = layoutWidth(options);
    const columns = panels.length === 1 || (total !== undefined && (total - 2 * (44 + names)) / 2 < 150) ? 1 : 2;
    const rows = Math.ceil(panels.length / columns);
    const texts = { title, subtitle, caption: options.caption };
    const beside = columns * 44 + (columns === 2 && sameLines(firstOf(panels), panels[1]) ? 1 : columns) * names;
    const { width, height } = panelSize(options, { ...usual, columns, rows, beside, above: 52 * rows, texts });
    return build(columns, width, height);
  }
}

/** Each panel has its own lines: colours are matched by {@link lineStyles}, not by a scale that all share. */
const ownScales = { resolve: { scale: { color: 'independent', strokeDash: 'independent' } } };

function sameLines(panel: ChannelPanel, other: ChannelPanel | undefined): boolean {
  const names = ({ lines }: ChannelPanel) => lines.map(({ label }) => label).join('\n');
  return other !== undefined && names(panel) === names(other);
}

function defaultSubtitle(panels: readonly ChannelPanel[]): string {
  const banded = panels.some(({ lines }) => lines.some(({ low }) => low !== undefined));
  return banded
    ? 'Mean of the networks of a group, with a band of one standard deviation'
    : 'One line a network';
}

function describe(panels: readonly ChannelPanel[]): string {
  const parts = panels.map(({ title, lines }) => `${title}: ${lines.map(({ label }) => label).join('; ')}`);
  return `Line charts of the number of channels that each block of a network puts out. ${parts.join('. ')}.`;
}
