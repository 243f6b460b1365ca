import * as v from 'valibot';
import type { ModelFeatures } from '../features/measure-features.js';
import type { Skipped } from '../formats/model-file.js';
import { missing } from '../errors.js';
import { countTo, listOf, oneOf, strict, textTo } from '../schema.js';
import { csvOf, readCsvTable } from '../store/csv-table.js';
import { readRunManifest, specOf, type RunManifest } from '../store/manifest.js';
import { folderKind, type CellKinds } from '../store/run-kind.js';
import {
  featureCells,
  featureRow,
  fromFeatureRow,
  type FeatureRow,
  type KeptFeatures,
} from './feature-row.js';

const text = textTo(1e6);

const featuresSchema = strict({
  file: text,
  format: text,
  /** The library that ran the model, with its version. */
  runner: text,
  /** A description of the inputs, and every choice that decided them. */
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
  figures: ['features'],
});

const skippedCells = { name: 'text', reason: 'text' } as const;

/** Returns the tables of a run, each as CSV. */
export function featureTables(
  { features, skipped }: Pick<ModelFeatures, 'features' | 'skipped'>,
  rules: readonly string[],
): Readonly<Record<string, string>> {
  return {
    'rows.csv': csvOf(features.map(featureRow), featureCells(rules)),
    'skipped.csv': csvOf(skipped, skippedCells),
  };
}

/**
 * Returns a saved run of features: its manifest, its specification, the measured layers, and the skipped ones.
 * @throws RangeError if the folder holds no such run, or a damaged one
 * @example
 * const { features } = await readFeaturesRun('runs/features');
 */
export async function readFeaturesRun(folder: string): Promise<{
  manifest: RunManifest;
  spec: FeaturesSpec;
  features: KeptFeatures[];
  skipped: Skipped[];
}> {
  const manifest = await readRunManifest(featuresRun, folder);
  const spec = specOf(featuresRun, manifest);
  const read = <Row>(name: string, cells: CellKinds<Row>) =>
    readCsvTable<Row>(featuresRun, folder, name, cells, () =>
      missing(name, folder, `a run with its ${name}; --overwrite runs the model again`),
    );
  const rules = spec.tolerances;
  const rows = await read<FeatureRow>('rows.csv', featureCells(rules));
  const skipped = await read<Skipped>('skipped.csv', skippedCells);
  return { manifest, spec, features: rows.map((row) => fromFeatureRow(row, rules)), skipped };
}
