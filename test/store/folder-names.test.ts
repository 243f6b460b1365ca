import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, parquetTable, quote } from '../../src/store/rows/database.js';
import { mergeRuns } from '../../src/runs/merge-runs.js';
import { recountRun } from '../../src/runs/recount-run.js';
import { runStudy, type RunOptions } from '../../src/runs/run-study.js';
import type { StudyInput } from '../../src/study/study.js';
import { rowsOf } from './rows-of.js';

// relative paths, as a command line gives them: DuckDB has more meanings for their first characters
const before = process.cwd();
const base = mkdtempSync(join(tmpdir(), 'rankscope-names-'));
beforeAll(() => process.chdir(base));
afterAll(() => {
  process.chdir(before);
  rmSync(base, { recursive: true });
});

it('opens exactly the named files, in their order, whatever their folders are called', async () => {
  const names = [
    ...[
      'exp1',
      'exp[1]',
      'exp?',
      'exp*',
      'exp',
      '*',
      '**',
      '?',
      '[',
      ']',
      '[]',
      '[[]',
      'a[!y]b',
      'a[^y]b',
      'axb',
    ],
    ...[
      'block=conv3x3',
      'path=x',
      'path=x/seed=1',
      '{uuid}',
      '{i}',
      '{a,b}',
      'a,b',
      "it's",
      'a"b',
      'a;b--',
      '%41',
    ],
    ...[
      '~',
      '~x',
      's3:',
      'http:',
      'file:',
      'file:/x',
      'md:',
      'sqlite:',
      ':memory:',
      '-x',
      '.x',
      ' ',
      'ünï漢😀',
    ],
    ...['x\\1', 'x\\[1]', 'x\\*\\y', 'a\nb', 'a\tb', '#', '&', '$HOME', 'deep/'.repeat(100) + '[1]'],
  ].filter((name) => process.platform !== 'win32' || !/[*?"|<>:\\\n\t]|^ $/.test(name));
  const connection = await connect();
  const paths = names.map((name) => join(name, 'rows.parquet'));
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true });
    const to = quote(resolve(path));
    await connection.run(`COPY (SELECT ${quote(path)} AS path) TO ${to} (FORMAT parquet)`);
  }
  const read = async (some: readonly string[], options = {}) =>
    (await connection.runAndReadAll(`SELECT * FROM ${parquetTable(some, options)}`)).getRows();
  for (const path of paths) {
    expect(await read([path])).toEqual([[path]]);
    expect(await read([resolve(path)], { filename: true })).toEqual([[path, resolve(path)]]);
  }
  expect(await read(paths)).toEqual(paths.map((path) => [path]));
  await expect(read([join('exp2', 'rows.parquet')])).rejects.toThrow('No files found');

  // a backslash in a name parts folders in a pattern: what only the pattern finds is refused
  if (process.platform !== 'win32') {
    mkdirSync('y/[1', { recursive: true });
    mkdirSync('y\\[1');
    for (const path of ['y/[1', 'y\\[1']) {
      const to = quote(resolve(path, 'rows.parquet'));
      await connection.run(`COPY (SELECT ${quote(path)} AS path) TO ${to} (FORMAT parquet)`);
    }
    await expect(read([join('y\\[1', 'rows.parquet')])).resolves.toEqual([['y\\[1']]);
    mkdirSync('y/1');
    rmSync('y/[1', { recursive: true });
    await connection.run(
      `COPY (SELECT 'y/1' AS path) TO ${quote(resolve('y/1/rows.parquet'))} (FORMAT parquet)`,
    );
    mkdirSync('y\\[1]');
    await connection.run(
      `COPY (SELECT 'y' AS path) TO ${quote(resolve('y\\[1]/rows.parquet'))} (FORMAT parquet)`,
    );
    await expect(read(['y\\[1]/rows.parquet'])).rejects.toThrow(
      /another file of that pattern: .*y.1.rows.parquet/,
    );
  }
  connection.closeSync();
});

const study: StudyInput = {
  blocks: ['pointwise'],
  activations: ['relu', 'silu'],
  ratios: [0.5, 1],
  layers: 2,
  seed: 5,
  spectra: true,
  protocol: { channels: '6:12' },
};
const run = (out: string, options: Partial<RunOptions> = {}, given = study) =>
  runStudy(given, { out, workers: 0, partSeconds: 0, ...options });

/** All that a run says: rows, summary, and both once more at another tolerance. */
async function resultsOf(folder: string): Promise<unknown[]> {
  const again = await recountRun(folder, ['relative:0.1'], { out: 'again', overwrite: true });
  const summary = readFileSync(join(folder, 'summary.csv'), 'utf8');
  return [await rowsOf(folder), summary, await rowsOf(again.folder), again.summary];
}

const stopped = (layers = 4): Partial<RunOptions> => {
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }) => void (done >= layers && controller.abort());
  return { signal: controller.signal, onProgress };
};

it('measures, continues, recounts and merges in such folders what it does elsewhere', async () => {
  mkdirSync('runs');
  process.chdir('runs');
  await run('plain');
  const expected = await resultsOf('plain');
  // runs of another seed, stopped and complete, that names below match as patterns
  const other = { ...study, seed: 9 };
  await run('run1', stopped(), other);
  await run('part1', { shard: '1/2' }, other);

  const folders = ['activation=all/seed=1', 'run[1]', ...(process.platform === 'win32' ? [] : ['s3:'])];
  for (const out of folders) {
    await run(out, stopped());
    const { manifest } = await run(out, { resume: true });
    expect(manifest).toMatchObject({ state: 'complete', layers: { done: 8, total: 8 } });
    expect(await resultsOf(out)).toEqual(expected);
  }
  await run('part[1]', { shard: '1/2' });
  await run('layer=7', { shard: '2/2' });
  await mergeRuns(['layer=7', 'part[1]'], { out: 'channels=64/[a]' });
  expect(await resultsOf('channels=64/[a]')).toEqual(expected);
});
