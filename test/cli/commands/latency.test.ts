import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../../src/files/csv.js';
import { networkCosts } from '../../../src/networks/network-costs.js';
import { networkNamed } from '../../../src/networks/network-named.js';
import { rankscope, rankscopeInTurn } from '../rankscope.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const few = ['--runs', '2', '--warm-up', '0', '--backend', 'wasm'];

describe('rankscope latency', () => {
  it('prints the table and draws the figure of what has a published accuracy', () => {
    const out = join(folder, 'run');
    const args = ['latency', 'rexnet-0.9', 'cifar:10-20', ...few, '--out', out, '--formats', 'svg'];
    const { stdout, stderr, status } = rankscope(args);
    // where the machine is slow a line of progress is there
    expect(stderr.replace(/^.* runs, .* left\n/gm, '')).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^network .*\nrexnet-0\.9 +224 +77\.2 +348 .*\ncifar:10-20 +32 +- +3\.2 .*\n\n/);
    expect(stdout).toContain('ms: median of 2 runs of one image, wasm backend, ');
    expect(stdout).toContain(`\nrun      ${out}\nfigure   ${join(out, 'latency.svg')}\n`);
    for (const line of stdout.split('\n').filter((line) => !line.includes(out)))
      expect(line.length).toBeLessThanOrEqual(80);
    expect(readdirSync(out).sort()).toEqual([
      'latency.csv',
      'latency.json',
      'latency.svg',
      'latency.vl.json',
      'run.json',
    ]);
    expect(parseCsv(readFileSync(join(out, 'latency.csv'), 'utf8')).map((row) => row[0])).toEqual([
      'label',
      'ReXNet x0.9',
    ]);
    const kept = JSON.parse(readFileSync(join(out, 'latency.json'), 'utf8')) as { networks: object[] };
    expect(kept).toMatchObject({ batch: 1, runs: 2, warmUp: 0, backend: { name: 'wasm' } });
    expect(kept.networks).toMatchObject([
      { name: 'rexnet-0.9', published: { top1: 77.2, cpuMs: 45 } },
      { name: 'cifar:10-20', published: null },
    ]);
  });

  it('prints one JSON object with every run, and CSV, and writes nothing', () => {
    const args = ['latency', 'cifar:10-20', 'cifar:10-30', ...few, '--batch', '3', '--resolution', '16'];
    const json = rankscope([...args, '--json'], { cwd: folder });
    const { networks } = JSON.parse(json.stdout) as { networks: { samples: number[] }[] };
    expect(networks).toMatchObject([
      { resolution: 16, batch: 3, macs: networkCosts(networkNamed('cifar:10-20', { resolution: 16 })).macs },
      { resolution: 16 },
    ]);
    for (const { samples } of networks) expect(samples).toHaveLength(2);
    const [header, ...rows] = parseCsv(rankscope([...args, '--csv'], { cwd: folder }).stdout);
    expect(header).toContain('lower_quartile');
    expect(rows).toHaveLength(2);
    expect(readdirSync(folder)).not.toContain('runs');
  });

  const bad: [string[], RegExp][] = [
    [[], /^rankscope: missing network: none given /],
    [['rexnet', 'resnet-50'], /^rankscope: unknown network: resnet-50 /],
    [['rexnet', '--batch', '0'], /^rankscope: invalid batch: 0 \(allowed: a whole number >= 1\)\n$/],
    [
      ['rexnet', '--backend', 'gpu'],
      /^rankscope: unknown backend: gpu \(allowed: auto, tfjs-node, wasm, cpu\)\n$/,
    ],
    [['rexnet', '--resolution', '0'], /^rankscope: invalid resolution: 0 /],
    [['rexnet', '--runs', 'many'], /^rankscope: invalid runs: many /],
    [['rexnet', '--json', '--csv'], /^rankscope: invalid flags: /],
  ];
  let refused: ReturnType<typeof rankscopeInTurn>;
  beforeAll(() => {
    refused = rankscopeInTurn(bad.map(([args]) => ['latency', ...args]));
  });

  it.each(bad.map(([args, message], i) => [args, message, i] as const))(
    'refuses %j in one line',
    (_, message, i) => {
      const { stdout, stderr, status } = refused[i]!;
      expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
      expect(stderr).toMatch(message);
    },
  );
});
