import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStream, nextUnit } from '../../../src/random/stream.js';
import { writeSafetensors } from '../../weights/write-safetensors.js';
import { rankscope, rankscopeInTurn } from '../rankscope.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-model-report-'));
const model = join(folder, 'small.safetensors');
const page = join(folder, 'new/folder/small.html');

beforeAll(() => {
  const stream = createStream(0, 'report');
  const data = Float32Array.from({ length: 12 * 20 }, () => nextUnit(stream) - 0.5);
  writeSafetensors(model, { 'a.weight': { shape: [12, 20], data }, 'b.weight': { shape: [20, 12], data } });
});
afterAll(() => rmSync(folder, { recursive: true }));

it('writes a report beside the table, JSON or CSV, with every setting', () => {
  const { stdout, stderr, status } = rankscope([
    ...['model', model, '--json', '--report', page],
    ...['--tolerance', 'relative:0.05', '--seed', '3', '--layers', 'a*'],
  ]);
  expect(status, stderr).toBe(0);
  expect(stderr).toContain(`report   ${page}\n`);
  expect((JSON.parse(stdout) as { layers: unknown[] }).layers).toHaveLength(1);
  const [, json] = /id="report">(.*?)<\/script>/.exec(readFileSync(page, 'utf8'))!;
  const written = JSON.parse(json!) as {
    views: { layers: { name: string }[] }[];
    settings: [string, string][];
  };
  expect(written.views.map(({ layers }) => layers.map(({ name }) => name))).toEqual([['a.weight']]);
  expect(written.settings).toEqual([
    ['file', model],
    ['format', 'safetensors'],
    ['tolerances', 'relative:0.05'],
    ['baseline', 'permuted'],
    ['seed', '3'],
    ['fold', 'false'],
    ['layers', 'a*'],
  ]);
});

it('replaces nothing but a report, and says what is allowed before anything is measured', () => {
  const [other, run] = [join(folder, 'other.html'), join(folder, 'run')];
  writeFileSync(other, '<p>mine</p>');
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'folder.html'));
  const before = readFileSync(page, 'utf8');
  const cases: [string[], string][] = [
    [
      ['--report', page],
      'invalid output file: .*small.html \\(allowed: a new file, or --overwrite; there is one of that name\\)',
    ],
    [['--report', other], 'a new file, or --overwrite'],
    [['--report', other, '--overwrite'], 'which is not a report and is not replaced'],
    [['--report', join(folder, 'folder.html')], 'a new file; this is a folder'],
    [['--report', join(folder, 'file/x.html')], 'a file that can be written'],
    [
      ['--report', join(folder, 'x.pdf')],
      'invalid report: .*x.pdf \\(allowed: a file name that ends in .html\\)',
    ],
    [['--report', join(run, 'x.html'), '--out', run], 'a file outside of --out'],
    [['--report', join(run, '..x.html'), '--out', run], 'a file outside of --out'],
    [['--report', ''], 'missing value: --report'],
    [['--overwrite'], 'invalid flag: --overwrite \\(allowed: only with --out or --report\\)'],
  ];
  const results = rankscopeInTurn(cases.map(([args]) => ['model', model, ...args]));
  results.forEach(({ stdout, stderr, status }, i) => {
    const [args, message] = cases[i]!;
    expect(status, args.join(' ')).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(new RegExp(message));
  });
  expect(readFileSync(page, 'utf8')).toBe(before);
  expect(readFileSync(other, 'utf8')).toBe('<p>mine</p>');
  expect(existsSync(run)).toBe(false);
});

it('replaces a report with --overwrite', () => {
  const before = readFileSync(page, 'utf8');
  const { stdout, stderr, status } = rankscope(['model', model, '--report', page, '--overwrite']);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain(`report   ${page}\n`);
  expect(readFileSync(page, 'utf8')).not.toBe(before);
});
