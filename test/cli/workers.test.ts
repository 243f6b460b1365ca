import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStudy } from '../../src/runs/run-study.js';
import { expectSame, manifestOf } from './commands/interrupted.js';
import { rankscope } from './rankscope.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-workers-'));
afterAll(() => rmSync(base, { recursive: true }));

const curve = (activations: string, ...flags: string[]) => [
  ...['curve', '--blocks', 'pointwise', '--activations', activations, '--ratios', '0.5,1', '--layers', '8'],
  ...['--channels', '6:12', '--formats', 'svg', '--part-seconds', '0', ...flags],
];

describe.skipIf(process.platform === 'win32')('too few file handles', () => {
  it('are said before anything is measured or made', () => {
    const out = join(base, 'handles');
    const program = join(__dirname, '../../dist/cli/main.js');
    const words = [process.execPath, program, ...curve('relu', '--out', out)];
    const command = `ulimit -n 120; exec "$@"`;
    const { status, stderr } = spawnSync('sh', ['-c', command, 'sh', ...words], { encoding: 'utf8' });
    expect(stderr).toMatch(
      /^rankscope: invalid number of files that can be open: \d+ \(allowed: at least 128; raise the limit, as with ulimit -n 256\)\n$/,
    );
    expect(status).toBe(1);
    expect(existsSync(out)).toBe(false);
  });
});

describe('worker threads', () => {
  const reference = join(base, 'reference');
  beforeAll(async () => {
    const protocol = { channels: '6:12' };
    const study = {
      blocks: ['pointwise' as const],
      activations: ['relu', 'silu'],
      ratios: [0.5, 1],
      layers: 8,
      protocol,
    };
    await runStudy(study, { out: reference, workers: 0 });
  });

  it('that cannot start WebAssembly leave their layers to the main thread, which says so once', async () => {
    const out = join(base, 'no-wasm');
    const preload = `--import ${pathToFileURL(join(__dirname, 'no-wasm-in-workers.mjs')).href}`;
    const env = { ...process.env, NODE_OPTIONS: preload };
    const { status, stderr } = rankscope(curve('relu,silu', '--workers', '2', '--out', out), { env });
    const problem = 'backend wasm does not start: forbidden here';
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `rankscope: the layers are measured without worker threads: in one, ${problem}\n`,
    });
    await expectSame(out, reference);
    expect(manifestOf(out).backend).toEqual(manifestOf(reference).backend);
  });

  it('that end are named, and the run can be continued', async () => {
    const [out, module] = [join(base, 'ended'), join(base, 'ends.mjs')];
    const ends = (count: string) => `
      import { isMainThread } from 'node:worker_threads';
      let calls = 0;
      export function mine(x) {
        if (!isMainThread && calls++ >= ${count}) process.exit(3);
        return x;
      }`;
    const args = curve('mine', '--activation-module', module, '--out', out, '--workers', '1');
    writeFileSync(module, ends('3'));
    const { status, stderr } = rankscope(args);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `rankscope: a worker thread has ended: worker exited with code: 3 (3 of 16 layers are kept in ${out}: --resume continues)\n`,
    });
    expect(manifestOf(out)).toMatchObject({ state: 'failed', layers: { done: 3, total: 16 } });
    expect(rankscope([...args.slice(0, -1), '0', '--resume']).status).toBe(0);
    expect(manifestOf(out)).toMatchObject({ state: 'complete', layers: { done: 16, total: 16 } });
  });

  it('are never more than there are layers', () => {
    const out = join(base, 'few');
    const args = curve('relu', '--out', out, '--workers', '4').map((word) => (word === '0.5,1' ? '1' : word));
    const { status, stdout } = rankscope(args.map((word) => (word === '8' ? '1' : word)));
    expect(status).toBe(0);
    expect(stdout).toContain('(1 worker, ');
    expect(manifestOf(out).workers).toBe(1);
  });
});
