import type { LayerWeights } from '../../weights/measure-layer-weights.js';
import type { ModelWeights } from '../../weights/measure-weights.js';
import { aligned, ruleUnder } from './aligned.js';

/** Layers that are listed where nobody asks for all of them. */
const LISTED = 30;
/** Skipped tensors that are named; of more the kinds of reasons are counted. */
const NAMED = 8;

/** Returns the weights of a model as text of at most 80 columns: what was found, in a line, and the layers that matter first. */
export function modelTable(weights: ModelWeights, { all }: { all: boolean }): string {
  const { layers } = weights;
  const sorted = [...layers].sort(
    (a, b) => signalShare(a) - signalShare(b) || usedShare(a) - usedShare(b) || least(a) - least(b),
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
    'Ranks are certified but for those with ~. signal: singular values above the rounding',
    'of the stored type; beyond: above the largest of the same entries in random order',
    '(- without that); eff.: effective rank, exp of the spectral entropy, / full rank.',
    ...skippedLines(weights),
    ...weights.notes.map((note) => `note: ${note}`),
  ]
    .flatMap((line) => wrapped(line))
    .map((line) => `${line}\n`)
    .join('');
}

/** The share of its full rank that a layer has at the first tolerance. */
const usedShare = ({ ranks }: LayerWeights) => ranks[0]?.shareOfFull ?? 1;

const least = ({ metrics, rows, columns }: LayerWeights) =>
  metrics.effectiveRank / Math.max(1, Math.min(rows, columns));

/** Returns a line of more than 80 characters as several, broken at spaces. */
function wrapped(line: string): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > 80 && rest.lastIndexOf(' ', 80) > 0) {
    const at = rest.lastIndexOf(' ', 80);
    lines.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  return [...lines, rest];
}

/** What was found, in one line. */
function finding(layers: readonly LayerWeights[]): string {
  const short = layers.filter(({ signalRank, rows, columns }) => signalRank.upper < Math.min(rows, columns));
  const dead = layers.reduce((sum, { deadRows }) => sum + deadRows, 0);
  const twice = layers.reduce((sum, { duplicateRows }) => sum + duplicateRows, 0);
  const lowest = [...short].sort((a, b) => signalShare(a) - signalShare(b))[0];
  const parts = [
    lowest === undefined
      ? 'Every layer has full rank above the rounding of its type'
      : `${count(short.length, 'layer')} below full rank above rounding: lowest ${cut(lowest.name, 28)}, ` +
        `${lowest.signalRank.rank} of ${Math.min(lowest.rows, lowest.columns)}`,
    ...(dead > 0 ? [`${count(dead, 'row')} of zeros`] : []),
    ...(twice > 0 ? [`${count(twice, 'repeated row')}`] : []),
  ];
  return `${parts.join('; ')}.`;
}

const signalShare = ({ signalRank, rows, columns }: LayerWeights) =>
  signalRank.rank / Math.max(1, Math.min(rows, columns));

function cells(layer: LayerWeights, names: ReadonlyMap<string, string>): string[] {
  const { name, rows, columns, ranks, signalRank, baseline } = layer;
  return [
    cut(names.get(name) ?? name, 25),
    `${rows}x${columns}`,
    ...ranks.map(({ rank, certified }) => `${certified ? '' : '~'}${rank}`),
    `${signalRank.certified ? '' : '~'}${signalRank.rank}`,
    baseline === null ? '-' : String(baseline.beyond),
    least(layer).toFixed(2),
  ];
}

/** Returns the reasons why tensors were left out: each tensor where they are few, else how many of each reason. */
function skippedLines({ skipped }: ModelWeights): string[] {
  if (skipped.length === 0) return [];
  if (skipped.length <= NAMED)
    return ['', ...skipped.map(({ name, reason }) => cut(`left out: ${name}: ${reason}`, 80))];
  const reasons = new Map<string, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const sorted = [...reasons].sort((a, b) => b[1] - a[1]);
  return [
    '',
    ...sorted.slice(0, NAMED).map(([reason, n]) => cut(`left out: ${n} x ${reason}`, 80)),
    ...(sorted.length > NAMED ? ['left out: more, listed by --json'] : []),
  ];
}

/** Last parts of names that say what a tensor is, and not of which layer. */
const KIND_PART =
  /[./](?:weight|kernel|depthwise_kernel|merged_input|ReadVariableOp|depthwise|convolution|Conv2D|MatMul)(?:_weights)?$/;

/** Returns each name without the first parts that all have, and without last parts that tell no layers apart. */
function shortNames(names: readonly string[]): Map<string, string> {
  const full = [...new Set(names)];
  let short = full.map((name) => name.slice(commonStart(full)));
  for (let round = 0; round < 4; round++) {
    const shorter = short.map((name) => name.replace(KIND_PART, ''));
    const counts = new Map<string, number>();
    for (const name of shorter) counts.set(name, (counts.get(name) ?? 0) + 1);
    short = short.map((name, i) => {
      const stripped = shorter[i] as string;
      return counts.get(stripped) === 1 ? stripped : name;
    });
  }
  return new Map(full.map((name, i) => [name, short[i] as string]));
}

/** Returns how many characters of whole parts, ended by `.` or `/`, all names begin with. */
function commonStart(names: readonly string[]): number {
  const [first = ''] = names;
  if (names.length < 2) return 0;
  let common = 0;
  for (let at = 0; at < first.length - 1; at++) {
    if (!names.every((name) => name[at] === first[at] && name.length > at + 1)) break;
    if (/[./]/.test(first[at] as string)) common = at + 1;
  }
  return common;
}

const shortRule = (rule: string) => rule.replace(/^relative:0?/, 'rel ').replace(/^energy:0?/, 'en ');
const count = (n: number, thing: string) => `${n} ${thing}${n === 1 ? '' : 's'}`;

/** Returns the text in at most that many characters; of a long one, both ends. */
function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const left = Math.floor((width - 1) / 3);
  return `${text.slice(0, left)}…${text.slice(text.length - (width - 1 - left))}`;
}
