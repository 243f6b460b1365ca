import { join } from 'node:path';
import * as v from 'valibot';
import { parseJson } from '../files/parse-json.js';
import { readText } from '../files/read-text.js';
import { countTo, listOf, loose, numberThat, readSchema, strict } from '../schema.js';
import { readRunManifest, specOf, type RunManifest } from '../store/manifest.js';
import { requireTable } from '../store/rows/row-files.js';
import { folderKind } from '../store/run-kind.js';
import { runNetworks } from './depth-run.js';

const MAX_COUNT = Number.MAX_SAFE_INTEGER;
const text = v.pipe(v.string(), v.nonEmpty('text'));

const latencySchema = strict({
  networks: runNetworks,
  batch: countTo(MAX_COUNT),
  runs: countTo(MAX_COUNT),
  warmUp: countTo(MAX_COUNT, 0),
  seed: countTo(MAX_COUNT, 0),
  backend: strict({ name: text, version: text }),
});

/** The specification of the timing, and the tensor backend. */
export type LatencySpec = v.InferOutput<typeof latencySchema>;

/** The run that `rankscope latency` writes. */
export const latencyRun = folderKind<LatencySpec>({
  kind: 'latency',
  command: 'rankscope latency',
  unit: 'network',
  specKey: 'settings',
  specSchema: latencySchema,
  tables: ['latency.json'],
  figures: ['latency'],
});

const milliseconds = numberThat((time) => time >= 0, 'milliseconds, a number >= 0');
const timesSchema = loose({
  networks: listOf(
    loose({
      name: text,
      resolution: countTo(MAX_COUNT),
      batch: countTo(MAX_COUNT),
      params: countTo(MAX_COUNT, 0),
      macs: countTo(MAX_COUNT, 0),
      median: milliseconds,
      lowerQuartile: milliseconds,
      upperQuartile: milliseconds,
      samples: listOf(milliseconds, MAX_COUNT),
      /** The published accuracy, if any. */
      published: v.nullish(loose({ label: text, top1: numberThat((value) => value >= 0, 'percent') })),
    }),
    1e4,
  ),
});

/** The run times of a network, in milliseconds for a batch, with its costs. */
export type NetworkTimes = v.InferOutput<typeof timesSchema>['networks'][number];

/**
 * Returns a saved run of latencies: its manifest, its settings, its times.
 * @throws RangeError if the folder holds no such run, or a damaged one
 * @example
 * const { networks } = await readLatencyRun('runs/latency');
 */
export async function readLatencyRun(
  folder: string,
): Promise<{ manifest: RunManifest; settings: LatencySpec; networks: readonly NetworkTimes[] }> {
  const manifest = await readRunManifest(latencyRun, folder);
  const path = join(folder, 'latency.json');
  const json = await readText('latencies', path);
  await requireTable(latencyRun, folder, 'latency.json');
  const { networks } = readSchema(path, timesSchema, parseJson('latencies', path, json));
  return { manifest, settings: specOf(latencyRun, manifest), networks };
}
