import type { FeatureSpectrum, LayerFeatures } from '../features/measure-features.js';
import { layerKinds } from '../formats/model-file.js';
import { invalid } from '../errors.js';
import type { CellKind } from '../store/run-kind.js';

type Cell = string | number | boolean | null;

/** A row of `rows.csv`: a layer at one stage, by the names of `featureCells`. */
export type FeatureRow = Readonly<Record<string, Cell>>;

/** A rank as stored in a row. */
export type KeptRank = Pick<FeatureSpectrum['ranks'][number], 'rule' | 'rank' | 'lower' | 'upper'>;

/** The fields of a row for a set of columns. */
export interface KeptRanks {
  /** Of a random layer and of half of the inputs `lower` and `upper` are not kept. */
  readonly ranks: readonly Pick<KeptRank, 'rule' | 'rank'>[];
  readonly effectiveRank: number;
}

/** The features of a layer as a run stores them: without the singular values and the values derived from them. */
export interface KeptFeatures extends Pick<
  LayerFeatures,
  | 'layer'
  | 'kind'
  | 'stage'
  | 'value'
  | 'activation'
  | 'channelsIn'
  | 'channels'
  | 'columns'
  | 'dimensionRatio'
  | 'shares'
  | 'few'
  | 'bottleneck'
> {
  readonly centred: KeptRanks & { readonly ranks: readonly KeptRank[]; readonly largest: number };
  readonly uncentred: KeptRanks & { readonly ranks: readonly KeptRank[]; readonly largest: number };
  /** Centred. */
  readonly random: (KeptRanks & { readonly columns: number }) | null;
  /** Centred. */
  readonly half: KeptRanks | null;
}

type CellKindsByName = Readonly<Record<string, CellKind>>;

const head: CellKindsByName = {
  layer: 'text',
  kind: 'text',
  stage: 'text',
  value: 'text',
  activation: 'text?',
  channelsIn: 'number',
  channels: 'number',
  columns: 'number',
  dimensionRatio: 'number',
};
const tail: CellKindsByName = {
  silent: 'number',
  neverBent: 'number?',
  dormant: 'number',
  entered: 'number?',
  possible: 'number?',
  kept: 'number?',
  bottleneck: 'boolean',
};

/** Returns the columns of the table at these tolerances, in their order. */
export function featureCells(rules: readonly string[]): CellKindsByName {
  const ofEach = (names: readonly string[], kind: CellKind) =>
    Object.fromEntries(rules.flatMap((rule) => names.map((name) => [`${name}_${rule}`, kind])));
  const middle: readonly CellKindsByName[] = [
    ofEach(['centred', 'centred_lower', 'centred_upper'], 'number'),
    ofEach(['uncentred', 'uncentred_lower', 'uncentred_upper'], 'number'),
    { centredEffectiveRank: 'number', uncentredEffectiveRank: 'number' },
    { centredLargest: 'number', uncentredLargest: 'number' },
    ofEach(['random'], 'number?'),
    { randomEffectiveRank: 'number?', randomColumns: 'number?' },
    ofEach(['half'], 'number?'),
    { halfEffectiveRank: 'number?', few: 'boolean' },
  ];
  return Object.assign({}, head, ...middle, tail) as CellKindsByName;
}

/** Returns a layer's features as a line of a table. */
export function featureRow(row: LayerFeatures): FeatureRow {
  const { centred, uncentred, random, half } = row;
  const ranksOf = (name: string, { ranks }: FeatureSpectrum) =>
    Object.fromEntries(
      ranks.flatMap(({ rule, rank, lower, upper }) => [
        [`${name}_${rule}`, rank],
        [`${name}_lower_${rule}`, lower],
        [`${name}_upper_${rule}`, upper],
      ]),
    );
  const others = (name: string, ranks: readonly { readonly rank: number }[] | undefined) =>
    Object.fromEntries(centred.ranks.map(({ rule }, i) => [`${name}_${rule}`, ranks?.[i]?.rank ?? null]));
  return {
    ...{ layer: row.layer, kind: row.kind, stage: row.stage, value: row.value, activation: row.activation },
    ...{ channelsIn: row.channelsIn, channels: row.channels, columns: row.columns },
    dimensionRatio: row.dimensionRatio,
    ...ranksOf('centred', centred),
    ...ranksOf('uncentred', uncentred),
    ...{ centredEffectiveRank: centred.effectiveRank, uncentredEffectiveRank: uncentred.effectiveRank },
    ...{ centredLargest: centred.largest, uncentredLargest: uncentred.largest },
    ...others('random', random?.centred.ranks),
    ...{ randomEffectiveRank: random?.centred.effectiveRank ?? null, randomColumns: random?.columns ?? null },
    ...others('half', half?.ranks),
    ...{ halfEffectiveRank: half?.effectiveRank ?? null, few: row.few },
    ...{ silent: row.shares.silent, neverBent: row.shares.neverBent, dormant: row.shares.dormant },
    ...{ entered: row.bottleneck?.entered ?? null, possible: row.bottleneck?.possible ?? null },
    ...{ kept: row.bottleneck?.kept ?? null, bottleneck: row.bottleneck !== null },
  };
}

/** Returns the features that a line of a table holds. @throws RangeError for an unknown stage or kind */
export function fromFeatureRow(row: FeatureRow, rules: readonly string[]): KeptFeatures {
  const number = (name: string) => row[name] as number;
  const kind = layerKinds.find((one) => one === row['kind']);
  const stage = (['before', 'after'] as const).find((one) => one === row['stage']);
  if (kind === undefined) throw invalid('kind of a layer', row['kind'], layerKinds.join(', '));
  if (stage === undefined) throw invalid('stage', row['stage'], 'before, after');
  const plain = (name: string): KeptRanks => ({
    ranks: rules.map((rule) => ({ rule, rank: number(`${name}_${rule}`) })),
    effectiveRank: number(`${name}EffectiveRank`),
  });
  const proved = (name: string): KeptFeatures['centred'] => ({
    ranks: rules.map((rule) => ({
      ...{ rule, rank: number(`${name}_${rule}`) },
      ...{ lower: number(`${name}_lower_${rule}`), upper: number(`${name}_upper_${rule}`) },
    })),
    ...{ effectiveRank: number(`${name}EffectiveRank`), largest: number(`${name}Largest`) },
  });
  return {
    ...{ layer: row['layer'] as string, kind, stage, value: row['value'] as string },
    activation: row['activation'] as string | null,
    ...{ channelsIn: number('channelsIn'), channels: number('channels'), columns: number('columns') },
    ...{ dimensionRatio: number('dimensionRatio'), few: row['few'] as boolean },
    ...{ centred: proved('centred'), uncentred: proved('uncentred') },
    random: row['randomColumns'] === null ? null : { ...plain('random'), columns: number('randomColumns') },
    half: row['halfEffectiveRank'] === null ? null : plain('half'),
    shares: {
      ...{ silent: number('silent'), dormant: number('dormant') },
      neverBent: row['neverBent'] as number | null,
    },
    bottleneck: row['bottleneck']
      ? { entered: number('entered'), possible: number('possible'), kept: number('kept') }
      : null,
  };
}
