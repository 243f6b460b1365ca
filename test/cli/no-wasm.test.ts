import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/runs/study-run.js';
import { rowsOf } from '../store/rows-of.js';
import { rankscope } from './rankscope.js';

const features = join(__dirname, '../files/fixtures/features.npy');
const folder = mkdtempSync(join(tmpdir(), 'rankscope-no-wasm-'));
afterAll(() => rmSync(folder, { recursive: true }));

const preload = `--import ${pathToFileURL(join(__dirname, 'no-wasm.mjs')).href}`;
const places = [
  // what is missing, the options of Node that bring it about, what is said
  ['WebAssembly compiles nothing', preload, 'CompileError: forbidden here'],
  ['there is no WebAssembly', '--jitless', 'ReferenceError: WebAssembly is not defined'],
] as const;

describe.each(places)('where %s', (_, options, reason) => {
  const env = { ...process.env, NODE_OPTIONS: options };
  const run = (...args: string[]) => {
    const { stderr, ...rest } = rankscope(args, { env });
    // what Node itself says of its options
    return { ...rest, stderr: stderr.replace(/^Warning: disabling flag .*\n/gm, '') };
  };

  it('`rank` counts with ml-matrix, and says so', () => {
    const { stdout, stderr, status } = run('rank', features, '--json');
    expect({ stderr, status }).toEqual({
      stderr: `rankscope: WebAssembly does not start here (${reason}): the ml-matrix engine was used, which proves no rank\n`,
      status: 0,
    });
    const [{ rank, lower, upper }] = (JSON.parse(rankscope(['rank', features, '--json']).stdout) as Report)
      .ranks;
    expect(JSON.parse(stdout)).toMatchObject({
      engine: 'ml-matrix',
      ranks: [{ certified: false, rank, lower, upper }],
    });
    expect(run('rank', features, '--engine', 'ml-matrix').stderr).toBe('');
  });

  it('`curve` measures the same ranks, with plain JavaScript throughout', async () => {
    const study = '--blocks pointwise --activations linear,relu --ratios 0.25,1 --layers 2 --channels 8:16';
    const [here, there] = [join(folder, `${reason}-without`), join(folder, `${reason}-with`)];
    const curve = ['curve', ...study.split(' '), '--formats', 'svg', '--out'];
    const { stdout, stderr, status } = run(...curve, here);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toContain(`WebAssembly does not start here (${reason}): the ml-matrix engine was used`);
    expect(JSON.parse(readFileSync(join(here, 'run.json'), 'utf8'))).toMatchObject({
      backend: { name: 'cpu' },
      engine: 'ml-matrix',
      state: 'complete',
    } satisfies Pick<Manifest, 'engine' | 'state'> & { backend: object });
    rankscope([...curve, there]);
    const ranksIn = async (run: string) =>
      (await rowsOf(run)).map((row) => row.ranks.map(({ rank }) => rank));
    expect(await ranksIn(here)).toEqual(await ranksIn(there));
  });

  it('`network --rank`, which adds features up in pieces, says that it cannot', () => {
    const { stdout, stderr, status } = run('network', 'cifar:8-8', '--rank', '--images', '2');
    const why = reason.replace(/^\w+: /, '');
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: `rankscope: features in pieces need WebAssembly, which does not start: ${why}\n`,
      status: 1,
    });
  });

  it.each(['rank', 'curve'])('`%s --engine wasm` is refused in one line', (command) => {
    const args = command === 'rank' ? [features] : ['--layers', '1', '--out', join(folder, 'refused')];
    const { stdout, stderr, status } = run(command, ...args, '--engine', 'wasm');
    const message = reason.replace(/^\w+: /, '');
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: `rankscope: engine wasm does not start: ${message}\n`,
      status: 1,
    });
  });

  it('`--backend wasm` is refused in one line', () => {
    const { stdout, stderr, status } = run(
      'curve',
      '--layers',
      '1',
      '--out',
      join(folder, 'refused'),
      '--backend',
      'wasm',
    );
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toMatch(/^rankscope: backend wasm does not start: [^\n]+\n$/);
  });
});

interface Report {
  readonly ranks: [{ rank: number; lower: number; upper: number }];
}
