import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayerRow } from '../study/layer-row.js';
import type { SummaryRow } from '../study/summary.js';
import type { RunFolder } from './folder/claim-folder.js';
import { writeDurably } from './folder/durable.js';
import {
  machine,
  versions,
  writeManifest,
  type Manifest,
  type RunState,
  type TableName,
} from './manifest.js';
import { writeRanks } from './rows/rank-file.js';
import { openRowWriter } from './rows/row-writer.js';
import { summariseRun } from './summarise-run.js';
import { writeSummary } from './summary-file.js';
import { messageOf } from '../errors.js';

/** What is known of a run before its first layer. */
export interface Start extends Pick<
  Manifest,
  'study' | 'shard' | 'from' | 'files' | 'workers' | 'backend' | 'engine'
> {
  /** Layers to measure in all, and those whose rows are there already. */
  readonly total: number;
  readonly kept: number;
}

export interface RecordOptions {
  /**
   * What is measured is on disk at the latest when the next layer is done after so many seconds: what a killed run
   * may lose, besides the layers under way.
   * @default 5
   */
  readonly partSeconds?: number;
  /** Called after every layer. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** Layers measured, and layers of the whole run; a layer counts once for each activation. */
  readonly done: number;
  readonly total: number;
  /** Since the first layer was begun, over all sittings. */
  readonly seconds: number;
}

/** A finished run: where it is, its manifest, its summary. */
export interface Run {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly summary: readonly SummaryRow[];
}

/** Takes the rows of one layer, which count as so many layers. */
export type AddRows = (rows: readonly LayerRow[], layers: number) => Promise<void>;

/**
 * Records a run in its folder: lets `produce` fill the rows, and closes with summary and manifest, whatever
 * happens. Shared by `runStudy` and `recountRun`.
 *
 * A run killed at any moment can be continued, because of the order in which it writes: the manifest before the
 * first rows; each part of the rows whole; all rows in one file before the parts go; the summary and the ranks when the
 * rows are whole; a table's checksum before the table; `complete` in the manifest last.
 */
export async function recordRun(
  { folder, earlier }: RunFolder,
  { total, kept, ...start }: Start,
  options: RecordOptions,
  produce: (add: AddRows) => Promise<void>,
): Promise<Run> {
  const began = performance.now();
  const before = earlier?.times;
  const started = before?.started ?? new Date().toISOString();
  const resumed = before ? before.resumed + 1 : 0;
  const seconds = () => (before?.seconds ?? 0) + (performance.now() - began) / 1000;
  let [done, onDisk] = [kept, kept];
  let sha256 = earlier?.sha256 ?? {};
  const manifest = (state: RunState, error: string | null = null): Manifest => ({
    format: 1,
    kind: 'study',
    state,
    ...start,
    merged: null,
    layers: { done: onDisk, total },
    versions: versions(),
    sha256,
    machine: machine(),
    times: {
      started,
      finished: state === 'running' ? null : new Date().toISOString(),
      seconds: round(seconds()),
      resumed,
    },
    error,
  });
  const sealOf = (name: TableName) => async (sum: string) => {
    sha256 = { ...sha256, [name]: sum };
    await writeManifest(folder, manifest('running'));
  };
  await writeManifest(folder, manifest('running'));
  const reserve = join(folder, 'run.json.reserve');
  try {
    await writeDurably(reserve, randomBytes(RESERVE_BYTES));
    // of the rows when the run was stopped
    for (const name of ['summary.csv', 'ranks.csv']) await rm(join(folder, name), { force: true });
    const writer = await openRowWriter(folder, {
      seconds: options.partSeconds,
      seal: sealOf('rows.parquet'),
      onPart: async (layers) => {
        onDisk += layers;
        await writeManifest(folder, manifest('running'));
      },
    });
    try {
      await produce(async (rows, layers) => {
        await writer.add(rows, layers);
        done += layers;
        options.onProgress?.({ done, total, seconds: seconds() });
      });
    } catch (error) {
      await writer.close(false).catch(() => undefined); // the first error is the one to tell
      throw error;
    }
    await writer.close(done === total);
    const summary = done === 0 ? [] : await summariseRun(folder, start.study);
    await writeSummary(folder, summary, sealOf('summary.csv'));
    if (done > 0) await writeRanks(folder, sealOf('ranks.csv'));
    await rm(reserve, { force: true });
    const last = manifest(done === total ? 'complete' : 'stopped');
    await writeManifest(folder, last);
    return { folder, manifest: last, summary };
  } catch (error) {
    const message = messageOf(error);
    await rm(reserve, { force: true }).catch(() => undefined);
    await writeManifest(folder, manifest('failed', message)).catch(() => undefined);
    throw error;
  }
}

/** Kept free on the disk, so that a run that fills it can still say that it failed. */
const RESERVE_BYTES = 2 ** 16;

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
