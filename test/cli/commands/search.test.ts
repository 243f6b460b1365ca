import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSearch } from '../../../src/runs/search-run.js';
import type { SearchRow } from '../../../src/search/search-row.js';
import { writeStripes } from '../../training/small-images.js';
import { rankscope, rankscopeInTurn, startRankscope } from '../rankscope.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-search-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const data = writeStripes(join(folder, 'data'), 160);
const place = (name: string) => join(folder, name);
const writeStudy = (name: string, study: object) => {
  writeFileSync(place(name), JSON.stringify(study));
  return place(name);
};
const recipe = { epochs: 4, batch: 16, flip: false };
const designs = [[3, 4], [4, 4], 'cifar:3-5', [5, 6], [4, 6]];
const base = { designs, repeats: { designs: 2, seeds: 2 }, resolution: 8, recipe, data };
const study = writeStudy('study.json', base);
const halved = writeStudy('halved.json', { ...base, repeats: null, halving: { eta: 2 } });

/** The rows without what depends on the machine. */
async function bitsOf(name: string): Promise<Omit<SearchRow, 'seconds' | 'imagesPerSecond'>[]> {
  const { rows } = await readSearch(place(name));
  return rows.map(({ seconds: _, imagesPerSecond: __, ...row }) => row);
}

/** Begins or continues a search and ends it once its folder has such a file. */
async function endAt(args: readonly string[], inside: string, pattern: RegExp, signal: NodeJS.Signals) {
  const child = startRankscope(args);
  const timer = setInterval(() => {
    const names = existsSync(inside) ? readdirSync(inside, { recursive: true }).map(String) : [];
    if (names.some((name) => pattern.test(name))) child.kill(signal);
  }, 2);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(timer);
  return code;
}

