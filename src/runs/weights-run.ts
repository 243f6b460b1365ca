import * as v from 'valibot';
import { formatNames } from '../formats/model-file.js';
import { countTo, listOf, oneOf, strict, textTo } from '../schema.js';
import { runKind } from '../store/run-kind.js';
import { listTasks } from '../store/task-list.js';
import { parseTolerances } from '../rank/tolerance.js';
import { baselineNames } from '../weights/baseline.js';
import { measureLayers, type ChosenLayers } from '../weights/measure-layers.js';
import { toRow, type WeightRow } from './weight-row.js';

const name = v.pipe(v.string(), v.maxLength(1e6, 'a text'));

const weightsSchema = strict({
  format: oneOf(formatNames),
  /** The layers in the order of the file. */
  layers: listOf(name, 1e6),
  tolerances: listOf(textTo(200), 100),
  baseline: oneOf(baselineNames),
  seed: countTo(Number.MAX_SAFE_INTEGER, 0),
  fold: v.boolean('true or false'),
});

/** Everything that decides the rows of a run over a model's weights. */
export type WeightsSpec = v.InferOutput<typeof weightsSchema>;

/** A layer of the model: its number in the file's order, from 0, since two may have one name. */
export interface WeightsTask {
  readonly place: number;
  readonly layer: string;
}

/** The run that `rankscope model FILE --out` writes: one layer per task, one row per layer. */
export const weightsRun = runKind<
  WeightsSpec,
  WeightsTask,
  WeightRow,
  never,
  ChosenLayers & { readonly workers: number }
>({
  kind: 'weights',
  command: 'rankscope model --out',
  unit: 'layer',
  figures: ['model', 'layer'],
  specSchema: weightsSchema,
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
    kind: 'VARCHAR',
    dtype: 'VARCHAR',
    rows: 'INTEGER',
    columns: 'INTEGER',
    shape: 'VARCHAR',
    aliases: 'VARCHAR',
    ranks: {
      type: {
        structs: {
          rule: 'VARCHAR',
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
    noiseEdge: 'DOUBLE',
    noiseSpread: 'DOUBLE',
    beyondNoise: 'INTEGER',
    baselineLargest: 'DOUBLE',
    beyondBaseline: 'INTEGER',
    largest: 'DOUBLE',
    smallest: 'DOUBLE',
    stableRank: 'DOUBLE',
    effectiveRank: 'DOUBLE',
    participationRatio: 'DOUBLE',
    spectralEntropy: 'DOUBLE',
    nuclearNorm: 'DOUBLE',
    conditionNumber: 'DOUBLE',
    alpha: 'DOUBLE',
    alphaError: 'DOUBLE',
    alphaMin: 'DOUBLE',
    alphaMax: 'DOUBLE',
    alphaCount: 'INTEGER',
    alphaDistance: 'DOUBLE',
    deadRows: 'INTEGER',
    duplicateRows: 'INTEGER',
    normalization: 'VARCHAR',
    normalizationKnown: 'BOOLEAN',
    folded: 'BOOLEAN',
    adapterRank: 'INTEGER',
    adapterScale: 'DOUBLE',
    notes: 'VARCHAR',
    reason: 'VARCHAR',
    spectrum: { type: 'DOUBLE[]', length: 'least(rows, columns)' },
    baselineSpectrum: { type: 'DOUBLE[]', length: 'least(rows, columns)' },
  },
  order: ['layer', 'place'],
  async *measure(spec, tasks, { workers, signal, ...chosen }) {
    const settings = { ...spec, tolerances: parseTolerances(spec.tolerances) };
    const places = Array.from(tasks, ({ place }) => place);
    for await (const { place, measured } of measureLayers(chosen, places, settings, { workers, signal }))
      yield [toRow(place, chosen.layers[place]!, measured)];
  },
});
