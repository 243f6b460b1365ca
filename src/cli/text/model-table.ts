import { fullRank, type LayerWeights } from '../../weights/measure-layer-weights.js';
import type { ModelWeights } from '../../weights/measure-weights.js';
import { aligned, ruleUnder } from './aligned.js';
import { cut, wrapped } from './fit-width.js';
import { shortNames } from '../../weights/short-names.js';
import { skippedLines } from './skipped-lines.js';

/** The number of layers listed by default. */
const LISTED = 30;
/**
 * Returns the weights of a model as text of at most 80 columns. The first line has the findings; the layers that matter
 * come first.
 */
export function modelTable(weights: ModelWeights, { all }: { all: boolean }): string {
  const { layers } = weights;
  const sorted = [...layers].sort(
    (a, b) =>
      signalShare(a) - signalShare(b) || usedShare(a) - usedShare(b) || effectiveShare(a) - effectiveShare(b),
  );
  const names = shortNames(layers.map(({ name }) => name));
  const listed = all ? sorted : sorted.slice(0, LISTED);
  const rules = layers[0]?.ranks.map(({ rule }) => rule) ?? [];
  const heading = ['layer', 'size', ...rules.map(shortRule), 'signal', 'beyond', 'eff.'];
  const lines = aligned([heading, ...listed.map((layer) => cells(layer, names))]);
  const [head = '', ...rest] = lines;
  const { length: left } = weights.skipped;
  return [
    `${cut(weights.file === '-' ? 'standard input' : weights.file, 80)}`,
    `${weights.format}, ${count(layers.length, 'layer')}, ${count(left, 'tensor')} left out. ${finding(layers)}`,
    '',
    head,
    ruleUnder(head),
    ...rest,
    ...(listed.length < layers.length ? [`... and ${layers.length - listed.length} more (--all)`] : []),
    '',
    'Ranks are certified except those with ~. signal: singular values above the',
    'rounding of the stored type. beyond: those above the largest of the baseline,',
    'by default the same entries in random order. eff.: effective / full rank.',
    ...(layers.some(({ adapter }) => adapter)
      ? ['Adapters are measured as the product B A; r is their width, the upper bound of their ranks.']
      : []),
    ...skippedLines(weights),
    ...weights.notes.map((note) => `note: ${note}`),
  ]
    .flatMap((line) => wrapped(line))
    .map((line) => `${line}\n`)
    .join('');
}

/** A layer's share of its full rank, at the first tolerance. */
const usedShare = ({ ranks }: LayerWeights) => ranks[0]?.shareOfFull ?? 1;

const effectiveShare = (layer: LayerWeights) => layer.metrics.effectiveRank / fullRank(layer);

/** The findings, in one line. */
function finding(layers: readonly LayerWeights[]): string {
  const short = layers.filter((layer) => layer.signalRank.upper < fullRank(layer));
  const dead = layers.reduce((sum, { deadRows }) => sum + deadRows, 0);
  const twice = layers.reduce((sum, { duplicateRows }) => sum + duplicateRows, 0);
  const lowest = [...short].sort((a, b) => signalShare(a) - signalShare(b))[0];
  const parts = [
    lowest === undefined
      ? 'Every layer has full rank above the rounding of its type'
      : `${count(short.length, 'layer')} below full rank above rounding: lowest ${cut(lowest.name, 28)}, ` +
        `${lowest.signalRank.rank} of ${fullRank(lowest)}`,
    ...(dead > 0 ? [`${count(dead, 'row')} of zeros`] : []),
    ...(twice > 0 ? [`${count(twice, 'repeated row')}`] : []),
  ];
  return `${parts.join('; ')}.`;
}

const signalShare = (layer: LayerWeights) => layer.signalRank.rank / fullRank(layer);

function cells(layer: LayerWeights, names: ReadonlyMap<string, string>): string[] {
  const { name, rows, columns, ranks, signalRank, baseline, adapter } = layer;
  return [
    cut(names.get(name) ?? name, 25),
    `${rows}x${columns}${adapter ? ` r${adapter.rank}` : ''}`,
    ...ranks.map(({ rank, certified }) => `${certified ? '' : '~'}${rank}`),
    `${signalRank.certified ? '' : '~'}${signalRank.rank}`,
    baseline === null ? '-' : String(baseline.beyond),
    effectiveShare(layer).toFixed(2),
  ];
}

/** Returns a tolerance as the heading of a column. */
export const shortRule = (rule: string) => rule.replace(/^relative:0?/, 'rel ').replace(/^energy:0?/, 'en ');
/** Returns a number of things in words. */
export const count = (n: number, thing: string) => `${n} ${thing}${n === 1 ? '' : 's'}`;
