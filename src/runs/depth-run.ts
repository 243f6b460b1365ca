import * as v from 'valibot';
import type { DepthRow } from '../depth/depth-row.js';
import { missing } from '../errors.js';
import { countTo, listOf, strict } from '../schema.js';
import { readCsvTable } from '../store/csv-table.js';
import { readRunManifest, specOf, type RunManifest } from '../store/manifest.js';
import { folderKind } from '../store/run-kind.js';

const text = v.pipe(v.string(), v.nonEmpty('text'));
const texts = listOf(text, 1e6, 0);

/** A network of a run: its name and the pixels of its images along one side. */
export const runNetworks = listOf(strict({ name: text, resolution: countTo(1e6) }), 1e4);

const depthSchema = strict({
  networks: runNetworks,
  /** The path of the images; null for random ones. */
  inputs: v.nullable(text),
  /** The file of the weights; null for random ones. */
  weights: v.nullable(text),
  seed: countTo(Number.MAX_SAFE_INTEGER, 0),
  tolerances: texts,
  /** The images in words. */
  images: text,
  skipped: texts,
  /** Files of the folder of images that were not read, in words. */
  leftOut: v.nullable(text),
});

/** Everything that decides the rows of a depth run, and notes from measuring. */
export type DepthSpec = v.InferOutput<typeof depthSchema>;

/** The run that `rankscope network --rank --out` writes. */
export const depthRun = folderKind<DepthSpec>({
  kind: 'depth',
  command: 'rankscope network --rank --out',
  unit: 'network',
  specKey: 'settings',
  specSchema: depthSchema,
  tables: ['rows.csv'],
  figures: ['depth'],
});

/**
 * Returns a saved depth run: its manifest, its settings, its rows.
 * @throws RangeError if the folder holds no such run, or a damaged one
 * @example
 * const { rows } = await readDepthRun('runs/depth');
 */
export async function readDepthRun(
  folder: string,
): Promise<{ manifest: RunManifest; settings: DepthSpec; rows: DepthRow[] }> {
  const manifest = await readRunManifest(depthRun, folder);
  const none = () => missing('rows', folder, 'rows.csv is gone; --overwrite measures them again');
  const rows = await readCsvTable<DepthRow>(depthRun, folder, 'rows.csv', rowCells, none);
  return { manifest, settings: specOf(depthRun, manifest), rows };
}

const rowCells = {
  network: 'text',
  seed: 'number?',
  layer: 'text',
  block: 'number?',
  tap: 'text',
  channelsIn: 'number',
  channels: 'number',
  size: 'number',
  positions: 'number',
  rank: 'number',
  lower: 'number',
  upper: 'number',
  certified: 'boolean',
  rankRatio: 'number',
  effectiveRank: 'number',
  effectiveRatio: 'number',
  stableRank: 'number',
  largest: 'number',
  tolerance: 'text',
} as const;
