import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { readInputs, type InputArray } from '../layers/inputs.js';
import { useBackend } from '../layers/backend.js';
import { missing } from '../errors.js';
import { readNpyArray } from '../files/npy.js';
import { resolveEngine } from '../spectrum/engines.js';
import { loadActivations } from '../study/load-activations.js';
import { checkWorkers, measureStudy, type MeasureOptions } from '../study/measure-study.js';
import { layerCount, resolveStudy, type Study, type StudyInput } from '../study/study.js';
import { summarise, type SummaryRow } from '../study/summary.js';
import { claimFolder, machine, versions, writeManifest, type Manifest, type RunState } from './manifest.js';
import { readRankRatios } from './rank-ratios.js';
import { openRowWriter, type RowWriter } from './row-files.js';
import { writeSummary } from './summary-file.js';

export interface RunOptions extends MeasureOptions {
  /** The folder of the run. */
  readonly out: string;
  /**
   * Whether a run that is there already is replaced.
   * @default false
   */
  readonly overwrite?: boolean;
  /** Called after every layer. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** Layers measured, and layers of the whole study; a layer counts once for each nonlinearity. */
  readonly done: number;
  readonly total: number;
  /** Since the first layer was begun. */
  readonly seconds: number;
}

/** A finished run: where it is, its manifest, its summary. */
export interface Run {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly summary: readonly SummaryRow[];
}

/**
 * Carries a study out and returns the run: a folder with `run.json` (the manifest), `rows.parquet` (one row a
 * layer, nonlinearity and tap) and `summary.csv`. When `signal` aborts, no new layer is begun; what is done is
 * kept, summarised, and the run's state is `stopped`.
 *
 * @throws RangeError for a study or options that are not allowed, before anything is written; Error, with the
 * run's state set to `failed`, if a layer cannot be measured or the folder cannot be written any more
 * @example
 * const { summary } = await runStudy({ blocks: ['pointwise'], layers: 50 }, { out: 'runs/first' });
 */
export async function runStudy(given: StudyInput, options: RunOptions): Promise<Run> {
  if (typeof options.out !== 'string' || options.out === '')
    throw missing('out', options.out, 'the folder of the run');
  const own = options.activations ?? (await loadActivations(options.activationModule));
  const study = resolveStudy(given, Object.keys(own));
  const { array, files } = await readOwnFiles(study, options);
  const workers = options.workers ?? (options.activations ? 0 : availableParallelism());
  checkWorkers(workers, options.activations);
  const engine = resolveEngine(options.engine).name;
  const backend = await useBackend(options.backend);
  const total = layerCount(study);
  const start = { study, total, from: null, files, workers, backend, engine };
  return record(options, start, async (writer, onLayers) => {
    for await (const rows of measureStudy(study, {
      ...options,
      workers,
      backend: backend.name,
      inputs: array,
    })) {
      await writer.add(rows);
      onLayers(study.activations.length);
    }
  });
}

/** What is known of a run before its first layer. */
interface Start extends Pick<Manifest, 'study' | 'from' | 'files' | 'workers' | 'backend' | 'engine'> {
  readonly total: number;
}

/**
 * Records a run: claims the folder, lets `produce` fill the rows, and closes with summary and manifest, whatever
 * happens. Shared by `runStudy` and `recountRun`.
 */
export async function record(
  options: Pick<RunOptions, 'out' | 'overwrite' | 'onProgress'>,
  { total, ...start }: Start,
  produce: (writer: RowWriter, onLayers: (count: number) => void) => Promise<void>,
): Promise<Run> {
  const { out: folder, onProgress } = options;
  await claimFolder(folder, options.overwrite);
  const began = performance.now();
  const started = new Date().toISOString();
  const seconds = () => (performance.now() - began) / 1000;
  let done = 0;
  const manifest = (state: RunState, error: string | null = null): Manifest => ({
    format: 1,
    state,
    ...start,
    layers: { done, total },
    versions: versions(),
    machine: machine(),
    times: {
      started,
      finished: state === 'running' ? null : new Date().toISOString(),
      seconds: round(seconds()),
    },
    error,
  });
  await writeManifest(folder, manifest('running'));
  try {
    const writer = await openRowWriter(folder);
    try {
      await produce(writer, (count) => {
        done += count;
        onProgress?.({ done, total, seconds: seconds() });
      });
    } finally {
      await writer.close(done === total);
    }
    const summary = done === 0 ? [] : await summariseRun(folder, start.study);
    await writeSummary(folder, summary);
    const last = manifest(done === total ? 'complete' : 'stopped');
    await writeManifest(folder, last);
    return { folder, manifest: last, summary };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await writeManifest(folder, manifest('failed', message)).catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

/** Returns the summary of a run's rows, in the order of the study. */
async function summariseRun(folder: string, study: Study): Promise<SummaryRow[]> {
  const rows = (await readRankRatios(folder)).map(summarise);
  const place = (row: SummaryRow) => [
    study.blocks.findIndex((block) => block === row.block),
    study.taps.findIndex((tap) => tap === row.tap),
    study.activations.indexOf(row.activation),
    row.dimensionRatio,
    study.protocol.tolerances.indexOf(row.tolerance),
  ];
  const keyed = rows.map((row) => ({ row, key: place(row) }));
  keyed.sort(
    (a, b) => a.key.map((value, i) => value - b.key[i]!).find((difference) => difference !== 0) ?? 0,
  );
  return keyed.map(({ row }) => row);
}

/** Reads the user's own inputs, and notes what was read for the manifest. */
async function readOwnFiles(
  study: Study,
  options: RunOptions,
): Promise<{ array?: InputArray; files: Manifest['files'] }> {
  const files: Record<string, { path: string; sha256: string }> = {};
  const read = async (thing: string, path: string) => {
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      throw new RangeError(`invalid ${thing}: ${path} (allowed: a file that can be read; ${cause.code})`, {
        cause,
      });
    });
    files[thing] = { path, sha256: createHash('sha256').update(bytes).digest('hex') };
    return bytes;
  };
  if (options.activationModule !== undefined) await read('activation module', options.activationModule);
  const rule = readInputs(study.protocol.inputs);
  if (options.inputs || !rule || !('file' in rule)) return { array: options.inputs, files };
  const { data, shape } = readNpyArray(await read('inputs', rule.file));
  return { array: { data, shape }, files };
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
