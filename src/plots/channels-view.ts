import type { ChannelLine, ChannelPanel } from './channel-panels.js';
import { placeEndLabels } from './end-labels.js';
import type { LineStyle } from './line-style.js';
import { INK } from './theme.js';

/** What all panels of one channels figure share, and where this one stands. */
export interface ChannelFrame {
  readonly width: number;
  readonly height: number;
  readonly styles: ReadonlyMap<string, LineStyle>;
  /** Whether the panel is the first of its row, the last of its column: there the axes are named. */
  readonly left: boolean;
  readonly bottom: boolean;
}

/** Height of a line of labels, and length of the leader from the last points to the labels, in pixels. */
const LINE_HEIGHT = 13;
const LEADER = 16;

const EMPHASISED: LineStyle = { colour: INK, dash: [1, 0] };

/** Returns the view of one panel. */
export function channelsView(panel: ChannelPanel, index: number, frame: ChannelFrame): object {
  const { width, height, styles } = frame;
  const relative = panel.x === 'relative-depth';
  const blocks = Math.max(...panel.lines.map(({ channels }) => channels.length));
  const top = topOf(panel.lines);
  const look = (line: ChannelLine) => (line.emphasised ? EMPHASISED : styles.get(line.label)!);
  const domain = panel.lines.map(({ label }) => label);
  const color = channel(
    domain,
    panel.lines.map((line) => look(line).colour),
  );
  const x = {
    field: relative ? 'relativeDepth' : 'block',
    type: 'quantitative',
    scale: { domain: relative ? [0, 1] : [1, Math.max(2, blocks)], nice: false },
    axis: {
      title: relative ? 'Relative depth (block / number of blocks)' : 'Block',
      ...(relative ? { tickCount: 5, format: '.1f' } : { values: blockTicks(blocks, width), format: 'd' }),
    },
  };
  const y = {
    type: 'quantitative',
    scale: { domain: [0, top], nice: false },
    axis: { title: frame.left ? 'Output channels' : null, tickCount: 5 },
  };
  const points = { ...y, field: 'channels' };
  const ofLines = (lines: readonly ChannelLine[]) => ({
    field: 'line',
    oneOf: lines.map(({ label }) => label),
  });
  const emphasised = panel.lines.filter((line) => line.emphasised);
  const others = panel.lines.filter((line) => !line.emphasised);
  const drawn = (lines: readonly ChannelLine[], strokeWidth: number, size: number) =>
    lines.length === 0
      ? []
      : [
          {
            transform: [{ filter: ofLines(lines) }],
            mark: { type: 'line', strokeWidth, tooltip: null },
            encoding: {
              x,
              y: points,
              color,
              strokeDash: channel(
                domain,
                panel.lines.map((line) => look(line).dash),
              ),
            },
          },
          {
            transform: [{ filter: ofLines(lines) }],
            mark: { type: 'point', size },
            encoding: { x, y: points, color, tooltip },
          },
        ];
  return {
    width,
    height,
    title: panel.title,
    data: { name: 'channels' },
    transform: [{ filter: { field: 'panel', equal: panel.title } }],
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'area', opacity: 0.16, clip: true, tooltip: null },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      ...drawn(others, 1.6, 14),
      ...drawn(emphasised, 2.6, 26),
      ...endLabels(panel, frame, {
        color,
        x,
        top,
        last: relative ? 1 : Math.max(2, blocks),
        first: relative ? 0 : 1,
      }),
    ],
    name: `channels${index}`,
  };
}

/** Returns about how many pixels the names beside the lines take. */
export function labelWidth({ lines }: ChannelPanel): number {
  return LEADER + 4 + Math.max(...lines.map(({ label }) => label.length)) * 5.6;
}

const tooltip = [
  { field: 'line', type: 'nominal', title: 'Network' },
  { field: 'block', type: 'quantitative', title: 'Block' },
  { field: 'channels', type: 'quantitative', title: 'Channels', format: '.4~g' },
];

function channel(domain: readonly string[], range: readonly unknown[]): object {
  return { field: 'line', type: 'nominal', scale: { domain, range }, legend: null };
}

/** Returns the layers that name each line beside its end: a leader in the line's colour, then the name. */
function endLabels(
  { lines, x: kind }: ChannelPanel,
  { width, height }: ChannelFrame,
  { color, x, top, first, last }: { color: object; x: object; top: number; first: number; last: number },
): object[] {
  const byName = new Map(lines.map((line) => [line.label, line]));
  const values = placeEndLabels(
    lines.map(({ label, channels }) => ({
      name: label,
      value: channels.at(-1)! / top,
      mean: channels.reduce((sum, value) => sum + value, 0) / channels.length / top,
    })),
    { gap: LINE_HEIGHT / height, tie: 0.012, low: 0, high: 1 },
  ).map(({ name, value, place }) => ({
    line: name,
    from: kind === 'relative-depth' ? 1 : byName.get(name)!.channels.length,
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
      encoding: { x: { value: labelAt + 4 }, y, text: { field: 'line' } },
    },
  ];
}

/** A round number no line or band goes above. */
function topOf(lines: readonly ChannelLine[]): number {
  const most = Math.max(...lines.flatMap(({ channels, high }) => [...channels, ...(high ?? [])]));
  const step = 10 ** Math.floor(Math.log10(Math.max(most, 10))) / 2;
  return Math.ceil(most / step) * step;
}

/** Block numbers with room for their labels: 1 and every so many after it. */
function blockTicks(blocks: number, width: number): number[] {
  const step = [1, 2, 3, 5, 10, 20, 50].find((every) => (blocks / every) * 22 <= width) ?? 100;
  const ticks = Array.from({ length: Math.floor(blocks / step) }, (_, i) => (i + 1) * step);
  return [...new Set([1, ...ticks])];
}