describe('rankscope search', () => {
  beforeAll(() => {
    const { stdout, stderr, status } = rankscope(['search', study, '--out', place('whole')]);
    expect(stderr).toMatch(/^7 networks, 4,480 images at \d+ a second: about \d+ s\n/);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/\ncomplete: 7 of 7 networks\nanalysis: rankscope search --analyse \S+whole\n$/),
    ]);
  });

  it('has a row per design and seed, with costs, shape, losses, ranks and proxies', async () => {
    const { rows, spec } = await readSearch(place('whole'));
    expect(rows.map(({ design, seed }) => [design, seed])).toEqual([
      ...[0, 0, 1, 1].map((design, i) => [design, i % 2]),
      ...[
        [2, 0],
        [3, 0],
        [4, 0],
      ],
    ]);
    expect(spec.recipe).toMatchObject({ epochs: 4, batch: 16, momentum: 0.9 });
    for (const row of rows) {
      expect(row).toMatchObject({ epochs: 4, group: null, lastWidth: Number(row.channels.split('-')[1]) });
      expect(row.trainLossSum).toBeGreaterThan(row.earlyLossSum);
      expect(row.ranks.map(({ layer }) => layer)).toEqual(expect.arrayContaining(['stem', 'head']));
      expect(row.ranks.length).toBe(4);
      for (const key of ['gradientNorm', 'naswot', 'testLoss'] as const) expect(row[key]).toBeGreaterThan(0);
      const outputs = row.ranks.slice(1, 3).map(({ effectiveAfter }) => effectiveAfter);
      expect(row.outputEffectiveAfter).toBeCloseTo((outputs[0]! + outputs[1]!) / 2, 12);
    }
    expect(rows[5]).toMatchObject({ channels: '5-6', slopeA: 1, offsetB: 4 });
    expect(rows[0]!.testLoss).not.toBe(rows[1]!.testLoss);
    expect(rows.some(({ testAccuracy }) => testAccuracy > 0.8)).toBe(true);
    expect(existsSync(join(place('whole'), 'checkpoints'))).toBe(false);
  });

  it('has the same bits with workers, after being killed and stopped, and in merged parts', async () => {
    const out = place('stopped');
    const args = ['search', study, '--out', out, '--resume', '--checkpoint-seconds', '0', '--workers', '2'];
    expect(await endAt(args, join(out, 'checkpoints'), /checkpoint-1-\d+\.bin$/, 'SIGKILL')).toBeNull();
    expect(await endAt(args, join(out, 'checkpoints'), /checkpoint-3-\d+\.bin$/, 'SIGINT')).toBe(130);
    expect(readdirSync(join(out, 'checkpoints')).length).toBeGreaterThan(0);
    expect(rankscope(args).stdout).toMatch(/\ncomplete: 7 of 7 networks\n/);
    expect(await bitsOf('stopped')).toEqual(await bitsOf('whole'));

    const parts = ['1/2', '2/2'].map((shard, i) => [
      'search',
      study,
      '--shard',
      shard,
      '--out',
      place(`part-${i}`),
    ]);
    for (const [i, { status, stderr }] of rankscopeInTurn(parts).entries()) {
      expect(status).toBe(0);
      expect(stderr).toMatch(i === 0 ? /^4 networks, 2,560 images/ : /^3 networks, 1,920 images/);
    }
    const finished = rankscope([...args, '--estimate']);
    expect(finished.stderr).toMatch(/^0 networks, 0 images at .*: about 0 s\n/);
    const merged = rankscope(['merge', place('part-0'), place('part-1'), '--out', place('merged')]);
    expect([merged.stderr, merged.status]).toEqual(['', 0]);
    expect(merged.stdout).toMatch(/\ncomplete: the rows of 2 runs\n$/);
    expect(await bitsOf('merged')).toEqual(await bitsOf('whole'));
  });

  it('gives the same bits when a part of it is trained anew', async () => {
    const out = place('anew');
    expect(rankscope(['search', study, '--shard', '3/7', '--out', out]).status).toBe(0);
    const [row, ...others] = await bitsOf('anew');
    expect(others).toEqual([]);
    const same = ({ design, seed }: { design: number; seed: number }) =>
      design === row!.design && seed === row!.seed;
    expect(row).toEqual((await bitsOf('whole')).find(same));
  });

  it('halves: drops the worst of each rung, trains the others as if nothing had been dropped', async () => {
    const out = place('halved');
    const args = ['search', halved, '--out', out, '--checkpoint-seconds', '0', '--resume'];
    // killed when the first was dropped
    await endAt(args, join(out, 'rows'), /^part/, 'SIGKILL');
    expect(rankscope(args).stdout).toMatch(/\ncomplete: 5 of 5 networks\n/);
    const rows = await bitsOf('halved');
    expect(rows.map(({ epochs }) => epochs).sort()).toEqual([1, 1, 2, 4, 4]);
    const best = rows.find(({ epochs }) => epochs === 4)!;
    expect(best).toEqual(
      (await bitsOf('whole')).find(({ design, seed }) => design === best.design && seed === 0),
    );
  });

  it('analyses a search, and trains its ends again on the same images', async () => {
    const out = place('again');
    const again = ['search', '--again', place('whole'), '--ends', '2', '--seeds', '2', '--out', out];
    expect(rankscope(again).stdout).toMatch(/\ncomplete: 8 of 8 networks\n/);
    const { rows } = await readSearch(out);
    expect(new Set(rows.map(({ seed }) => seed))).toEqual(new Set([2, 3]));
    expect(rows.filter(({ group }) => group === 'best').length).toBe(4);
    const analyse = ['search', '--analyse', place('whole'), '--fresh', out, '--formats', 'svg'];
    const { stdout, stderr, status } = rankscope(analyse);
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toMatch(/^7 networks of 5 designs; costs differ by /);
    expect(stdout).toMatch(/\nTrained again with fresh seeds: -?[\d.]+ points \(/);
    expect(stdout).toContain(`figure   ${join(place('whole'), 'search.svg')}\n`);
    const json = JSON.parse(rankscope([...analyse, '--json']).stdout) as object;
    expect(json).toMatchObject({ done: 7, total: 7, designs: 5, gap: { fresh: { designs: 4 } } });
    const own = rankscope(['search', '--analyse', place('whole'), '--fresh', place('whole')]);
    expect(own.stderr).toMatch(/invalid fresh: .*whole \(allowed: the search that --again made of .*whole\)/);
    const other = writeStripes(place('other'), 161);
    expect(rankscope([...again, '--data', other, '--overwrite']).stderr).toMatch(/invalid data \(SHA-256\)/);
    expect(rankscope([...again, '--epochs', '3']).stderr).toMatch(
      /invalid flag: --epochs \(allowed: none with/,
    );
  });

  it('refuses what it cannot do, with what is allowed', () => {
    const wrong: [string[], RegExp][] = [
      [[place('gone.json')], /search file: .*gone\.json/],
      [[writeStudy('a.json', { ...base, design: 1 })], /unknown key of search: design .*in .*a\.json/],
      [[writeStudy('b.json', { ...base, designs: { count: 3, likes: 1 } })], /unknown key of designs: likes/],
      [[writeStudy('c.json', { ...base, designs: { count: 3 } })], /missing designs\.blocks/],
      [[writeStudy('d.json', { ...base, designs: [[5, 4]] })], /never decreases/],
      [[writeStudy('e.json', { ...base, seeds: [1, 1] })], /invalid seeds: 1, 1 /],
      [[writeStudy('f.json', { ...base, trainImages: 161 })], /invalid trainImages: 161 .*160/],
      [[writeStudy('g.json', { ...base, repeats: { designs: 9, seeds: 2 } })], /repeats\.designs: 9 .*5/],
      [[writeStudy('h.json', { ...base, data: undefined })], /missing data/],
      [[halved, '--shard', '1/2', '--out', place('no')], /invalid shard: 1\/2 .*halving/],
      [[study, '--workers', '0'], /invalid workers: 0/],
      [[study, '--epochs', '0'], /invalid epochs: 0/],
    ];
    const results = rankscopeInTurn(wrong.map(([args]) => ['search', ...args]));
    for (const [i, { stderr, status }] of results.entries()) {
      expect(stderr).toMatch(wrong[i]![1]);
      expect(status).toBe(1);
    }
  });
});
