import { entryOf } from '../../lookups.js';
import { formatTolerance } from '../../plots/parts/format-tolerance.js';
import type { LayerWeights } from '../../weights/measure-layer-weights.js';
import { shortNames } from '../../weights/short-names.js';
import { explainLayer, markRules, marks, type Mark } from './explain-layer.js';
import { findings } from './findings.js';
import { layerFacts } from './layer-facts.js';
import type { PageCell, PageLayer, PageSpectra, PageView } from './page-report.js';
import { randomLayer } from './random-layer.js';
import { thinSpectrum } from './thin-spectrum.js';

/** Returns the spectra of layers beside those of their baselines. */
export function weightsSpectra(layers: readonly LayerWeights[]): PageSpectra[] {
  return layers.map(({ spectrum, baselineSpectrum }) => ({
    own: thinSpectrum(spectrum),
    other: baselineSpectrum && thinSpectrum(baselineSpectrum),
  }));
}

/** Returns the weights of a model as a page shows them. */
export function weightsView(measured: readonly LayerWeights[]): PageView {
  const rules = [...new Set(measured.flatMap(({ ranks }) => ranks.map(({ rule }) => rule)))];
  const names = Object.keys(marks) as Mark[];
  const kind = measured.find(({ baseline }) => baseline)?.baseline?.kind;
  const short = shortNames(measured.map(({ name }) => name));
  const layers = measured.map((layer) => ({
    ...pageLayer(layer, rules, names),
    short: entryOf(short, layer.name),
  }));
  const baseline =
    kind === undefined ? null : kind === 'gaussian' ? 'random weights' : 'the same weights in random order';
  const ruleOf = markRules(baseline);
  return {
    ...{ id: 'weights', title: 'Weights', findings: findings(measured, layers) },
    words: 'Each layer is the matrix of its weights, with one row per output.',
    measures: [
      ...rules.map((rule) => ({
        label: `rank ${formatTolerance(rule)}`,
        name: `rank at tolerance ${formatTolerance(rule)}`,
        words: `Singular values that count at tolerance ${rule}.`,
      })),
      {
        label: 'above rounding',
        name: 'directions above rounding',
        words: 'Singular values above the largest that rounding to the stored type can make.',
      },
      {
        label: 'effective rank',
        name: 'effective rank',
        words:
          'How many equally strong directions would have the same entropy: exp of the entropy of the singular values.',
      },
    ],
    first: rules.length + 1,
    baseline,
    marks: names.map((name) => ({ ...marks[name], rule: ruleOf[name] })),
    layers,
    other: baseline,
    bars: ['Outputs (channels)', 'Weights (parameters)'],
    terms: [
      [
        'direction',
        'A singular value of the weights: one way in which the layer can pass a signal on. There are at most as many as ' +
          'outputs or inputs, whichever is less.',
      ],
      ...(baseline === null
        ? []
        : [[baseline, 'A layer of these sizes without any structure, for comparison.'] as const]),
    ],
  };
}

function pageLayer(
  layer: LayerWeights,
  rules: readonly string[],
  names: readonly Mark[],
): Omit<PageLayer, 'short'> {
  const { name, kind, dtype, rows, columns, ranks, signalRank, metrics, noise } = layer;
  const random = randomLayer(layer);
  const explained = explainLayer(layer, random);
  const of = Math.min(rows, columns);
  const cell = (
    { rank, lower, upper, certified }: { rank: number; lower: number; upper: number; certified: boolean },
    other: number | undefined,
  ): PageCell => ({ value: rank, of, random: other ?? null, range: certified ? null : [lower, upper] });
  return {
    ...{ name, kind, dtype, rows, columns, bars: [rows, rows * columns] },
    cells: [
      ...rules.map((rule) => {
        const place = ranks.findIndex((rank) => rank.rule === rule);
        return place < 0
          ? { value: 0, of: 0, random: null, range: null }
          : cell(ranks[place]!, random?.ranks[place]);
      }),
      cell(signalRank, random?.signal),
      {
        value: digits(metrics.effectiveRank),
        of,
        random: random ? digits(random.effectiveRank) : null,
        range: null,
      },
    ],
    marks: explained.marks.map((mark) => names.indexOf(mark)),
    used: digits(
      Math.min(
        signalRank.upper / Math.max(1, of),
        random ? metrics.effectiveRank / Math.max(1, random.effectiveRank) : 1,
      ),
    ),
    lead: explained.lead,
    more: explained.more,
    facts: layerFacts(layer),
    floor: digits(signalRank.floor),
    edge: digits(noise.edge),
  };
}

const digits = (x: number) => Number(x.toPrecision(5));
