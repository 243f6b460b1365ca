import type { LayerFeatures, ModelFeatures } from '../../features/measure-features.js';
import { MIN_INPUTS } from '../../features/silent-channels.js';
import { aligned, ruleUnder } from './aligned.js';
import { cut, wrapped } from './fit-width.js';
import { shortNames } from '../../weights/short-names.js';
import { skippedLines } from './skipped-lines.js';

/** The number of layers listed by default. */
const LISTED = 30;
/** The number of skipped layers that are named with their whole reason. */
const NAMED = 8;

/** The features of a layer, before and behind its activation. */
interface Line {
  readonly before: LayerFeatures | undefined;
  readonly after: LayerFeatures | undefined;
  /** The last features of the layer: behind the activation, if it has one. */
  readonly last: LayerFeatures;
}

/**
 * Returns the features of a model as text of at most 80 columns. Bottlenecks come first, then the layers furthest below
 * a random layer of their sizes. With `all`, every layer is listed in forward order.
 */
export function featuresTable(measured: ModelFeatures, { all }: { all: boolean }): string {
  const { features, skipped, inputs, runner, format } = measured;
  const lines = linesOf(features);
  const sorted = all ? lines : [...lines].sort((a, b) => rating(a) - rating(b)).slice(0, LISTED);
  const names = shortNames(lines.map(({ last }) => last.layer));
  const rule = features[0]?.centred.ranks[0]?.rule ?? '';
  const headings = ['layer', 'size', 'before', 'after', 'share', 'rnd', 'eff.', 'rnd', 'silent', 'dorm.', ''];
  const [head = '', ...rest] = aligned([headings, ...sorted.map((line) => cells(line, names))]);
  const marked = lines.filter(({ last }) => last.bottleneck);
  const few = lines.filter(({ last }) => last.few).length;
  const open = features.some(({ centred }) => centred.ranks[0]?.certified === false);
  return [
    cut(measured.file, 80),
    `${format} on ${runner}, ${inputs.words}, ${settingsText(inputs.settings)}`,
    ...(inputs.ran < inputs.count ? [`Stopped after ${inputs.ran} of ${inputs.count} inputs.`] : []),
    finding(lines, marked, inputs.ran),
    '',
    ...(lines.length > 0 ? [head, ruleUnder(head), ...rest] : []),
    ...(sorted.length < lines.length
      ? [`... and ${lines.length - sorted.length} more (--all, in forward order)`]
      : []),
    ...(lines.length > 0
      ? [
          '',
          `before, after: certified rank of the centred features at ${rule}, before and behind the activation` +
            `${open ? ' (~ not certified)' : ''}. share: rank / channels. eff.: effective rank / channels. rnd: the same for a ` +
            'random layer of these sizes. silent, dorm.: shares of constant and of hardly active channels.',
        ]
      : []),
    ...(marked.length > 0 ? ['!: keeps less than half of the rank that it could keep.'] : []),
    ...(few > 0
      ? [
          `*: ${few} ${few === 1 ? 'layer has' : 'layers have'} too few columns: fewer than two per channel, or ranks that still change by 5 %. Use more inputs (--count).`,
        ]
      : []),
    ...(skipped.length <= NAMED
      ? skipped.map(({ name, reason }) => `left out: ${name}: ${reason}`)
      : skippedLines({ skipped })),
  ]
    .flatMap((line) => wrapped(line))
    .map((line) => `${line}\n`)
    .join('');
}

function linesOf(features: readonly LayerFeatures[]): Line[] {
  const lines: Line[] = [];
  for (const [i, row] of features.entries()) {
    const next = features[i + 1];
    const isPair = row.stage === 'before' && next?.stage === 'after' && next.layer === row.layer;
    if (isPair) lines.push({ before: row, after: next, last: next });
    else if (row.stage === 'before') lines.push({ before: row, after: undefined, last: row });
    else if (features[i - 1]?.layer !== row.layer) lines.push({ before: undefined, after: row, last: row });
  }
  return lines;
}

/**
 * Returns a number to sort by: bottlenecks are smallest, then low effective ranks beside a random layer. Layers with
 * few columns come last.
 */
function rating({ last }: Line): number {
  if (last.bottleneck) return last.bottleneck.kept / last.bottleneck.possible - 1;
  const beside = last.random
    ? last.centred.effectiveRank / Math.max(1, last.random.centred.effectiveRank)
    : 1;
  return beside + (last.columns < 2 * last.channels ? 10 : 0);
}

function finding(lines: readonly Line[], marked: readonly Line[], inputs: number): string {
  if (lines.length === 0) return 'No layer has features.';
  const [first] = [...marked].sort((a, b) => rating(a) - rating(b));
  const silent = lines.reduce((sum, { last }) => sum + Math.round(last.shares.silent * last.channels), 0);
  const bottlenecks = first
    ? `${marked.length} ${marked.length === 1 ? 'bottleneck' : 'bottlenecks'}: ${cut(first.last.layer, 28)} keeps ` +
      `${first.last.bottleneck?.kept} of ${first.last.bottleneck?.possible}`
    : 'no bottleneck';
  const channels = silent === 1 ? 'channel' : 'channels';
  const silentWords =
    silent === 0 || inputs >= MIN_INPUTS
      ? `${silent} silent ${channels}`
      : `${silent} ${channels} silent on these ${inputs} inputs`;
  return `${lines.length} ${lines.length === 1 ? 'layer' : 'layers'}, ${bottlenecks}; ${silentWords}.`;
}

function cells({ before, after, last }: Line, names: ReadonlyMap<string, string>): string[] {
  const { layer, channelsIn, channels, centred, random, shares, few } = last;
  const rank = (row: LayerFeatures | undefined) => {
    const first = row?.centred.ranks[0];
    return first ? `${first.certified ? '' : '~'}${first.rank}` : '-';
  };
  const ratio = (value: number | undefined) => value?.toFixed(2) ?? '-';
  const share = (value: number) => (value === 0 ? '0' : value.toFixed(2));
  return [
    cut(names.get(layer) ?? layer, 21),
    `${channelsIn}>${channels}`,
    rank(before),
    rank(after),
    ratio(centred.ranks[0]?.rankRatio),
    ratio(random?.centred.ranks[0]?.rankRatio),
    ratio(centred.effectiveRatio),
    ratio(random?.centred.effectiveRatio),
    share(shares.silent),
    share(shares.dormant),
    `${last.bottleneck ? '!' : ''}${few ? '*' : ''}`,
  ];
}

/** Returns the choices that made the inputs: `size 224, mean 0, std 1, nhwc, rgb`. */
function settingsText(settings: object): string {
  const { size, mean, std, layout, channelOrder } = settings as Record<string, unknown>;
  if (size === undefined) return 'arrays as they are';
  const numbers = (values: unknown) => [...new Set(values as number[])].join(' ');
  return `size ${size}, mean ${numbers(mean)}, std ${numbers(std)}, ${layout}, ${channelOrder}`;
}
