import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import { csvOf, writeSealed } from './csv-table.js';
import type { RunFolder } from './folder/claim-folder.js';
import { writeDurably } from './folder/durable.js';
import { machine, manifestOf, versions, writeManifest, type RunManifest, type RunState } from './manifest.js';
import type { RunKind } from './run-kind.js';
import { openRowWriter } from './rows/row-writer.js';
import { rowsOfSource, sourceOf } from './rows/row-files.js';
import { writeCsvTables } from './rows/csv-tables.js';
import { rowOrder } from './rows/sort-rows.js';
import type { Seal } from './rows/write-parquet.js';

/** The facts about a run before its first task. */
export interface Start<Spec> extends Pick<
  RunManifest,
  'shard' | 'from' | 'files' | 'workers' | 'backend' | 'engine'
> {
  readonly spec: Spec;
  /** Units to measure in all, and those whose rows are there already. */
  readonly total: number;
  readonly kept: number;
}

export interface RecordOptions {
  /**
   * Save results at least every N seconds, after the next finished task. A killed run loses at most this plus the tasks
   * in progress.
   * @default 5
   */
  readonly partSeconds?: number | undefined;
  /** Called after every task. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress {
  /** Units measured, and units of the whole run: of a study layers, which count once for each activation. */
  readonly done: number;
  readonly total: number;
  /** Since the first task was begun, over all sittings. */
  readonly seconds: number;
}

/** A finished run: where it is, its manifest, its summary. */
export interface RecordedRun<Summary> {
  readonly folder: string;
  readonly manifest: RunManifest;
  readonly summary: readonly Summary[];
}

/** Adds the rows of a task or part of a task, which count as `units` units. */
export type AddRows<Row> = (rows: readonly Row[], units: number) => Promise<void>;

/**
 * Records a run in its folder: lets `produce` fill the rows, and closes with summary and manifest, whatever
 * happens. Shared by `executeRun` and everything else that makes a run of rows.
 *
 * A run killed at any moment can be continued, because of the order in which it writes: the manifest before the
 * first rows; each part of the rows whole; all rows in one file before the parts go; the summary and the tables when the
 * rows are whole; a table's checksum before the table; `complete` in the manifest last.
 */
export async function recordRun<Spec, Row, Summary extends object>(
  kind: RunKind<Spec, unknown, Row, Summary>,
  { folder, earlier }: RunFolder,
  { total, kept, ...start }: Start<Spec>,
  options: RecordOptions,
  produce: (add: AddRows<Row>) => Promise<void>,
): Promise<RecordedRun<Summary>> {
  const began = performance.now();
  const before = earlier?.times;
  const started = before?.started ?? new Date().toISOString();
  const resumed = before ? before.resumed + 1 : 0;
  const seconds = () => (before?.seconds ?? 0) + (performance.now() - began) / 1000;
  let [done, onDisk] = [kept, kept];
  let sha256 = earlier?.sha256 ?? {};
  const manifest = (state: RunState, error: string | null = null): RunManifest =>
    manifestOf(kind, {
      ...start,
      state,
      merged: null,
      count: { done: onDisk, total },
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
  const sealOf = (name: string) => async (sum: string) => {
    sha256 = { ...sha256, [name]: sum };
    await writeManifest(folder, manifest('running'));
  };
  await writeManifest(folder, manifest('running'));
  const reserve = join(folder, 'run.json.reserve');
  try {
    await writeDurably(reserve, randomBytes(RESERVE_BYTES));
    // of the rows when the run was stopped
    for (const name of kind.tables)
      if (name !== 'rows.parquet') await rm(join(folder, name), { force: true });
    const writer = await openRowWriter(kind, folder, {
      seconds: options.partSeconds,
      seal: sealOf('rows.parquet'),
      onPart: async (units) => {
        onDisk += units;
        await writeManifest(folder, manifest('running'));
      },
    });
    try {
      await produce(async (rows, units) => {
        await writer.add(rows, units);
        done += units;
        options.onProgress?.({ done, total, seconds: seconds() });
      });
    } catch (error) {
      await writer.close(false).catch(() => undefined); // the first error is reported
      throw error;
    }
    await writer.close(done === total);
    const summary = await writeTables(kind, folder, start.spec, done === 0, sealOf);
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

/** Writes the summary and the other tables of the existing rows. @param empty whether there are no rows */
export async function writeTables<Spec, Row, Summary extends object>(
  kind: RunKind<Spec, unknown, Row, Summary>,
  folder: string,
  spec: Spec,
  empty: boolean,
  sealOf: (name: string) => Seal,
): Promise<readonly Summary[]> {
  const summary = empty ? [] : await summarise(kind, folder, spec);
  if (kind.summaryColumns) {
    const csv = csvOf(summary, kind.summaryColumns);
    await writeSealed(join(folder, 'summary.csv'), csv, sealOf('summary.csv'));
  }
  if (!empty) await writeCsvTables(kind, folder, sealOf);
  return summary;
}

async function summarise<Spec, Row, Summary extends object>(
  kind: RunKind<Spec, unknown, Row, Summary>,
  folder: string,
  spec: Spec,
): Promise<readonly Summary[]> {
  const source = await sourceOf(kind, folder);
  const { table, sorted } = source;
  const orderBy = sorted ? '' : `ORDER BY ${rowOrder(kind)}`;
  const rows = () => rowsOfSource<Row>(kind, source);
  return (await kind.summarise?.(spec, { folder, rows, table, orderBy })) ?? [];
}

/** Kept free on the disk, so that a run that fills it can still say that it failed. */
const RESERVE_BYTES = 2 ** 16;

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
