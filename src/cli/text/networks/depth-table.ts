import type { DepthRow } from '../../../depth/depth-row.js';
import { aligned, ruleUnder } from '../aligned.js';

/**
 * Returns the ranks along a network's depth at one tolerance as text, one line per tap. Lines have at most 80 columns
 * unless a number needs more. In a block without a shortcut the projection is the output and shares its line.
 */
export function depthTable(rows: readonly DepthRow[]): string {
  const lines = rows.filter(
    (row, i) => !(row.tap === 'project' && rows[i + 1]?.layer === row.layer && rows[i + 1]?.tap === 'output'),
  );
  const [heading = '', ...body] = aligned(
    [headings, ...lines.map((row, i) => cellsOf(row, lines[i - 1]))],
    2,
  );
  const rule = ruleUnder(heading);
  return [heading, rule, ...body, rule].map((line) => `${line}\n`).join('');
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
