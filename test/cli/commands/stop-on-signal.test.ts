import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../../src/files/csv.js';
import { readFeaturesRun } from '../../../src/runs/features-run.js';
import { writeNpy } from '../../../src/files/npy.js';
import { mergeRuns } from '../../../src/runs/merge-runs.js';
import { runStudy } from '../../../src/runs/run-study.js';
import { exitOf, manifestOf, pause } from './interrupted.js';
import { startRankscope } from '../rankscope.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-signal-'));
afterAll(() => rmSync(base, { recursive: true }));

/** Waits until a program listens for SIGHUP, which nothing in Node does, and has been at work for a while. */
async function listening(program: ChildProcess): Promise<void> {
  if (process.platform !== 'linux') return void (await pause(4000));
  const caught = () => {
    const status = readFileSync(`/proc/${program.pid}/status`, 'utf8');
    return parseInt(/SigCgt:\s*([0-9a-f]+)/.exec(status)![1]!.slice(-1), 16) & 1;
  };
  while (program.exitCode === null && !caught()) await pause(10);
  await pause(1000);
}

/** Starts a program, sends it a signal when it is at work, and returns how it ended. */
async function stopped(args: readonly string[], signal: NodeJS.Signals, atWork = listening) {
  const program = startRankscope(args);
  const output = Promise.all([text(program.stdout!), text(program.stderr!)]);
  await atWork(program);
  program.kill(signal);
  const code = await exitOf(program);
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

const recordOf = (folder: string) =>
  manifestOf(folder) as unknown as Record<'kind' | 'state', string> & { settings: object };

const isPart = (name: string) => /^part-000000\.[0-9a-f]{64}\.parquet$/.test(name);

describe('a long command that is told to stop', () => {
  it('`curve` keeps its layers, and says by its exit code which signal it was', async () => {
    const long = [
      ...['curve', '--blocks', 'pointwise', '--activations', 'relu', '--ratios', '1', '--layers', '100000'],
      ...['--channels', '6:12', '--workers', '0', '--part-seconds', '0.2', '--formats', 'svg'],
    ];
    const ends = (['SIGTERM', 'SIGHUP'] as const).map(async (signal) => {
      const out = join(base, signal);
      const { code, stderr, stdout } = await stopped([...long, '--out', out], signal, async () => {
        while (!existsSync(join(out, 'rows')) || !readdirSync(join(out, 'rows')).some(isPart))
          await pause(20);
      });
      expect({ code, stderr }).toEqual({
        code: signal === 'SIGTERM' ? 143 : 129,
        stderr: '\nstopping: the current layers are finished and kept (again to quit at once)\n',
      });
      expect(stdout).toMatch(/\nstopped: \d+ of 100000 layers/);
      const { state, layers } = manifestOf(out);
      expect(state).toBe('stopped');
      expect(layers.done).toBeGreaterThan(0);
    });
    await Promise.all(ends);
  });

  it('`latency` keeps its rounds', async () => {
    const out = join(base, 'latency');
    const { code, stdout } = await stopped(
      ['latency', 'cifar:8-8', '--runs', '1000000', '--out', out],
      'SIGINT',
    );
    expect(code).toBe(130);
    const { runs, networks } = JSON.parse(readFileSync(join(out, 'latency.json'), 'utf8')) as {
      runs: number;
      networks: { samples: number[] }[];
    };
    expect(stdout).toContain(`ms: median of ${runs} runs`);
    expect(networks[0]!.samples).toHaveLength(runs);
    expect(recordOf(out)).toMatchObject({ kind: 'latency', state: 'stopped', settings: { runs: 1000000 } });
  });

  it('`network --rank` keeps the networks that are done', async () => {
    const out = join(base, 'depth');
    const names = Array.from({ length: 400 }, (_, i) => `cifar:8-${i + 8}`);
    const args = ['network', ...names, '--rank', '--images', '4', '--csv', '--formats', 'svg', '--out', out];
    const { code, stdout } = await stopped(args, 'SIGHUP');
    expect(code).toBe(129);
    expect(readFileSync(join(out, 'rows.csv'), 'utf8')).toBe(stdout);
    const [, ...rows] = parseCsv(stdout);
    const done = names.filter((name) => rows.some(([network]) => network === name));
    expect(done).toEqual(names.slice(0, done.length));
    expect(done.length).toBeLessThan(names.length);
    for (const name of done)
      expect(rows.filter(([network]) => network === name)).toHaveLength(rows.length / done.length);
    expect(recordOf(out)).toMatchObject({ kind: 'depth', state: 'stopped' });
  });

  it('`model --inputs` measures and keeps the inputs that have run, and says that the rest cannot be resumed', async () => {
    const [out, images] = [join(base, 'features'), join(base, 'images.npy')];
    const count = 60_000;
    writeFileSync(
      images,
      writeNpy({ shape: [count, 3, 8, 8], data: new Float32Array(count * 192).fill(0.5) }),
    );
    const args = ['model', join(__dirname, '../../features/fixtures/net.onnx'), '--inputs', images];
    const flags = ['--batch', '1', '--baseline', 'none', '--formats', 'svg', '--out', out];
    const { code, stdout, stderr } = await stopped([...args, ...flags], 'SIGINT', async () => {
      while (!existsSync(join(out, 'run.lock'))) await pause(20);
      await pause(1500);
    });
    expect(stderr).toContain(
      '\nstopping: the inputs so far are measured and kept; for the others --overwrite runs the model again',
    );
    expect(code).toBe(130);
    const { state, inputs } = manifestOf(out) as unknown as { state: string; inputs: Record<string, number> };
    expect([state, inputs.total]).toEqual(['stopped', count]);
    expect(inputs.done).toBeGreaterThan(0);
    expect(inputs.done).toBeLessThan(count);
    expect(stdout).toContain(`Stopped after ${inputs.done} of ${count} inputs.`);
    const { features } = await readFeaturesRun(out);
    expect(features.map(({ columns }) => columns)).toContain(inputs.done! * 64);
  });

  it('`design --sample`, which keeps nothing, ends at once', async () => {
    const args = ['design', '--sample', '100000', '--blocks', '12', '--params', '0.2M', '--macs', '30M'];
    const program = startRankscope(args);
    await pause(1500);
    program.kill('SIGTERM');
    await exitOf(program);
    // what a shell calls 143
    expect(program.signalCode).toBe('SIGTERM');
  });

  it('a merge leaves the parts and says that it was stopped', async () => {
    const study = {
      blocks: ['pointwise' as const],
      ratios: [0.5, 1],
      layers: 2,
      protocol: { channels: '6:12' },
    };
    const parts = [1, 2].map((part) => join(base, `part-${part}`));
    for (const [i, out] of parts.entries()) await runStudy(study, { out, shard: `${i + 1}/2`, workers: 0 });
    const out = join(base, 'merged');
    const controller = new AbortController();
    const merging = mergeRuns(parts, { out, signal: controller.signal });
    void (async () => {
      for (let begun = false; !begun; await pause(1)) {
        try {
          begun = manifestOf(out).state === 'running';
        } catch {
          continue; // not there yet
        }
      }
      controller.abort();
    })();
    await expect(merging).rejects.toThrow(/aborted/);
    expect(manifestOf(out)).toMatchObject({ state: 'stopped', error: null });
    await mergeRuns(parts, { out, overwrite: true });
    expect(manifestOf(out).state).toBe('complete');
  });
});
