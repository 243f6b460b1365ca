import * as v from 'valibot';
import { formatNames } from '../formats/model-file.js';
import { parseTolerances } from '../rank/tolerance.js';
import { countTo, listOf, numberThat, oneOf, strict, textTo } from '../schema.js';
import { runKind } from '../store/run-kind.js';
import { listTasks } from '../store/task-list.js';
import { compareOrSkip } from '../weights/compare-weights.js';
import { twinNames } from '../weights/twin-of.js';
import type { MatchedLayers } from '../weights/match-layers.js';
import { toComparisonRow, type ComparisonRow } from './comparison-row.js';

const name = v.pipe(v.string(), v.maxLength(1e6, 'a text'));

const comparisonSchema = strict({
  formats: v.tuple([oneOf(formatNames), oneOf(formatNames)], 'two formats'),
  /** The layers of both models, as the first names them. */
  layers: listOf(name, 1e6),
  tolerances: listOf(textTo(200), 100),
  errors: listOf(
    numberThat((x) => x > 0 && x < 1, 'a number between 0 and 1'),
    100,
  ),
  /** The second model, or a twin of the first. */
  second: oneOf(['file', ...twinNames]),
  seed: countTo(Number.MAX_SAFE_INTEGER, 0),
  subspace: countTo(Number.MAX_SAFE_INTEGER),
  fold: v.boolean('true or false'),
});

/** Everything that decides the rows of a run over two models. */
export type ComparisonSpec = v.InferOutput<typeof comparisonSchema>;

/** A layer of both models: its number among those, from 0. */
export interface ComparisonTask {
  readonly place: number;
  readonly layer: string;
}

/** The run that `rankscope compare A B --out` writes: one row per layer that both models have. */
export const comparisonRun = runKind<
  ComparisonSpec,
  ComparisonTask,
  ComparisonRow,
  never,
  { matched: readonly MatchedLayers[] }
>({
  kind: 'comparison',
  command: 'rankscope compare --out',
  unit: 'layer',
  figures: ['compare'],
  specSchema: comparisonSchema,
  tasks: ({ layers }) =>
    listTasks(
      layers.map((layer, place) => ({ place, layer })),
      ({ place }) => String(place),
    ),
  taskKeys: ['place', 'layer'],
  describe: ({ layer }) => `layer ${layer}`,
  rowsOf: () => 1,
  columns: {
    place: 'INTEGER',
    layer: 'VARCHAR',
    other: 'VARCHAR',
    kind: 'VARCHAR',
    rows: 'INTEGER',
    columns: 'INTEGER',
    shape: 'VARCHAR',
    sides: {
      type: {
        structs: {
          side: 'VARCHAR',
          dtype: 'VARCHAR',
          norm: 'DOUBLE',
          largest: 'DOUBLE',
          stableRank: 'DOUBLE',
          effectiveRank: 'DOUBLE',
          participationRatio: 'DOUBLE',
          spectralEntropy: 'DOUBLE',
          nuclearNorm: 'DOUBLE',
          conditionNumber: 'DOUBLE',
        },
      },
    },
    ranks: {
      type: {
        structs: {
          side: 'VARCHAR',
          rule: 'VARCHAR',
          rank: 'INTEGER',
          lower: 'INTEGER',
          upper: 'INTEGER',
          certified: 'BOOLEAN',
        },
      },
    },
    holding: {
      type: {
        structs: {
          error: 'DOUBLE',
          rank: 'INTEGER',
          lower: 'INTEGER',
          upper: 'INTEGER',
          certified: 'BOOLEAN',
        },
      },
    },
    signalRank: 'INTEGER',
    signalLower: 'INTEGER',
    signalUpper: 'INTEGER',
    signalCertified: 'BOOLEAN',
    signalFloor: 'DOUBLE',
    relativeNorm: 'DOUBLE',
    dimension: 'INTEGER',
    leftAngles: 'DOUBLE[]',
    rightAngles: 'DOUBLE[]',
    firstGap: 'DOUBLE',
    secondGap: 'DOUBLE',
    notes: 'VARCHAR',
    reason: 'VARCHAR',
    spectrum: { type: 'DOUBLE[]', length: 'least(rows, columns)' },
  },
  order: ['layer', 'place'],
  async *measure(spec, tasks, { matched, signal }) {
    const settings = { ...spec, tolerances: parseTolerances(spec.tolerances) };
    for (const { place } of tasks) {
      if (signal?.aborted) return;
      const pair = matched[place] as MatchedLayers;
      yield [toComparisonRow(place, pair, await compareOrSkip(pair, settings))];
    }
  },
});
