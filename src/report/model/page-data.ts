import { formatTolerance } from '../../plots/parts/format-tolerance.js';
import { packageVersion } from '../../package-version.js';
import type { LayerWeights } from '../../weights/measure-layer-weights.js';
import { explainLayer, markRules, marks, type Mark } from './explain-layer.js';
import { findings, type Phrase } from './findings.js';
import { layerFacts } from './layer-facts.js';
import type { ModelReport, ReportSetting } from './model-report.js';
import { randomLayer } from './random-layer.js';
import { shortNames } from '../../weights/short-names.js';
import { thinSpectrum, type ThinSpectrum } from './thin-spectrum.js';

/** A number of directions that a page shows for every layer. */
export interface PageMeasure {
  /** Its heading in the table. */
  readonly label: string;
  /** Its name in the overview. */
  readonly name: string;
  /** Its meaning in plain words. */
  readonly words: string;
}

/** A measure of a layer: `value` of at most `of`, and that of the layer's baseline. */
export interface PageCell {
  readonly value: number;
  readonly of: number;
  readonly random: number | null;
  /** Both ends of the values that are possible, where it is not certified. */
  readonly range: readonly [number, number] | null;
}

/** A layer as a page shows it. */
export interface PageLayer {
  readonly name: string;
  /** The name without the parts that all names share. */
  readonly short: string;
  readonly kind: string;
  readonly dtype: string;
  readonly rows: number;
  readonly columns: number;
  /** In the order of the page's measures. */
  readonly cells: readonly PageCell[];
  /** Places in the page's list of marks. */
  readonly marks: readonly number[];
  /** The share of what it could use that it uses; the lowest are the first to look at. */
  readonly used: number;
  /** Sentences for its card: the first thing to know, and why it is marked. */
  readonly lead: readonly string[];
  readonly more: readonly string[];
  /** Further numbers, each with its name. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly floor: number;
  readonly edge: number;
}

/** The singular values of a layer, and those of its baseline. */
export interface PageSpectra {
  readonly own: ThinSpectrum;
  readonly baseline: ThinSpectrum | null;
}

/** All that a page shows but the spectra, as JSON can hold it. */
export interface PageReport {
  readonly file: string;
  readonly format: string;
  readonly version: string;
  readonly findings: readonly Phrase[];
  readonly measures: readonly PageMeasure[];
  /** The measure that is shown first. */
  readonly first: number;
  /** The name of the baseline; null without one. */
  readonly baseline: string | null;
  readonly marks: readonly { readonly label: string; readonly short: string; readonly rule: string }[];
  readonly layers: readonly PageLayer[];
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly skipped: readonly (readonly [name: string, reason: string])[];
  readonly notes: readonly string[];
}

/** Returns the spectra of a report's layers, which a page reads when the first of them is opened. */
export function pageSpectra({ layers }: ModelReport): PageSpectra[] {
  return layers.map(({ spectrum, baselineSpectrum }) => ({
    own: thinSpectrum(spectrum),
    baseline: baselineSpectrum && thinSpectrum(baselineSpectrum),
  }));
}

/** Returns what a page shows of a report. */
export function pageData(report: ModelReport): PageReport {
  const rules = [...new Set(report.layers.flatMap(({ ranks }) => ranks.map(({ rule }) => rule)))];
  const names = Object.keys(marks) as Mark[];
  const kind = report.layers.find(({ baseline }) => baseline)?.baseline?.kind;
  const short = shortNames(report.layers.map(({ name }) => name));
  const layers = report.layers.map((layer) => ({
    ...pageLayer(layer, rules, names),
    short: short.get(layer.name)!,
  }));
  const baseline =
    kind === undefined ? null : kind === 'gaussian' ? 'random weights' : 'the same weights in random order';
  const ruleOf = markRules(baseline);
  return {
    ...{ file: report.file, format: report.format, version: packageVersion('rankscope') },
    findings: findings(report, layers),
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
    settings: Object.entries(report.settings ?? {}).map(([name, value]) => [name, settingText(value)]),
    skipped: report.skipped.map(({ name, reason }) => [name, reason]),
    notes: report.notes,
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
    ...{ name, kind, dtype, rows, columns },
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

function settingText(value: ReportSetting): string {
  if (value === null) return 'none';
  return typeof value === 'object' ? value.join(', ') : String(value);
}

const digits = (x: number) => Number(x.toPrecision(5));
