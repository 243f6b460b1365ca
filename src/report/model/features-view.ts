import { entryOf, firstOf } from '../../lookups.js';
import type { LayerFeatures, ModelFeatures } from '../../features/measure-features.js';
import { formatTolerance } from '../../plots/parts/format-tolerance.js';
import { MIN_INPUTS, silentChannels } from '../../features/silent-channels.js';
import { shortNames } from '../../weights/short-names.js';
import type { Phrase } from './findings.js';
import { count, short, whole } from './format-numbers.js';
import type { PageCell, PageLayer, PageSpectra, PageView } from './page-report.js';
import { thinSpectrum } from './thin-spectrum.js';

/** The reasons why features are marked. */
const featureMarks = [
  {
    label: 'a bottleneck',
    short: 'bottleneck',
    rule:
      'less than half of the directions it could keep: the smallest of the rank that entered, its channels and its columns, ' +
      'all at 1 % of the largest',
  },
  {
    label: 'silent channels',
    short: 'silent',
    rule: `at least 1 % of the channels with the same value on every input, of at least ${MIN_INPUTS} inputs`,
  },
] as const;

/** The features of a layer: behind it, and before its activation where it has one. */
interface Stages {
  readonly last: LayerFeatures;
  readonly before: LayerFeatures | undefined;
}

/** Returns the spectra behind each layer, beside those before its activation. */
export function featuresSpectra(measured: ModelFeatures): PageSpectra[] {
  return stagesOf(measured).map(({ last, before }) => ({
    own: thinSpectrum(last.centred.spectrum),
    other: before ? thinSpectrum(before.centred.spectrum) : null,
  }));
}

/** Returns the features of a model as a page shows them, in forward order. */
export function featuresView(measured: ModelFeatures): PageView {
  const stages = stagesOf(measured);
  const rules = [...new Set(stages.flatMap(({ last }) => last.centred.ranks.map(({ rule }) => rule)))];
  const names = shortNames(stages.map(({ last }) => last.layer));
  const layers = stages.map((stage) => ({
    ...layerOf(stage, rules, measured.inputs.ran),
    short: entryOf(names, stage.last.layer),
  }));
  return {
    id: 'features',
    title: 'Features',
    words:
      `The outputs of each layer on ${measured.inputs.words}, less the mean of each channel: one row per channel. Behind the ` +
      'activation, where the layer has one.',
    findings: findingsOf(layers),
    measures: [
      ...rules.map((rule) => ({
        label: `rank ${formatTolerance(rule)}`,
        name: `rank of the features at tolerance ${formatTolerance(rule)}`,
        words: `Directions that the outputs of the layer use at tolerance ${rule}, out of its channels.`,
      })),
      {
        label: 'effective rank',
        name: 'effective rank of the features',
        words: 'How many equally strong directions would have the same entropy.',
      },
    ],
    first: 0,
    baseline: measured.features.some(({ random }) => random) ? 'a random layer of these sizes' : null,
    other: 'before the activation',
    bars: ['Outputs (channels)', 'Input / output channels'],
    // with few inputs no layer is judged by its silent channels
    marks: measured.inputs.ran < MIN_INPUTS ? featureMarks.slice(0, 1) : featureMarks,
    layers,
    terms: [
      [
        'features',
        'The outputs of a layer: one row per channel, one column per input and position. Their rank is the number of ' +
          'directions that the next layer can tell apart.',
      ],
    ],
  };
}

