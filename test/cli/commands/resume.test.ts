import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitOf, expectSame, manifestOf, pause, small, tiny } from './interrupted.js';
import { rowsOf } from '../../store/rows-of.js';
import { rankscope, startRankscope } from '../rankscope.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-resume-'));
afterAll(() => rmSync(base, { recursive: true }));

describe('two processes on one folder', () => {
  const long = small(100_000);

  it('are prevented, and what the first leaves when it is killed is in nobody’s way', async () => {
    const out = join(base, 'locked');
    const first = startRankscope([...long, '--out', out]);
    const parts = () => (existsSync(join(out, 'rows')) ? readdirSync(join(out, 'rows')) : []);
    while (!parts().some((name) => /^part-000000\.\w+\.parquet$/.test(name))) await pause(20);
    for (const flag of ['--resume', '--overwrite']) {
      const { stderr, status } = rankscope([...long, flag, '--out', out]);
      expect({ stderr, status }).toEqual({
        stderr: `rankscope: invalid output folder: ${out} (allowed: a folder that no other run uses; process ${first.pid} uses this one)\n`,
        status: 1,
      });
    }
    first.kill('SIGKILL');
    await exitOf(first);
    expect(existsSync(join(out, 'run.lock'))).toBe(true);
    const second = startRankscope([...long, '--resume', '--out', out]);
    while (manifestOf(out).times.resumed !== 1) await pause(20);
    second.kill('SIGINT');
    expect(await exitOf(second)).toBe(130);
    expect(manifestOf(out).state).toBe('stopped');
    expect(existsSync(join(out, 'run.lock'))).toBe(false);
  });
});

describe('a full disk', () => {
  const disk = join(base, 'disk');
  const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'ignore' });
  let mounted = false;
  try {
    mkdirSync(disk);
    mount('-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk);
    mounted = true;
  } catch {
    // not root, or no tmpfs on this system
  }
  afterAll(() => {
    if (mounted) execFileSync('umount', [disk]);
  });

  it.skipIf(!mounted)(
    'fails with one line, keeps what was written, and goes on when there is room',
    async () => {
      const large = [...small(100), '--spectra'];
      const reference = join(base, 'roomy');
      expect(rankscope([...large, '--out', reference]).status).toBe(0);
      const out = join(disk, 'run');
      const { stderr, status } = rankscope([...large, '--out', out]);
      const line = stderr.trim().split('\n').at(-1)!; // after what shows the progress
      expect(line).toMatch(
        /^rankscope: cannot write: \S+ \(no space left\) \(\d+ of 800 layers are kept in \S+: --resume continues\)$/,
      );
      expect(status).toBe(1);
      const manifest = manifestOf(out);
      expect(manifest.state).toBe('failed');
      expect(line).toContain(`rankscope: ${manifest.error} (`);
      expect(manifest.layers.done).toBeGreaterThan(0);
      expect(await rowsOf(out)).toHaveLength(manifest.layers.done);
      mount('-o', 'remount,size=16m', disk);
      const resumed = rankscope([...large, '--resume', '--out', out]);
      // a slow machine also gets a line of progress
      expect(resumed).toMatchObject({ status: 0, stderr: expect.not.stringContaining('rankscope') });
      await expectSame(out, reference);
    },
  );
});

describe('--resume', () => {
  const out = join(base, 'complete');
  beforeAll(() => expect(rankscope([...tiny, '--out', out]).status).toBe(0));

  it('says of a complete run that it is, and draws what is missing', () => {
    const before = readFileSync(join(out, 'curve.svg'), 'utf8');
    const manifest = readFileSync(join(out, 'run.json'), 'utf8');
    rmSync(join(out, 'curve.svg'));
    const { stdout, stderr, status } = rankscope([...tiny, '--resume', '--out', out]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^pointwise\n[^]*\ncomplete: 4 of 4 layers in /);
    expect(readFileSync(join(out, 'curve.svg'), 'utf8')).toBe(before);
    expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe(manifest);
  });

  it.each([
    ['another seed', ['--seed', '1'], `invalid seed: 1 (allowed: 0, that of the run in OUT)`],
    ['another protocol', ['--bias', 'none'], `invalid bias: none (allowed: pytorch, that of the run in OUT)`],
    ['another shard', ['--shard', '1/2'], `invalid shard: 1/2 (allowed: 1/1, that of the run in OUT)`],
    [
      'another backend',
      ['--backend', 'cpu'],
      `invalid backend: cpu 4.22.0 (allowed: BACKEND 4.22.0, that of the run in OUT: --backend BACKEND)`,
    ],
  ])('refuses %s in one line', (_, flags, message) => {
    const { stderr, stdout, status } = rankscope([...tiny, ...flags, '--resume', '--out', out]);
    const expected = message.replaceAll('OUT', out).replaceAll('BACKEND', manifestOf(out).backend!.name);
    expect({ stderr, stdout, status }).toEqual({ stderr: `rankscope: ${expected}\n`, stdout: '', status: 1 });
  });

  it('begins a run where there is none, and says so', () => {
    const fresh = join(base, 'fresh');
    const { stderr, status } = rankscope([...tiny, '--resume', '--out', fresh]);
    expect({ stderr, status }).toEqual({
      stderr: `rankscope: no run in ${fresh} to resume: a new one begins\n`,
      status: 0,
    });
  });

  it('finds the newest unfinished run of the study, or says that there is none', () => {
    const cwd = join(base, 'home');
    mkdirSync(cwd);
    const args = [...tiny, '--resume'];
    expect(rankscope(args, { cwd }).stderr).toBe(
      'rankscope: missing unfinished run: runs (none of its runs is of this study; without --resume a new one begins, and --out names another folder)\n',
    );
    for (const name of ['first', 'second']) cpSync(out, join(cwd, 'runs', name), { recursive: true });
    expect(rankscope(args, { cwd }).stderr).toMatch(
      /^rankscope: missing unfinished run: runs \(runs\/\w+ is of this study and complete\)\n$/,
    );
    expect(rankscope([...tiny, '--out', 'runs/third', '--seed', '5'], { cwd }).status).toBe(0);
    interrupt(join(cwd, 'runs', 'second'));
    interrupt(join(cwd, 'runs', 'third')); // of another study
    const { stdout, status } = rankscope(args, { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain('\nrun      runs/second\n');
    expect(stdout).toContain(', resumed once)');
    expect(manifestOf(join(cwd, 'runs', 'second')).state).toBe('complete');
  });

  /** Makes of a complete run one that was killed just before its last step. */
  function interrupt(folder: string): void {
    const path = join(folder, 'run.json');
    execFileSync('sed', ['-i.bak', 's/"state": "complete"/"state": "running"/', path]);
    rmSync(`${path}.bak`);
  }
});
