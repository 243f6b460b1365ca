import { entryOf, lastOf } from '../../../lookups.js';
import type { ChannelLine, ChannelPanel } from './channel-panels.js';
import { placeEndLabels } from '../../parts/end-labels.js';
import type { LineStyle } from '../../parts/line-style.js';
import { hasAll, hasOneOf } from '../../parts/look-up.js';
import { shortLabels } from '../../parts/short-labels.js';
import { GUIDE, INK } from '../../render/theme.js';

/** Settings that all panels of a channels figure share, and the place of this panel. */
export interface ChannelFrame {
  readonly width: number;
  readonly height: number;
  readonly styles: ReadonlyMap<string, LineStyle>;
  /** Whether the panel is the first of its row or the last of its column, where the axes have titles. */
  readonly left: boolean;
  readonly bottom: boolean;
  /** Whether the lines are named beside their ends. */
  readonly named: boolean;
}

/** Height of a line of labels, and length of the leader from the last points to the labels, in pixels. */
const LINE_HEIGHT = 13;
const LEADER = 16;

const EMPHASISED: LineStyle = { colour: INK, dash: [1, 0] };
const BACKGROUND: LineStyle = { colour: GUIDE, dash: [1, 0] };

/** Returns the view of one panel. */
export function channelsView(panel: ChannelPanel, index: number, frame: ChannelFrame): object {
  const { width, height, styles } = frame;
  const relative = panel.x === 'relative-depth';
  const blocks = Math.max(2, ...panel.lines.map(({ channels }) => channels.length));
  const [first, last] = relative ? [0, 1] : [1, blocks];
  const ticks = channelTicks(panel.lines);
  const top = lastOf(ticks);
  const looks = panel.lines.map(({ label, look = label, emphasised, background }) =>
    emphasised ? EMPHASISED : background ? BACKGROUND : entryOf(styles, look),
  );
  const styled = (range: readonly unknown[]) => ({
    field: 'line',
    type: 'nominal',
    scale: { domain: panel.lines.map(({ label }) => label), range },
    legend: null,
  });
  const axes: Axes = {
    x: {
      field: relative ? 'relativeDepth' : 'block',
      type: 'quantitative',
      scale: { domain: [first, last], nice: false },
      axis: relative
        ? {
            title: frame.bottom ? 'Relative depth (block / number of blocks)' : null,
            tickCount: 5,
            format: '.1f',
          }
        : { title: frame.bottom ? 'Block' : null, values: blockTicks(blocks, width), format: 'd' },
    },
    y: {
      type: 'quantitative',
      scale: { domain: [0, top], nice: false },
      axis: { title: frame.left ? 'Output channels' : null, values: ticks },
    },
    color: styled(looks.map(({ colour }) => colour)),
    strokeDash: styled(looks.map(({ dash }) => dash)),
  };
  return {
    name: `channels${index}`,
    width,
    height,
    title: panel.title,
    data: { name: 'channels' },
    transform: [hasAll({ panel: panel.title })],
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'area', opacity: 0.16, clip: true, tooltip: null },
        encoding: {
          x: axes.x,
          y: { ...axes.y, field: 'low' },
          y2: { field: 'high' },
          color: axes.color,
        },
      },
      // later layers lie on top
      ...lineLayers(
        panel.lines.filter(({ background }) => background),
        axes,
        { strokeWidth: 1.6, size: 14 },
      ),
      ...lineLayers(
        panel.lines.filter(({ emphasised, background }) => !emphasised && !background),
        axes,
        { strokeWidth: 1.6, size: 14 },
      ),
      ...lineLayers(
        panel.lines.filter(({ emphasised }) => emphasised),
        axes,
        { strokeWidth: 2.6, size: 26 },
      ),
      ...(frame.named ? endLabels(panel, frame, axes, { top, first, last }) : []),
    ],
  };
}

/** The channels of the encoding that all layers of a panel share. */
interface Axes {
  readonly x: object;
  readonly y: object;
  readonly color: object;
  readonly strokeDash: object;
}

