import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../../src/files/csv.js';
import { networkFromJson } from '../../../src/networks/network-json.js';
import { channelsOf } from '../../../src/networks/network.js';
import { rankscope, rankscopeInTurn } from '../rankscope.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function output(...args: string[]): string {
  const { stdout, status } = rankscope(['design', ...args]);
  expect(status).toBe(0);
  return stdout;
}

describe('rankscope design', () => {
  it('shows the authors’ channels beside those of the same budget, a plot and the table, in 80 columns', () => {
    const text = output('--blocks', '16', '--macs', '398370392', '--params', '4796873', '--like', 'rexnet');
    const lines = text.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^channels {4}16-27-38-50-6/m);
    expect(text).toMatch(/^rexnet-1.0 {2}16-27-38-50-61-72-84-95-106-117-128-140-151-162-174-185$/m);
    expect(text).toMatch(/^binds {7}params and MACs \(both budgets are met\)$/m);
    expect(text.match(/^ +\d* +\|/gm)).toHaveLength(12);
    expect(text.match(/\*/g)!.length).toBeGreaterThanOrEqual(16);
    expect(lines.filter((line) => line.startsWith('block '))).toHaveLength(16);
  });

  it('writes a network that rankscope network reads', () => {
    const path = join(folder, 'sub', 'mine.json');
    const json = output('--params', '4.8M', '--macs', '400M', '--shape', 'stage', '--json', '--out', path);
    expect(readFileSync(path, 'utf8')).toBe(json);
    const design = JSON.parse(json) as { params: number; macs: number; design: { channels: number[] } };
    expect(channelsOf(networkFromJson(design))).toEqual(design.design.channels);
    const { stdout } = rankscope(['network', path, '--json']);
    const { params, macs } = design;
    expect(JSON.parse(stdout)).toMatchObject({ name: 'stage-wise design like rexnet-1.0', params, macs });
    // and as what another design is like
    expect(output('--like', path, '--shape', 'linear')).toMatch(/^stage-wise design like rexnet-1.0 {2}\d/m);
  });

  it('samples to text, CSV and JSON', () => {
    const flags = ['--sample', '20', '--blocks', '5', '--params', '0.2M', '--macs', '30M', '--seed', '3'];
    const path = join(folder, 'sample.csv');
    const [header, ...rows] = parseCsv(output(...flags, '--csv', '--out', path));
    expect(header).toEqual(['channels', 'params', 'macs', 'evenness']);
    expect(rows).toHaveLength(20);
    expect(parseCsv(readFileSync(path, 'utf8'))).toEqual([header, ...rows]);
    const json = JSON.parse(output(...flags, '--json', '--like', 'cifar')) as {
      configurations: { channels: number[] }[];
    };
    expect(json).toMatchObject({
      like: 'cifar',
      blocks: 5,
      params: 200_000,
      macs: 30_000_000,
      within: 0.1,
      seed: 3,
    });
    expect(json.configurations.map(({ channels }) => channels.join('-'))).toEqual(rows.map((row) => row[0]));
    expect(output(...flags)).toMatch(/^20 configurations; /m);
  });

  const bad: [string[], RegExp][] = [
    [
      ['--macs', '400MB'],
      /^rankscope: invalid macs: 400MB \(allowed: a number above 0, alone or with K, M or G: /,
    ],
    [['--shape', 'round'], /^rankscope: unknown shape: round \(allowed: linear, stage, piecewise\)\n$/],
    [['--seed', '1'], /^rankscope: invalid flag: --seed \(allowed: only with --sample\)\n$/],
    [['--out', 'net.txt'], /^rankscope: invalid out: net.txt /],
    [['--at-most=yes'], /^rankscope: invalid at-most: yes /],
    [['--like', 'cifar', '--params', '1M'], /^rankscope: missing blocks: /],
    [['--sample', '5', '--blocks', '5'], /^rankscope: missing budget: /],
    [
      ['--sample', '5', '--blocks', '5', '--params', '1M', '--shape', 'linear'],
      /^rankscope: invalid flag: --shape /,
    ],
    [
      ['--params', '4.8M', '--macs', '200M'],
      /^rankscope: infeasible budgets: params 4.8M, MACs 200M \(closest linear design like rexnet-1.0, 16 blocks: 3.\d+M params, -26%; .*; MACs binds; .*--at-most\)\n$/,
    ],
    [
      ['--params', '0.5M'],
      /^rankscope: infeasible budgets: params 0.5M \(.*\+158%; .*no network of this kind is so small\)\n$/,
    ],
  ];
  let refused: ReturnType<typeof rankscopeInTurn>;
  beforeAll(() => {
    refused = rankscopeInTurn(bad.map(([args]) => ['design', ...args]));
  });

  it.each(bad.map(([args, message], i) => [args, message, i] as const))(
    'refuses %j in one line',
    (_, message, i) => {
      const { stdout, stderr, status } = refused[i]!;
      expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
      expect(stderr).toMatch(message);
    },
  );

  it('stays below limits that cannot both be met', () => {
    const text = output('--params', '4.8M', '--macs', '200M', '--at-most');
    expect(text).toMatch(/^binds {7}MACs \(params -\d+%\)$/m);
  });
});
