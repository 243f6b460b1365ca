import type { Skipped } from '../formats/model-file.js';
import { countOf, readRunManifest, specOf, type RunManifest } from '../store/manifest.js';
import { readRunRows } from '../store/rows/row-files.js';
import type { LayerWeights } from '../weights/measure-layer-weights.js';
import { fromRow, type WeightRow } from './weight-row.js';
import { weightsRun, type WeightsSpec } from './weights-run.js';

/** A run of weights: the layers measured, in the order of the file, and those that could not be. */
export interface KeptWeights {
  readonly manifest: RunManifest;
  readonly spec: WeightsSpec;
  readonly layers: readonly LayerWeights[];
  readonly skipped: readonly Skipped[];
}

/**
 * Returns the layers of a run that `rankscope model --out` kept.
 * @throws RangeError if the folder holds no such run, or a damaged one
 * @example
 * const { layers } = await readWeightsRun('runs/weights');
 */
export async function readWeightsRun(folder: string): Promise<KeptWeights> {
  const manifest = await readRunManifest(weightsRun, folder);
  const spec = specOf(weightsRun, manifest);
  const rows: WeightRow[] = [];
  if (countOf(weightsRun, manifest).done > 0)
    for await (const some of readRunRows(weightsRun, folder)) rows.push(...some);
  rows.sort((a, b) => a.place - b.place);
  const read = rows.map((row) => fromRow(row, spec.baseline));
  return {
    ...{ manifest, spec },
    layers: read.filter((one): one is LayerWeights => !('reason' in one)),
    skipped: read.filter((one): one is Skipped => 'reason' in one),
  };
}
