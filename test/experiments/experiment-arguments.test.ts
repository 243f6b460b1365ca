import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { experimentArguments, type ExperimentArguments } from '../../experiments/experiment-arguments';
import { gallery } from '../../experiments/gallery';

const root = join(__dirname, '..', '..');
const folder = join(root, 'experiments');

/** The scripts that measure or draw. Scripts that only print, or redraw kept figures, are left out. */
const scripts = readdirSync(folder)
  .filter((name) => readFileSync(join(folder, name), 'utf8').includes('\nvoid main('))
  .filter((name) => !['ordering.ts', 'draw-gallery.ts'].includes(name));

/** Starts a script as far as its first question, which is what it may be asked for, and returns that. */
async function asksFor(script: string): Promise<ExperimentArguments> {
  const asked: ExperimentArguments[] = [];
  vi.resetModules();
  vi.doMock('../../experiments/experiment-arguments', () => ({
    experimentArguments: (given: ExperimentArguments) => {
      asked.push(given);
      throw new Error('asked');
    },
  }));
  await expect(import(`../../experiments/${script.replace(/\.ts$/, '')}.ts`)).rejects.toThrow('asked');
  vi.doUnmock('../../experiments/experiment-arguments');
  return asked[0]!;
}

describe.each(scripts)('experiments/%s', (script) => {
  it('replaces what is kept only at its full size, or when told', async () => {
    const given = await asksFor(script);
    const out = (...args: string[]) => experimentArguments(given, args).out;
    const kept = `figures/${given.name}`;
    expect(readdirSync(join(root, kept)).length).toBeGreaterThan(0);
    for (const [flag, full] of Object.entries(given.full ?? {})) {
      for (const size of [1, full - 1, full + 1]) expect(out(`--${flag}`, String(size))).toMatch(/^runs\//);
      expect(out(`--${flag}`, '1', '--out', kept)).toBe(kept);
    }
    // as the gallery says that the kept figures are made
    for (const { command, figure } of gallery) {
      if (!command.includes(script) || command.startsWith('PANELS')) continue;
      const [, words = ''] = command.split(script);
      const [own] = figure.split('/');
      expect(out(...words.trim().split(' ').filter(Boolean)), command).toBe(`figures/${own}`);
    }
    // as the README and a newcomer would start it
    expect(out()).toBe(
      given.usual ? `runs/${given.name}-${given.usual.layers}` : given.isFull ? `runs/${given.name}` : kept,
    );
  });

  it('names no folder of figures itself', () => {
    const code = readFileSync(join(folder, script), 'utf8').replace(/^ ?\*.*$|^\/\*\*.*$/gm, '');
    const named = code.split('\n').filter((line) => line.includes('figures/'));
    // two read there, the third asks whether it writes there
    const allowed = [
      "const KEPT = 'figures/figure-1-protocol';",
      "const MEASURED = 'figures/figure-1';",
      "  if (isFull && out === 'figures/claims') await writeTables();",
    ];
    expect(named.filter((line) => !allowed.includes(line))).toEqual([]);
  });
});

describe('experimentArguments', () => {
  const given = { name: 'some', full: { layers: 40, seeds: 3 } };
  it('takes sizes by flag, the first also without', () => {
    expect(experimentArguments(given, ['5'])).toMatchObject({
      sizes: { layers: 5, seeds: 3 },
      out: 'runs/some-5-3',
    });
    expect(experimentArguments(given, ['--seeds', '2']).out).toBe('runs/some-40-2');
    expect(experimentArguments(given, ['40', '--seeds', '3'])).toMatchObject({
      isFull: true,
      out: 'figures/some',
    });
  });

  it('counts texts that decide what is measured', () => {
    const choosing = { ...given, choices: { like: 'cifar:8-12' } };
    expect(experimentArguments(choosing, [])).toMatchObject({
      ...{ texts: { like: 'cifar:8-12' }, isFull: true, out: 'figures/some' },
    });
    expect(experimentArguments(choosing, ['--like', 'cifar:9-9'])).toMatchObject({
      ...{ texts: { like: 'cifar:9-9' }, isFull: false, out: 'runs/some-40-3-cifar-9-9' },
    });
  });

  it.each([['--layers', '0'], ['many'], ['--layers', '1.5'], ['--full'], ['--layer', '3']])(
    'refuses %j',
    (...args) => {
      expect(() => experimentArguments(given, args)).toThrow();
    },
  );
});

it('figure-1.ts, as the README prints it, leaves the kept figure alone', { timeout: 120_000 }, () => {
  const here = mkdtempSync(join(tmpdir(), 'rankscope-experiment-'));
  const kept = join(here, 'figures', 'figure-1');
  cpSync(join(root, 'figures', 'figure-1'), kept, { recursive: true });
  const contents = () => readdirSync(kept).map((name) => readFileSync(join(kept, name), 'base64'));
  const before = contents();
  try {
    const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    const args = [tsx, join(folder, 'figure-1.ts'), '--layers', '1'];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: here, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(contents()).toEqual(before);
    expect(readdirSync(join(here, 'runs', 'figure-1-1'))).toEqual(
      expect.arrayContaining(['curve.png', 'run.json']),
    );
  } finally {
    rmSync(here, { recursive: true });
  }
});
