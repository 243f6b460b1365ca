import { printable } from '../../../errors.js';
import { aligned, ruleUnder } from '../aligned.js';
import type { NetworkReport } from '../../../networks/network-report.js';
import type { LayerShape } from '../../../networks/network-layer.js';
import type { Costs } from '../../../networks/network-costs.js';

export interface NetworkTableOptions {
  /** One line per block, without its layers. */
  readonly byBlock: boolean;
  /** Also count operations other than multiply-accumulates. */
  readonly elementwise: boolean;
}

/**
 * Returns the network as text: one line per layer under its block's line, then the totals as in torchinfo. Lines have
 * at most 80 columns unless a number needs more.
 */
export function networkTable(report: NetworkReport, options: NetworkTableOptions): string {
  const columns = options.elementwise ? withElementwise : usual;
  const rows = rowsOf(report, options);
  const [heading = '', ...body] = aligned([
    columns.map(({ heading }) => heading),
    ...rows.map((row) => columns.map(({ text }) => text(row))),
  ]);
  const rule = ruleUnder(heading);
  return [
    `${printable(report.name)}: ${report.resolution} x ${report.resolution} images, ${report.classes} classes`,
    '',
    heading,
    rule,
    ...body,
    rule,
    ...totals(report, options),
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** A layer outside the blocks, a block, or a layer within one. */
interface NetworkRow extends Costs {
  readonly name: string;
  readonly outputShape: LayerShape;
  readonly channelsIn: number;
  readonly groups?: number | undefined;
  readonly dimensionRatio: number | null;
  readonly expansion?: number | null | undefined;
  readonly paramsShare: number;
  readonly macsShare: number;
}

interface NetworkColumn {
  readonly heading: string;
  readonly text: (row: NetworkRow) => string;
}

const usual: readonly NetworkColumn[] = [
  { heading: 'layer', text: ({ name }) => name },
  { heading: 'output', text: ({ outputShape }) => outputShape.join('x') },
  { heading: 'in', text: ({ channelsIn }) => String(channelsIn) },
  {
    heading: 'groups',
    text: ({ groups, dimensionRatio }) => (dimensionRatio === null ? '' : String(groups ?? '')),
  },
  { heading: 'ratio', text: ({ dimensionRatio }) => factor(dimensionRatio) },
  { heading: 'exp', text: ({ expansion }) => factor(expansion) },
  { heading: 'params', text: ({ params }) => count(params) },
  { heading: '%', text: ({ params, paramsShare }) => percent(params, paramsShare) },
  { heading: 'MACs', text: ({ macs }) => count(macs) },
  { heading: '%', text: ({ macs, macsShare }) => percent(macs, macsShare) },
];

/** The additional column replaces two others. */
const withElementwise: readonly NetworkColumn[] = [
  ...usual.filter(({ heading }) => heading !== 'groups' && heading !== 'exp'),
  { heading: 'elementwise', text: ({ elementwise }) => count(elementwise) },
];

function rowsOf({ layers, blocks }: NetworkReport, options: NetworkTableOptions): NetworkRow[] {
  const first = layers.findIndex(({ block }) => block !== null);
  const last = layers.findLastIndex(({ block }) => block !== null);
  const inside = blocks.flatMap((block): NetworkRow[] => [
    { name: `block ${block.block}`, ...block },
    ...(options.byBlock ? [] : layers)
      .filter((layer) => layer.block === block.block)
      // the expansion stands in the block's line
      .map((layer) => ({ ...layer, name: `  ${layer.role}`, expansion: null })),
  ]);
  return [...layers.slice(0, first), ...inside, ...layers.slice(last + 1)];
}

/** Returns the closing lines, in torchinfo's terms where possible. */
function totals(
  { params, macs, elementwise, layers }: NetworkReport,
  options: NetworkTableOptions,
): string[] {
  const lines = [
    `Total params: ${count(params)}`,
    `Total mult-adds (M): ${(macs / 1e6).toFixed(2)} (${count(macs)} MACs; FLOPs are twice that)`,
    ...(options.elementwise
      ? [
          `Elementwise operations (M): ${(elementwise / 1e6).toFixed(2)}`,
          `Mult-adds and elementwise operations (M): ${((macs + elementwise) / 1e6).toFixed(2)}`,
        ]
      : []),
    `Params size (MB): ${((params * 4) / 1e6).toFixed(2)} (float32)`,
    '',
    `in: input channels; ratio: input / output channels${options.elementwise ? '' : '; exp: expansion ratio'}`,
  ];
  if (!options.byBlock && layers.some(({ role }) => role === 'reduce')) {
    lines.push('squeeze, reduce, excite, scale: squeeze-excitation; its MACs are counted');
  }
  return lines;
}

function count(value: number): string {
  return value === 0 ? '-' : value.toLocaleString('en-US');
}

function factor(value: number | null | undefined): string {
  if (value === null || value === undefined) return '';
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function percent(value: number, share: number): string {
  return value === 0 ? '' : (100 * share).toFixed(1);
}
