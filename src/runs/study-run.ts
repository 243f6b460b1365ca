import * as v from 'valibot';
import type { Field, Fields } from '../fields.js';
import type { Activation } from '../layers/activations.js';
import { strict } from '../schema.js';
import { readRunManifest, type Count, type RunManifest } from '../store/manifest.js';
import { runKind } from '../store/run-kind.js';
import type { TaskList } from '../store/task-list.js';
import type { LayerRow } from '../study/layer-row.js';
import type { LayerTask } from '../study/measure-layer.js';
import { measureStudy, type MeasureOptions } from '../study/measure-study.js';
import { protocolFields } from '../study/protocol.js';
import { studyFields, tapsAt, type Study } from '../study/study.js';
import type { SummaryRow } from '../study/summary.js';
import { summariseStudy } from './summarise-study.js';

/** The manifest of a study's run. */
export interface Manifest extends RunManifest {
  readonly kind: 'study';
  /** The study, every field resolved. */
  readonly study: Study;
  /** Layers whose rows are on disk, and all layers of the study or its part. One counts for each activation. */
  readonly layers: Count;
}

/** How layers are measured, besides the study. */
type StudyContext = Omit<MeasureOptions, 'tasks' | 'signal'> & {
  readonly activations?: Readonly<Record<string, Activation>> | undefined;
};

/** The run of a study: one random layer per task, one row per activation and tap. */
export const studyRun = runKind<Study, LayerTask, LayerRow, SummaryRow, StudyContext>({
  kind: 'study',
  command: 'rankscope curve',
  unit: 'layer',
  specKey: 'study',
  specSchema: strict({ ...resolved(studyFields), protocol: strict(protocolSchemas()) }),
  unmarked: true,
  figures: ['curve', 'spectrum'],
  tasks: studyTasks,
  taskKeys: ['block', 'dimensionRatio', 'layer'],
  describe: ({ block, dimensionRatio, layer }) => `layer ${layer} of ${block} at ratio ${dimensionRatio}`,
  rowsOf: (study, { block }) => study.activations.length * tapsAt(study, block).length,
  constants: ({ seed }) => ({ seed }),
  weight: ({ activations }) => activations.length,
  columns: {
    block: 'VARCHAR',
    tap: 'VARCHAR',
    activation: 'VARCHAR',
    dimensionRatio: 'DOUBLE',
    layer: 'INTEGER',
    seed: 'BIGINT',
    dIn: 'INTEGER',
    dOut: 'INTEGER',
    hidden: 'INTEGER',
    channels: 'INTEGER',
    columns: 'INTEGER',
    ranks: {
      type: {
        structs: {
          ...{
            tolerance: 'VARCHAR',
            absolute: 'DOUBLE',
            rank: 'INTEGER',
            lower: 'INTEGER',
            upper: 'INTEGER',
          },
          certified: 'BOOLEAN',
        },
      },
    },
    largest: 'DOUBLE',
    smallest: 'DOUBLE',
    stableRank: 'DOUBLE',
    effectiveRank: 'DOUBLE',
    participationRatio: 'DOUBLE',
    spectralEntropy: 'DOUBLE',
    nuclearNorm: 'DOUBLE',
    conditionNumber: 'DOUBLE',
    silent: { type: 'DOUBLE', added: true },
    neverBent: { type: 'DOUBLE', added: true },
    dormant: { type: 'DOUBLE', added: true },
    method: { type: 'VARCHAR', former: 'way' },
    spectrum: { type: 'DOUBLE[]', length: 'least(channels, columns)' },
  },
  order: ['block', 'tap', 'activation', 'dimensionRatio', 'layer'],
  measure: (study, tasks, { folder: _, ...options }) => measureStudy(study, { ...options, tasks }),
  summarise: summariseStudy,
  summaryColumns: {
    block: 'text',
    tap: 'text',
    activation: 'text',
    dimensionRatio: 'number',
    tolerance: 'text',
    layers: 'number',
    rankRatioMean: 'number',
    rankRatioSd: 'number',
    ci95Low: 'number',
    ci95High: 'number',
  },
  csvTables: { 'ranks.csv': ranksTable },
});

/**
 * Returns the layers of a study as tasks, one layer number after another over the whole grid. So a study that is
 * stopped early has as many layers at one point as at another. They are dealt to shards point by point: of every point
 * the shards' numbers of layers differ by one at most.
 */
export function studyTasks({ blocks, ratios, layers }: Study): TaskList<LayerTask> {
  const points = blocks.flatMap((block) => ratios.map((dimensionRatio) => ({ block, dimensionRatio })));
  const blockPlace = new Map(blocks.map((block, i) => [block, i * ratios.length]));
  const ratioPlace = new Map(ratios.map((ratio, i) => [ratio, i]));
  return {
    count: points.length * layers,
    at: (place) => {
      const point = points[place % points.length] as (typeof points)[number];
      return { ...point, layer: Math.floor(place / points.length) };
    },
    placeOf: ({ block, dimensionRatio, layer }) => {
      const point = (blockPlace.get(block) ?? NaN) + (ratioPlace.get(dimensionRatio) ?? NaN);
      return layer < layers && !Number.isNaN(point) ? layer * points.length + point : undefined;
    },
    deal: (place) => (place % points.length) * layers + Math.floor(place / points.length),
  };
}

/** Returns the SQL of `ranks.csv`: one line per rank, those of a row in the order of its tolerances. */
function ranksTable(table: string, sorted: boolean): string {
  return `
    SELECT block, tap, activation, dimension_ratio, layer, seed, d_in, d_out, hidden, channels, columns,
           one.tolerance, one.absolute AS threshold, one.rank, one.lower, one.upper, one.certified,
           one.rank / channels AS rank_ratio
    FROM (SELECT * EXCLUDE spectrum, unnest(ranks) AS one, generate_subscripts(ranks, 1) AS place FROM ${table})
    ${sorted ? '' : 'ORDER BY block, tap, activation, dimension_ratio, layer, place'}`;
}

/**
 * Returns the manifest of a study's run.
 * @throws RangeError if the folder holds no run, or for the first field of its `run.json` that is not allowed
 */
export async function readManifest(folder: string): Promise<Manifest> {
  return (await readRunManifest(studyRun, folder)) as Manifest;
}

/** Returns the schemas of a protocol. Fields that an earlier version did not write are read as they were in it. */
function protocolSchemas() {
  const schemas = resolved(protocolFields);
  return {
    ...schemas,
    normalizationShift: v.optional(schemas.normalizationShift, 'none'),
    center: v.optional(schemas.center, false),
  };
}

/** Returns the schemas of options that are all given, each with an allowed value. */
function resolved<T extends object>(fields: Fields<T>) {
  const schemas = Object.entries<Field<unknown>>(fields).map(([key, field]) => [key, valueOf(field)]);
  return Object.fromEntries(schemas) as { readonly [K in keyof T]: v.GenericSchema<unknown, T[K]> };
}

function valueOf<V>({ read, allowed }: Field<V>) {
  const isAllowed = (value: unknown) => {
    try {
      return value !== undefined && read(value) !== undefined;
    } catch {
      return false; // an unknown name
    }
  };
  return v.pipe(
    v.custom<unknown>(isAllowed, allowed),
    v.transform((value) => read(value) as V),
  );
}
