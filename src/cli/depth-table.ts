import type { DepthRow } from '../depth/depth-row.js';

/**
 * Returns the ranks along a network's depth at one tolerance as text, a line a tap; at most 80 columns as long as no
 * number needs more. Where a block has no shortcut its projection is its output, and has that one line.
 */
export function depthTable(rows: readonly DepthRow[]): string {
  const lines = rows.filter(
    (row, i) => !(row.tap === 'project' && rows[i + 1]?.layer === row.layer && rows[i + 1]?.tap === 'output'),
  );
  const cells = [headings, ...lines.map((row, i) => cellsOf(row, lines[i - 1]))];
  const widths = headings.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  const gap = widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1) <= 80 ? '  ' : ' ';
  const [heading, ...body] = cells.map((line) =>
    line
      .map((text, i) => (i < 2 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
      .join(gap)
      .trimEnd(),
  );
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1));
  return [heading!, rule, ...body, rule].map((line) => `${line}\n`).join('');
}

const headings = [
  'block',
  'tap',
  'size',
  'in',
  'channels',
  'positions',
  'rank',
  'ratio',
  'effective',
  'ratio',
];

function cellsOf(row: DepthRow, before: DepthRow | undefined): string[] {
  const { block, layer, size, channelsIn, channels, positions } = row;
  const fewer = positions < channels ? '*' : '';
  return [
    block === null ? layer : block === before?.block ? '' : String(block),
    block === null ? '' : row.tap,
    String(size),
    String(channelsIn),
    String(channels),
    positions.toLocaleString('en-US') + fewer,
    row.lower === row.upper ? String(row.rank) : `${row.lower}-${row.upper}`,
    row.rankRatio.toFixed(3),
    row.effectiveRank.toFixed(1),
    row.effectiveRatio.toFixed(3),
  ];
}
