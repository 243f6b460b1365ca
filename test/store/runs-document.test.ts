import { transform } from 'esbuild';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { executeRun } from '../../src/store/execute-run.js';
import type { RunKind } from '../../src/store/run-kind.js';
import { connect, parquetTable } from '../../src/store/rows/database.js';
import { runStudy, type Run } from '../../src/runs/run-study.js';
import { wholePath } from '../../src/store/rows/row-files.js';
import { rowsOf } from './rows-of.js';

const document = readFileSync(join(__dirname, '../../docs/runs.md'), 'utf8');
const code = (language: string) => new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(document)![1]!;

const before = process.cwd();
const base = mkdtempSync(join(tmpdir(), 'rankscope-document-'));
afterAll(() => {
  process.chdir(before);
  rmSync(base, { recursive: true });
});

const own = 'a "b", c'; // a name that CSV has to quote
let run: Run;
beforeAll(async () => {
  process.chdir(base); // where the document's runs/first is
  const { relu } = (await import('@tensorflow/tfjs-core')) as { relu: (x: unknown) => unknown };
  const study = {
    blocks: ['pointwise' as const],
    activations: ['silu', own],
    ratios: [0.5, 1],
    layers: 3,
    protocol: { channels: '6:12', tolerances: ['numpy', 'torch:rtol=0.01,atol=0.001'] },
  };
  run = await runStudy(study, { out: 'runs/first', workers: 0, activations: { [own]: relu as never } });
});

/** The means at numpy's tolerance, sorted by their keys, as the queries give them. */
const expected = () =>
  run.summary
    .filter(({ tolerance }) => tolerance === 'numpy')
    .map((row) => [row.block, row.activation, row.dimensionRatio, row.rankRatioMean] as const)
    .sort((a, b) => (a.slice(0, 3).join() < b.slice(0, 3).join() ? -1 : 1));

function expectMeans(rows: readonly (readonly unknown[])[]): void {
  expect(rows.map((row) => row.slice(0, 3))).toEqual(expected().map((row) => row.slice(0, 3)));
  rows.forEach((row, i) => expect(row[3]).toBeCloseTo(expected()[i]![3], 12));
}

it('the DuckDB query of the document gives the means of the summary', async () => {
  const connection = await connect();
  const statements = code('sql')
    .split(';')
    .filter((text) => text.trim() !== '');
  for (const statement of statements.slice(0, -1)) await connection.run(statement);
  expectMeans((await connection.runAndReadAll(statements.at(-1)!)).getRows());
  expect((await connection.runAndReadAll('SELECT count(*)::INTEGER FROM ranks')).getRows()).toEqual([[24]]);
  connection.closeSync();
});

const python = process.env.PYTHON ?? '/usr/bin/python3';
const pandas = spawnSync(python, ['-c', 'import pandas'], { encoding: 'utf8' });
const lacking = pandas.status === 0 ? '' : ` (skipped: ${python} has no pandas)`;

it.skipIf(lacking !== '')(`the pandas query of the document gives the means of the summary${lacking}`, () => {
  const json = code('py').replace(
    'print(means.to_csv())',
    'print(means.reset_index().to_json(orient="values", double_precision=15))',
  );
  expect(json).toContain('to_json');
  expectMeans(JSON.parse(execFileSync(python, ['-c', json], { encoding: 'utf8' })) as unknown[][]);
});

it('ranks.csv has every rank of the rows, in their order', async () => {
  const connection = await connect();
  const table = await connection.runAndReadAll(`SELECT * FROM 'runs/first/ranks.csv'`); // eslint-disable-line no-restricted-syntax
  const lines = table.getRowObjectsJS();
  connection.closeSync();
  const ranks = (await rowsOf('runs/first')).flatMap(({ ranks, ...row }) =>
    ranks.map((rank) => ({ row, rank })),
  );
  expect(lines).toHaveLength(ranks.length);
  lines.forEach((line, i) => {
    const { row, rank } = ranks[i]!;
    expect(line).toMatchObject({ block: row.block, activation: row.activation, tolerance: rank.tolerance });
    expect(line).toMatchObject({ threshold: rank.absolute, certified: rank.certified });
    expect([line.layer, line.rank, line.lower, line.upper].map(Number)).toEqual([
      ...[row.layer, rank.rank, rank.lower, rank.upper],
    ]);
    expect(line.rank_ratio).toBe(rank.rank / row.channels);
  });
});

it('the document names every file and column', async () => {
  const connection = await connect();
  const described = await connection.runAndReadAll(
    `DESCRIBE SELECT * FROM ${parquetTable([wholePath('runs/first')])}`,
  );
  connection.closeSync();
  const header = readFileSync('runs/first/ranks.csv', 'utf8').split('\n')[0]!.split(',');
  for (const name of [...described.getRows().map(([column]) => column), ...header, 'run.json', 'summary.csv'])
    expect(document).toContain(`\`${String(name)}\``);
});

it('the kind of run of the document is executed', async () => {
  const dist = pathToFileURL(join(__dirname, '../../dist/')).href;
  const source = code('ts').replaceAll("'../", `'${dist}`);
  const { code: script } = await transform(source, { loader: 'ts' });
  writeFileSync('training.mjs', script);
  const { trainingRun } = (await import(pathToFileURL(resolve('training.mjs')).href)) as {
    trainingRun: RunKind;
  };
  const context = { train: () => ({ epoch: () => 0.5 }) };
  const spec = { networks: ['a', 'b'], epochs: 3 };
  const { manifest, summary } = await executeRun(trainingRun, spec, { out: 'runs/trained', context });
  expect(manifest).toMatchObject({ kind: 'training', state: 'complete', networks: { done: 2, total: 2 } });
  expect(summary).toEqual(['a', 'b'].map((network) => ({ network, epoch: 2, loss: 0.5 })));
});
