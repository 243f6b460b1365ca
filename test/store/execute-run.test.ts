import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as v from 'valibot';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { countTo, listOf, strict, textTo } from '../../src/schema.js';
import { executeRun, type ExecuteRunOptions } from '../../src/store/execute-run.js';
import { mergeParts } from '../../src/store/merge-parts.js';
import { countOf, readRunManifest, specOf } from '../../src/store/manifest.js';
import { findUnfinished } from '../../src/store/resume.js';
import { readRunRows } from '../../src/store/rows/row-files.js';
import { runKind } from '../../src/store/run-kind.js';
import { listTasks } from '../../src/store/task-list.js';
import { runStudy } from '../../src/runs/run-study.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-kinds-'));
afterAll(() => rmSync(base, { recursive: true }));
let out = '';
let count = 0;
beforeEach(() => (out = join(base, `run-${count++}`)));

const trialSchema = strict({ networks: listOf(textTo(20), 100), seeds: countTo(100), epochs: countTo(100) });
type Trial = v.InferOutput<typeof trialSchema>;

interface Task {
  readonly network: string;
  readonly seed: number;
}

interface Row extends Task {
  readonly epoch: number;
  readonly loss: number | null;
  readonly best: boolean;
  readonly norms: Float64Array;
}

interface Summary {
  readonly network: string;
  readonly meanLoss: number;
}

/** A kind of run in a few lines: one network and seed per task, one row per epoch. */
const trials = runKind<Trial, Task, Row, Summary, { readonly slow?: (task: Task) => void }>({
  kind: 'trial',
  command: 'test',
  unit: 'network',
  specSchema: trialSchema,
  files: ['states'],
  tasks: ({ networks, seeds }) =>
    listTasks(
      networks.flatMap((network) => Array.from({ length: seeds }, (_, seed) => ({ network, seed }))),
      ({ network, seed }) => `${network} ${seed}`,
    ),
  taskKeys: ['network', 'seed'],
  describe: ({ network, seed }) => `${network} with seed ${seed}`,
  rowsOf: ({ epochs }) => epochs,
  columns: {
    network: 'VARCHAR',
    seed: 'BIGINT',
    epoch: 'INTEGER',
    loss: 'DOUBLE',
    best: 'BOOLEAN',
    norms: { type: 'DOUBLE[]', length: 'epoch' },
  },
  order: ['network', 'seed', 'epoch'],
  async *measure({ epochs }, tasks, { slow, signal }) {
    for (const task of tasks) {
      if (signal?.aborted) return;
      slow?.(task);
      yield Array.from({ length: epochs }, (_, epoch) => ({
        ...{ ...task, epoch, loss: epoch === 0 ? null : (task.seed + 1) / epoch, best: epoch % 2 === 1 },
        norms: Float64Array.from({ length: epoch }, (_, i) => i / 3),
      }));
    }
  },
  async summarise({ networks }, { rows }) {
    const losses = new Map<string, number[]>(networks.map((network) => [network, []]));
    for await (const some of rows())
      for (const { network, loss } of some) losses.get(network)?.push(loss ?? 0);
    return Array.from(losses, ([network, all]) => ({
      network,
      meanLoss: all.reduce((sum, loss) => sum + loss, 0) / all.length,
    }));
  },
  summaryColumns: { network: 'text', meanLoss: 'number' },
  csvTables: {
    'epochs.csv': (table, sorted) =>
      `SELECT network, seed, epoch, loss FROM ${table} ${sorted ? '' : 'ORDER BY ALL'}`,
  },
});

const spec = { networks: ['b', 'a'], seeds: 3, epochs: 4 };
const run = (options: Partial<ExecuteRunOptions<{ slow?: (task: Task) => void }>> = {}, of = spec) =>
  executeRun(trials, of, { out, context: {}, ...options });
const rowsOf = async (folder: string) => {
  const all: Row[] = [];
  for await (const rows of readRunRows(trials, folder)) all.push(...rows);
  return all;
};
const bytesOf = (folder: string) =>
  ['rows.parquet', 'summary.csv', 'epochs.csv'].map((name) => readFileSync(join(folder, name), 'latin1'));
const partsOf = (folder: string) => readdirSync(join(folder, 'rows')).sort();

