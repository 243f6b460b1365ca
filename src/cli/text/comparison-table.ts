import { firstOf, lastOf } from '../../lookups.js';
import type { LayerComparison } from '../../weights/compare-layer-weights.js';
import type { WeightComparison } from '../../weights/compare-weights.js';
import { aligned, ruleUnder } from './aligned.js';
import { cut, wrapped } from './fit-width.js';
import { count, shortRule } from './model-table.js';
import { shortNames } from '../../weights/short-names.js';
import { skippedLines } from './skipped-lines.js';

/** The number of layers listed by default. */
const LISTED = 30;

/**
 * Returns the comparison of two models as text of at most 80 columns. A line says what changed; the layers that moved
 * most come first.
 */
export function comparisonTable(comparison: WeightComparison, { all }: { all: boolean }): string {
  const { layers, files } = comparison;
  const sorted = [...layers].sort((a, b) => movedBy(b) - movedBy(a));
  const listed = all ? sorted : sorted.slice(0, LISTED);
  const names = shortNames(layers.map(({ name }) => name));
  const [first] = layers;
  const errors = first?.difference.holding.map(({ error }) => percent(error)) ?? [];
  const rule = shortRule(first?.first.ranks[0]?.rule ?? '');
  const heading = ['layer', 'size', 'change', ...errors, 'signal', 'A', 'B', 'eff.', 'angle'];
  const [head = '', ...rest] = aligned([heading, ...listed.map((layer) => cells(layer, names))]);
  const dimension = Math.max(0, ...layers.map(({ subspaces }) => subspaces?.dimension ?? 0));
  return [
    ...['A', 'B'].map((side, i) => `${side}: ${cut(files[i]!, 60)} (${comparison.formats[i]!})`),
    finding(layers),
    '',
    head,
    ruleUnder(head),
    ...rest,
    ...(listed.length < layers.length ? [`... and ${layers.length - listed.length} more (--all)`] : []),
    '',
    `change: |B - A| / |A|, Frobenius. ${errors.join(', ')}: the rank that approximates B - A with this error, as a ` +
      `LoRA needs. signal: singular values of B - A above the rounding of both files. A, B: ranks at ${rule}. ` +
      'Ranks are certified except those with ~. eff.: change of the effective rank / full rank. ' +
      `angle: the largest between the spans of the ${dimension} leading left singular vectors, in degrees.`,
    ...skippedLines(comparison),
    ...comparison.notes.map((note) => `note: ${note}`),
  ]
    .flatMap((line) => wrapped(line))
    .map((line) => `${line}\n`)
    .join('');
}

/** The finding, in one line. */
function finding(layers: readonly LayerComparison[]): string {
  const moved = layers.filter(({ difference }) => difference.norm > 0);
  const [largest] = [...moved].sort((a, b) => movedBy(b) - movedBy(a));
  if (largest === undefined) return `No difference in ${count(layers.length, 'layer')}.`;
  const ranks = moved.map(({ difference }) => firstOf(difference.holding).rank).sort((a, b) => a - b);
  const { error } = firstOf(largest.difference.holding);
  return (
    `${moved.length} of ${count(layers.length, 'layer')} ${moved.length === 1 ? 'differs' : 'differ'}, most ` +
    `${cut(largest.name, 28)} (${short(movedBy(largest))}). Rank ${lastOf(ranks)} holds every difference with ` +
    `an error of ${percent(error)}` +
    (ranks.length > 1 ? `, rank ${ranks[Math.floor((ranks.length - 1) / 2)]!} half of them.` : '.')
  );
}

function cells(layer: LayerComparison, names: ReadonlyMap<string, string>): string[] {
  const { name, rows, columns, difference, first, second, subspaces, changes } = layer;
  const full = Math.max(1, Math.min(rows, columns));
  return [
    cut(names.get(name) ?? name, 22),
    `${rows}x${columns}`,
    short(movedBy(layer)),
    ...difference.holding.map(ranked),
    ranked(difference.signalRank),
    ranked(firstOf(first.ranks)),
    ranked(firstOf(second.ranks)),
    signed((changes.effectiveRank ?? 0) / full),
    subspaces === null ? '-' : lastOf(subspaces.left).toFixed(1),
  ];
}

const ranked = ({ rank, certified }: { rank: number; certified: boolean }) =>
  `${certified ? '' : '~'}${rank}`;
const percent = (share: number) => `${Number((100 * share).toPrecision(6))}%`;
const signed = (value: number) => {
  const rounded = Number(value.toFixed(2));
  return `${rounded < 0 ? '-' : '+'}${Math.abs(rounded).toFixed(2)}`;
};
/** Returns the relative change of a layer; infinite for one that was zero. */
const movedBy = ({ difference }: LayerComparison) => difference.relativeNorm ?? Infinity;

/** Returns a number of any size in at most seven characters. */
function short(value: number): string {
  if (value === 0 || value === Infinity) return value === 0 ? '0' : 'from 0';
  return value >= 0.001 && value < 1000 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}