function lineLayers(
  lines: readonly ChannelLine[],
  { x, y, color, strokeDash }: Axes,
  { strokeWidth, size }: { strokeWidth: number; size: number },
): object[] {
  if (lines.length === 0) return [];
  const names = lines.map(({ label }) => label);
  const transform = [hasOneOf('line', names)];
  const channels = { ...y, field: 'channels' };
  return [
    {
      transform,
      mark: { type: 'line', strokeWidth, tooltip: null },
      encoding: { x, y: channels, color, strokeDash },
    },
    { transform, mark: { type: 'point', size }, encoding: { x, y: channels, color, tooltip } },
  ];
}

/** Returns the approximate width of the names beside the lines, in pixels. */
export function labelWidth(panel: ChannelPanel): number {
  return LEADER + 4 + Math.max(...endNames(panel).map((label) => label.length)) * 5.3;
}

/** The maximum width of a name beside a line, in pixels; merged lines have several names. */
const NAME_WIDTH = 330;

/** Returns the names beside the ends of the lines, in the lines' order. */
function endNames({ lines }: ChannelPanel): string[] {
  return shortLabels(
    lines.map(({ label }) => label),
    NAME_WIDTH,
    11,
  );
}

const tooltip = [
  { field: 'line', type: 'nominal', title: 'Network' },
  { field: 'block', type: 'quantitative', title: 'Block' },
  { field: 'channels', type: 'quantitative', title: 'Channels', format: '.4~g' },
];

/** Returns the layers that name each line beside its end: a leader in the line's colour, then the name. */
function endLabels(
  panel: ChannelPanel,
  { width, height }: ChannelFrame,
  { x, color }: Axes,
  { top, first, last }: { top: number; first: number; last: number },
): object[] {
  const { lines, x: kind } = panel;
  const byName = new Map(lines.map((line) => [line.label, line]));
  const names = endNames(panel);
  const nameOf = new Map(lines.map(({ label }, i) => [label, names[i]!]));
  const values = placeEndLabels(
    lines.map(({ label, channels }) => ({
      name: label,
      value: lastOf(channels) / top,
      mean: channels.reduce((sum, value) => sum + value, 0) / channels.length / top,
    })),
    { gap: LINE_HEIGHT / height, tie: 0.012, low: 0, high: 1 },
  ).map(({ name, value, place }) => ({
    line: name,
    name: entryOf(nameOf, name),
    from: kind === 'relative-depth' ? 1 : entryOf(byName, name).channels.length,
    value: value * top,
    place: place * top,
  }));
  const labelAt = (width * (Math.max(...values.map(({ from }) => from)) - first)) / (last - first) + LEADER;
  const y = { field: 'place', type: 'quantitative', scale: { domain: [0, top], nice: false } };
  return [
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 1, opacity: 0.7, tooltip: null },
      encoding: {
        x: { ...x, field: 'from' },
        x2: { value: labelAt },
        y: { ...y, field: 'value' },
        y2: { field: 'place' },
        color,
      },
    },
    {
      data: { values },
      mark: { type: 'text', align: 'left', baseline: 'middle', color: INK, tooltip: null },
      encoding: { x: { value: labelAt + 4 }, y, text: { field: 'name' } },
    },
  ];
}

/** Returns ticks from 0 to a round number that no line or band exceeds. The axis ends on the last. */
function channelTicks(lines: readonly ChannelLine[]): number[] {
  const max = Math.max(...lines.flatMap(({ channels, high }) => [...channels, ...(high ?? [])]));
  const unit = 10 ** Math.floor(Math.log10(Math.max(max, 1)));
  const step = [0.2, 0.5, 1].map((part) => part * unit).find((size) => Math.ceil(max / size) <= 6) ?? 2 * unit;
  return Array.from({ length: Math.ceil(max / step) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

/** Returns block numbers at regular steps from 1, with room for their labels. */
function blockTicks(blocks: number, width: number): number[] {
  const step = [1, 5, 10, 20, 50].find((every) => (blocks / every) * 22 <= width) ?? 100;
  const ticks = Array.from({ length: Math.floor(blocks / step) }, (_, i) => (i + 1) * step);
  return [...new Set([1, ...ticks])];
}