it('a kind of run of one’s own has rows, tables, summary and manifest', async () => {
  const { summary } = await run();
  expect(readdirSync(out).sort()).toEqual(['epochs.csv', 'rows.parquet', 'run.json', 'summary.csv']);
  const rows = await rowsOf(out);
  expect(rows).toHaveLength(24);
  expect(rows[3]).toEqual({
    ...{ network: 'a', seed: 0, epoch: 3, loss: 1 / 3, best: true },
    norms: Float64Array.of(0, 1 / 3, 2 / 3),
  });
  expect(rows[0]).toMatchObject({ loss: null, best: false, norms: new Float64Array() });
  expect(summary.map(({ network }) => network)).toEqual(['b', 'a']);
  expect(readFileSync(join(out, 'epochs.csv'), 'utf8').split('\n')[0]).toBe('network,seed,epoch,loss');
  const manifest = await readRunManifest(trials, out);
  const json = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as object;
  expect(Object.keys(json).slice(0, 6)).toEqual(['format', 'kind', 'state', 'spec', 'shard', 'networks']);
  expect([specOf(trials, manifest), countOf(trials, manifest)]).toEqual([spec, { done: 6, total: 6 }]);
  expect(Object.keys(manifest.sha256).sort()).toEqual(['epochs.csv', 'rows.parquet', 'summary.csv']);
});

it('a run that was stopped, killed or damaged goes on to the same bytes', async () => {
  await run();
  const whole = bytesOf(out);
  const again = `${out}-again`;
  const controller = new AbortController();
  const seen: string[] = [];
  const slow = ({ network, seed }: Task) => {
    seen.push(`${network}${seed}`);
    if (seen.length === 3) controller.abort();
  };
  const stop = { out: again, partSeconds: 0, signal: controller.signal, context: { slow } };
  expect((await run(stop)).manifest).toMatchObject({ state: 'stopped', networks: { done: 3, total: 6 } });
  expect(await findUnfinished(trials, base, spec)).toBe(again);
  appendFileSync(join(again, 'rows', partsOf(again)[1]!), 'x');
  const said: string[] = [];
  const onDamage = (message: string) => said.push(message);
  await run({ out: again, resume: true, onDamage, context: { slow } });
  expect(said).toEqual([expect.stringMatching(/^damaged: .* its networks are measured again\)$/)]);
  expect(seen).toEqual(['b0', 'b1', 'b2', 'b1', 'a0', 'a1', 'a2']);
  expect(bytesOf(again)).toEqual(whole);
  // a table gone bad is made again from the rows, and no task is measured
  appendFileSync(join(again, 'epochs.csv'), 'x');
  await run({ out: again, resume: true, context: { slow } });
  expect([bytesOf(again), seen.length]).toEqual([whole, 7]);
  await expect(run({ out: again, resume: true }, { ...spec, epochs: 5 })).rejects.toThrow(
    `invalid epochs: 5 (allowed: 4, that of the run in ${again})`,
  );
});

it('parts are joined to the run that measured all', async () => {
  await run();
  const shards = ['1/2', '2/2'];
  const folders = shards.map((shard) => `${out}-${shard[0]}`);
  for (const [i, shard] of shards.entries()) await run({ out: folders[i]!, shard });
  const merged = `${out}-merged`;
  const { manifest } = await mergeParts(trials, folders, { out: merged });
  expect(manifest).toMatchObject({ kind: 'trial', state: 'complete', spec, networks: { done: 6, total: 6 } });
  expect(bytesOf(merged)).toEqual(bytesOf(out));
  await expect(mergeParts(trials, [folders[0]!], { out: `${merged}-2` })).rejects.toThrow(
    'missing shards: 2/2',
  );
  await expect(run({ out: `${out}-7`, shard: '1/7' })).rejects.toThrow(
    'invalid shard: 1/7 (allowed: no more parts than the trial has networks, 6)',
  );
});

it('a run of one kind is not read, continued or replaced as another', async () => {
  await run();
  const study = { blocks: ['pointwise' as const], activations: ['relu'], ratios: [1], layers: 1 };
  for (const how of [{ overwrite: true }, { resume: true }, {}])
    await expect(runStudy(study, { out, workers: 0, ...how })).rejects.toThrow(/of kind (study|trial)/);
  expect(await rowsOf(out)).toHaveLength(24);
});

it('a measurement that fails is told, and what was done is kept', async () => {
  const slow = ({ seed }: Task) => {
    if (seed === 2) throw new Error('no gradient');
  };
  await expect(run({ context: { slow } })).rejects.toThrow('no gradient');
  expect(await readRunManifest(trials, out)).toMatchObject({
    state: 'failed',
    networks: { done: 2, total: 6 },
  });
  await run({ resume: true });
  expect(await rowsOf(out)).toHaveLength(24);
});

it('rows that the specification does not tell of are named', async () => {
  const controller = new AbortController();
  const slow = ({ seed }: Task) => seed === 1 && controller.abort();
  await run({ partSeconds: 0, signal: controller.signal, context: { slow } }, { ...spec, epochs: 3 });
  const path = join(out, 'run.json');
  const { writeFileSync } = await import('node:fs');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"epochs": 3', '"epochs": 4'));
  await expect(run({ resume: true })).rejects.toThrow(
    /every network of the trial once and whole; this file breaks it at b with seed 0/,
  );
});
