import * as v from 'valibot';
import type { LayerFeatures } from '../features/measure-features.js';
import { countTo, listOf, oneOf, strict, textTo } from '../schema.js';
import { folderKind } from '../store/run-kind.js';

const text = textTo(1e6);

const featuresSchema = strict({
  file: text,
  format: text,
  /** What ran the model, with its version. */
  runner: text,
  /** How many inputs, in words, and every choice of how they were made. */
  inputs: strict({
    count: countTo(Number.MAX_SAFE_INTEGER),
    ran: countTo(Number.MAX_SAFE_INTEGER, 0),
    words: text,
    settings: v.unknown(),
  }),
  tolerances: listOf(textTo(200), 100, 0),
  /** `none` where no layer was compared with a random one. */
  baseline: oneOf(['permuted', 'gaussian', 'none']),
  seed: countTo(Number.MAX_SAFE_INTEGER, 0),
});

/** Everything that decides the rows of a run over a model's features. */
export type FeaturesSpec = v.InferOutput<typeof featuresSchema>;

/** The run that `rankscope model FILE --inputs --out` writes. */
export const featuresRun = folderKind<FeaturesSpec>({
  kind: 'features',
  command: 'rankscope model --inputs --out',
  unit: 'input',
  specSchema: featuresSchema,
  tables: ['rows.csv', 'skipped.csv'],
});

/** Returns a layer's features as a line of a table. */
export function featureRow(row: LayerFeatures): Record<string, string | number | boolean | null> {
  const { centred, uncentred, random, half } = row;
  return {
    ...{ layer: row.layer, kind: row.kind, stage: row.stage, value: row.value, activation: row.activation },
    ...{
      channelsIn: row.channelsIn,
      channels: row.channels,
      columns: row.columns,
      dimensionRatio: row.dimensionRatio,
    },
    ...Object.fromEntries(
      [
        { name: 'centred', ranks: centred.ranks },
        { name: 'uncentred', ranks: uncentred.ranks },
      ].flatMap(({ name, ranks }) =>
        ranks.flatMap(({ rule, rank, lower, upper }) => [
          [`${name}_${rule}`, rank],
          [`${name}_lower_${rule}`, lower],
          [`${name}_upper_${rule}`, upper],
        ]),
      ),
    ),
    ...{ centredEffectiveRank: centred.effectiveRank, uncentredEffectiveRank: uncentred.effectiveRank },
    ...{ centredLargest: centred.largest, uncentredLargest: uncentred.largest },
    ...Object.fromEntries(
      centred.ranks.map(({ rule }, i) => [`random_${rule}`, random?.centred.ranks[i]?.rank ?? null]),
    ),
    ...{ randomEffectiveRank: random?.centred.effectiveRank ?? null, randomColumns: random?.columns ?? null },
    ...Object.fromEntries(centred.ranks.map(({ rule }, i) => [`half_${rule}`, half?.ranks[i]?.rank ?? null])),
    ...{ halfEffectiveRank: half?.effectiveRank ?? null, few: row.few },
    ...{ silent: row.shares.silent, neverBent: row.shares.neverBent, dormant: row.shares.dormant },
    ...{ entered: row.bottleneck?.entered ?? null, possible: row.bottleneck?.possible ?? null },
    bottleneck: row.bottleneck !== null,
  };
}
