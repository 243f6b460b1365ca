import { firstOf, lastOf } from '../../../lookups.js';
import type { Design } from '../../../designs/design-network.js';
import type { BudgetName } from '../../../designs/budget.js';
import { channelsOf, type Network } from '../../../networks/network.js';
import { networkReport } from '../../../networks/network-report.js';
import { channelPlot } from './channel-plot.js';
import { networkTable } from './network-table.js';
import { formatDeviation, formatQuantity } from '../../options/read-quantity.js';

/**
 * Returns a design as text: its curve, channels, costs, binding budgets, a plot of its channels and its table. The
 * channels of the network given by `like` stand beside them if it has the same number of blocks.
 */
export function designText(design: Design, like: Network | undefined): string {
  const { network, channels } = design;
  const beside = like?.blocks.length === channels.length ? like : undefined;
  const facts: (readonly [string, string])[] = [
    ['curve', formatCurve(design)],
    ['channels', channels.join('-')],
    ...(beside ? [[beside.name, channelsOf(beside).join('-')] as const] : []),
    ...(['params', 'macs'] as const).map((name) => [words[name], formatCost(design, name)] as const),
    ['binds', formatBinding(design)],
  ];
  const label = Math.max(...facts.map(([name]) => name.length)) + 2;
  return [
    ...facts.map(([name, text]) => wrapped(name.padEnd(label), text, name === 'curve' ? ' ' : '-')),
    '\n',
    channelPlot(channels, beside && channelsOf(beside)),
    ...(beside ? [`${' '.repeat(10)}* design   o ${beside.name}, where it differs\n`] : []),
    '\n',
    networkTable(networkReport(network), { byBlock: true, elementwise: false }),
  ].join('');
}

/** Returns the reason why a design misses its budgets: its deviations and the binding budgets. */
export function formatMiss({ network, costs, budget, deviations, channels, binds }: Design): string {
  const came = (['params', 'macs'] as const)
    .filter((name) => budget[name] !== undefined)
    .map((name) => `${formatQuantity(costs[name])} ${words[name]}, ${formatDeviation(deviations[name]!)}`);
  const list = channels.length > 20 ? `${channels.slice(0, 20).join('-')}-...` : channels.join('-');
  const binding = binds.length > 0 ? `${binds.map((name) => words[name]).join(' and ')} binds` : 'none binds';
  return `closest ${network.name}, ${channels.length} blocks: ${came.join('; ')}; channels ${list}; ${binding}`;
}

const words: Readonly<Record<BudgetName, string>> = { params: 'params', macs: 'MACs' };

function formatCurve({ shape, curve }: Design): string {
  const { knots, blocks } = curve.shape;
  const f =
    shape === 'linear'
      ? 'f(i) = i'
      : shape === 'stage'
        ? `f = ${stages(knots)}`
        : `f linear between ${knots.map(({ block, height }) => `f(${block}) = ${+height.toFixed(4)}`).join(', ')}`;
  return `c(i) = ${curve.a.toFixed(3)} f(i) ${curve.b < 0 ? '-' : '+'} ${Math.abs(curve.b).toFixed(3)}, ${f}, i = 1 to ${blocks}`;
}

/** Returns the heights of stages with their blocks; a stage of several blocks has two knots. */
function stages(knots: Design['curve']['shape']['knots']): string {
  const heights = [...new Set(knots.map(({ height }) => height))];
  return heights
    .map((height) => {
      const own = knots.filter((knot) => knot.height === height).map(({ block }) => block);
      const [first, last] = [firstOf(own), lastOf(own)];
      return `${+height.toFixed(3)} on ${first === last ? first : `${first}-${last}`}`;
    })
    .join(', ');
}

function formatCost({ costs, budget, deviations }: Design, name: BudgetName): string {
  const count = costs[name].toLocaleString('en-US');
  const given = budget[name];
  return given === undefined
    ? `${count} (no budget)`
    : `${count} of ${given.toLocaleString('en-US')} (${formatDeviation(deviations[name]!)})`;
}

function formatBinding({ binds, budget, deviations }: Design): string {
  const given = (['params', 'macs'] as const).filter((name) => budget[name] !== undefined);
  const slack = given.filter((name) => !binds.includes(name));
  const met = binds.map((name) => words[name]).join(' and ') || 'none';
  return slack.length === 0
    ? `${met}${binds.length === 2 ? ' (both budgets are met)' : ''}`
    : `${met} (${slack.map((name) => `${words[name]} ${formatDeviation(deviations[name]!)}`).join(', ')})`;
}

/** Breaks a text after its separators so that lines stay within 80 columns, indented under its beginning. */
function wrapped(label: string, text: string, separator: string): string {
  const lines = [label];
  for (const part of text.split(new RegExp(`(?<=${separator})`))) {
    if (lastOf(lines).length + part.trimEnd().length > 80) lines.push(' '.repeat(label.length));
    lines[lines.length - 1] += part;
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
