import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { rankscope } from './rankscope.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-plot-'));
afterAll(() => rmSync(folder, { recursive: true }));
const kept = ['figures/figure-1', 'figures/spectra/fitted'];

it('draws several runs in one figure, each labelled', () => {
  const out = join(folder, 'beside');
  const { stdout, status } = rankscope(['plot', ...kept, '--out', out, '--formats', 'svg']);
  expect([status, stdout.split('\n')[0]]).toEqual([0, `figure   ${out}/curve.svg`]);
  expect(readdirSync(out).sort()).toEqual(['curve.csv', 'curve.svg', 'curve.vl.json']);
  const svg = readFileSync(join(out, 'curve.svg'), 'utf8');
  expect(svg.match(/>figure-1</g)).toHaveLength(4);
  expect(svg.match(/>fitted</g)).toHaveLength(4);
  expect(svg).toMatch(/figure-1: d_out uniform\s+from 64 to 512/);
  expect(readFileSync(join(out, 'curve.csv'), 'utf8')).toMatch(/^run,block,/);
});

it('lays them over one another, under labels of one’s own', () => {
  const out = join(folder, 'overlaid');
  const { status } = rankscope([
    ...['plot', ...kept, '--out', out, '--formats', 'svg'],
    ...['--layout', 'overlaid', '--labels', 'many,few'],
  ]);
  expect(status).toBe(0);
  const svg = readFileSync(join(out, 'curve.svg'), 'utf8');
  expect(svg).toContain('ReLU, many');
  expect(svg).toContain('ReLU, few');
});

it.each([
  [[...kept, '--labels', 'a'], 'invalid labels: a (allowed: one for each of the 2 runs)'],
  [[...kept, '--labels', 'a,a'], 'invalid label: a (allowed: a label of its own for each run)'],
  [[...kept, '--layout', 'above'], 'unknown layout: above (allowed: beside, overlaid)'],
  [[kept[0]!, '--labels', 'a'], 'invalid flag: --labels (allowed: only with several runs)'],
  [[kept[0]!, join(folder, 'none')], 'none'],
])('refuses %j', (words, message) => {
  const { stderr, status } = rankscope(['plot', ...words, '--formats', 'svg', '--out', join(folder, 'no')]);
  expect(status).toBe(1);
  expect(stderr).toContain(message);
  expect(existsSync(join(folder, 'no'))).toBe(false);
});

it('draws into the run itself, a new folder or one of figures, and into nothing else', () => {
  const run = join(folder, 'run');
  cpSync('figures/figure-1', run, { recursive: true });
  const draw = (out: string, runs = ['figures/figure-1']) =>
    rankscope(['plot', ...runs, '--formats', 'svg', '--out', out]);
  const before = readFileSync(join(run, 'summary.csv'), 'utf8');
  mkdirSync(join(folder, 'foreign'));
  writeFileSync(join(folder, 'foreign', 'notes.txt'), 'mine');
  for (const out of [run, join(run, 'inside'), join(folder, 'foreign')]) {
    const { stderr, status } = draw(out);
    expect([stderr.split(' (')[0], status]).toEqual([`rankscope: invalid output folder: ${out}`, 1]);
  }
  expect(draw(run, [run, 'figures/spectra/fitted']).status).toBe(1);
  expect(readFileSync(join(run, 'summary.csv'), 'utf8')).toBe(before);
  expect(draw(run, [run]).status).toBe(0);
  expect(draw(join(folder, 'again')).status).toBe(0);
  expect(draw(join(folder, 'again')).status).toBe(0);
});
