import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../../src/files/csv.js';
import { rankscope, rankscopeInTurn } from '../rankscope.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function output(...args: string[]): string {
  const { stdout, stderr, status } = rankscope(['network', ...args]);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

interface Report {
  name: string;
  resolution: number;
  params: number;
  macs: number;
  layers: { name: string; kind: string; outputShape: number[]; params: number; macs: number }[];
}

describe('rankscope network', () => {
  it('prints every layer in at most 80 columns, and the totals', () => {
    const lines = output('rexnet-1.0').trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toBe('rexnet-1.0: 224 x 224 images, 1000 classes');
    expect(lines.filter((line) => /^ {2}project /.test(line))).toHaveLength(16);
    expect(lines).toContain('Total params: 4,796,873');
    expect(lines).toContain('Total mult-adds (M): 398.37 (398,370,392 MACs; FLOPs are twice that)');
    expect(
      lines
        .find((line) => line.startsWith('block 16'))!
        .split(/ {1,}/)
        .slice(2),
    ).toEqual(['185x7x7', '174', '0.94', '6.00', '571,699', '11.9', '19,007,064', '4.8']);
    const short = output('rexnet-1.0', '--by-block').split('\n');
    expect(short).toEqual([...lines.filter((line) => !/^ {2}|^squeeze/.test(line)), '']);
  });

  it('prints one JSON object that adds up', () => {
    const report = JSON.parse(output('mobilenet-v2-0.75', '--json')) as Report;
    expect(report).toMatchObject({
      name: 'mobilenet-v2-0.75',
      resolution: 224,
      params: 2636424,
      macs: 209069792,
    });
    const { layers } = report;
    expect(layers.reduce((sum, { params }) => sum + params, 0)).toBe(report.params);
    expect(layers.reduce((sum, { macs }) => sum + macs, 0)).toBe(report.macs);
    expect(layers[0]).toMatchObject({ name: 'stem', kind: 'convolution', outputShape: [24, 112, 112] });
    expect(layers.at(-1)).toMatchObject({ name: 'classifier', kind: 'linear', outputShape: [1000] });
  });

  it('prints CSV that adds up', () => {
    const [header, ...rows] = parseCsv(output('efficientnet-b0', '--csv'));
    const column = (name: string) => rows.map((row) => row[header!.indexOf(name)]!);
    const sum = (name: string) => column(name).reduce((total, value) => total + Number(value), 0);
    expect([sum('params'), sum('macs')]).toEqual([5288548, 385814752]);
    expect(sum('macs_share')).toBeCloseTo(1, 12);
    expect(column('output_shape')[0]).toBe('32x112x112');
    expect(parseCsv(output('efficientnet-b0', '--csv', '--by-block'))).toHaveLength(17);
  });

  it('adds elementwise operations only on request, and apart', () => {
    const lines = output('mobilenet-v1', '--elementwise').split('\n');
    expect(lines).toContain('Total mult-adds (M): 568.74 (568,740,352 MACs; FLOPs are twice that)');
    expect(lines).toContain('Elementwise operations (M): 10.14');
    expect(lines).toContain('Mult-adds and elementwise operations (M): 578.88');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('reads the description it writes, and adapts a network', () => {
    const path = file('mine.json', output('rexnet-0.9', '--description'));
    expect(output(path)).toBe(output('rexnet-0.9'));
    const small = JSON.parse(output(path, '--resolution', '192', '--classes', '10', '--json')) as Report;
    expect(small).toEqual(
      JSON.parse(output('rexnet-0.9', '--resolution', '192', '--classes', '10', '--json')),
    );
    expect(small.resolution).toBe(192);
    expect(small.layers.at(-1)!.outputShape).toEqual([10]);
  });

  const bad: [string[], RegExp][] = [
    [['resnet-50'], /^rankscope: unknown network: resnet-50 \(near: rexnet-W; allowed: rexnet-W, .*\)\n$/],
    [['rexnet-0'], /^rankscope: invalid width: 0 /],
    [
      ['cifar:34-33'],
      /^rankscope: invalid channels: 34-33 at block 2 \(allowed: a list that never decreases\)\n$/,
    ],
    [['rexnet', '--resolution', '22.5'], /^rankscope: invalid resolution: 22.5 /],
    [['rexnet', '--classes', 'ten'], /^rankscope: invalid classes: ten /],
    [['rexnet', '--json', '--csv'], /^rankscope: invalid flags: --json --csv \(allowed: one of /],
    [['rexnet', '--json=yes'], /^rankscope: invalid json: yes /],
    [[], /^rankscope: missing network: none given/],
    [['no-such.json'], /^rankscope: missing network file: no-such.json \(no such file or folder\)\n$/],
  ];
  let refused: ReturnType<typeof rankscopeInTurn>;
  beforeAll(() => {
    refused = rankscopeInTurn(bad.map(([args]) => ['network', ...args]));
  });

  it.each(bad.map(([args, message], i) => [args, message, i] as const))(
    'refuses %j in one line',
    (_, message, i) => {
      const { stdout, stderr, status } = refused[i]!;
      expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
      expect(stderr).toMatch(message);
    },
  );

  it('refuses a file that describes no network', () => {
    const broken = rankscope(['network', file('broken.json', '{"blocks": [')]);
    expect(broken.stderr).toMatch(/^rankscope: invalid network file: .*broken.json \(allowed: JSON; .*\)\n$/);
    const wrong = rankscope([
      'network',
      file('wrong.json', '{"blocks": [{"channels": 16}, {"chanels": 8}]}'),
    ]);
    expect(wrong.stderr).toMatch(/^rankscope: unknown key of blocks\[1\]: chanels /);
  });
});