function layerOf(
  { last, before }: Stages,
  rules: readonly string[],
  inputs: number,
): Omit<PageLayer, 'short'> {
  const { layer: name, kind, channels, channelsIn, centred, random, shares, bottleneck } = last;
  const [rank] = centred.ranks;
  const { silent, marked, activeShare } = silentChannels(shares, { channels, inputs });
  const cells: PageCell[] = rules.map((rule) => {
    const place = centred.ranks.findIndex((one) => one.rule === rule);
    const one = centred.ranks[place];
    if (!one) return { value: 0, of: 0, random: null, range: null };
    // a random layer may have been given fewer columns than channels
    const other = random?.centred.ranks[place]?.rank ?? null;
    return {
      ...{ value: one.rank, of: channels, random: other },
      range: one.certified ? null : [one.lower, one.upper],
    };
  });
  cells.push({
    ...{ value: digits(centred.effectiveRank), of: channels },
    ...{ random: random ? digits(random.centred.effectiveRank) : null, range: null },
  });
  const first = firstOf(cells);
  const use = rank
    ? `Its outputs take ${whole(rank.rank)} of ${whole(channels)} directions at tolerance ${formatTolerance(rank.rule)}` +
      `${first.random === null ? '' : `; those of a random layer of these sizes take ${whole(first.random)}`}.`
    : 'No rank was counted.';
  const silentWords =
    `${count(silent, 'channel')} of ${whole(channels)} ${silent === 1 ? 'has' : 'have'} the same value on every input` +
    `${inputs < MIN_INPUTS ? `; with ${count(inputs, 'input')} that says little, since one active on ${percent(activeShare)} of inputs may be missed` : ''}.`;
  return {
    ...{ name, kind, dtype: last.stage, rows: channels, columns: channelsIn, cells, floor: 0, edge: 0 },
    bars: [channels, digits(last.dimensionRatio)],
    marks: [...(bottleneck ? [0] : []), ...(marked ? [1] : [])],
    // bottlenecks come first
    used: digits(bottleneck ? bottleneck.kept / bottleneck.possible - 1 : rank ? rank.rank / channels : 0),
    lead: [
      use,
      ...(bottleneck
        ? [
            `It keeps ${whole(bottleneck.kept)} of the ${whole(bottleneck.possible)} directions that it could keep at 1 %.`,
          ]
        : []),
      ...(marked ? [silentWords] : []),
    ],
    more: [
      ...(silent > 0 && !marked ? [silentWords] : []),
      ...(before?.centred.ranks[0] && rank
        ? [`Before the activation there are ${whole(before.centred.ranks[0].rank)}.`]
        : []),
      ...(last.few
        ? [
            'Too few inputs: fewer than two columns per channel, or numbers that still change with more inputs.',
          ]
        : []),
    ],
    facts: [
      ['kind', kind],
      [
        'channels',
        `${whole(channelsIn)} in, ${whole(channels)} out (dimension ratio ${short(last.dimensionRatio)})`,
      ],
      ['activation', last.activation ?? 'none'],
      ['value in the model', last.value],
      ['columns', whole(last.columns)],
      ['stable rank', short(centred.stableRank)],
      [
        'without centring',
        `effective rank ${short(last.uncentred.effectiveRank)}, largest ${short(last.uncentred.largest)}`,
      ],
      ['silent channels', percent(shares.silent)],
      ['dormant channels', percent(shares.dormant)],
      ...(shares.neverBent === null ? [] : [['never bent channels', percent(shares.neverBent)] as const]),
      ...(last.half
        ? [['on half of the inputs', `effective rank ${short(last.half.effectiveRank)}`] as const]
        : []),
    ],
  };
}

function findingsOf(layers: readonly PageLayer[]): Phrase[] {
  const counted = layers.map(({ cells, rows }, layer) => ({ layer, rows, ...firstOf(cells) }));
  const share = ({ value, of }: { value: number; of: number }) => value / Math.max(1, of);
  const narrow = layers.filter(({ marks }) => marks.includes(0));
  const [lowest] = counted.sort((a, b) => share(a) - share(b));
  const silent = layers.filter(({ marks }) => marks.includes(1)).length;
  return [
    ...(lowest === undefined
      ? []
      : [
          [
            'The outputs of ',
            { layer: lowest.layer },
            ` take the smallest share of their channels: ${whole(lowest.value)} of ${whole(lowest.rows)}.`,
          ],
        ]),
    [
      narrow.length === 0
        ? 'No layer is a bottleneck.'
        : `${count(narrow.length, 'layer')} ${narrow.length === 1 ? 'is a bottleneck' : 'are bottlenecks'}.`,
    ],
    ...(silent > 0 ? [[`${count(silent, 'layer')} ${silent === 1 ? 'has' : 'have'} silent channels.`]] : []),
  ];
}

function stagesOf({ features }: ModelFeatures): Stages[] {
  return features.flatMap((row, i) => {
    const [previous, next] = [features[i - 1], features[i + 1]];
    if (row.stage === 'before' && next?.stage === 'after' && next.layer === row.layer) return [];
    const isPair = row.stage === 'after' && previous?.stage === 'before' && previous.layer === row.layer;
    return [{ last: row, before: isPair ? previous : undefined }];
  });
}

const digits = (x: number) => Number(x.toPrecision(5));
const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;
