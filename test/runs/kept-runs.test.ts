import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { DepthRow } from '../../src/depth/depth-row.js';
import type { FeatureNumbers, LayerFeatures } from '../../src/features/measure-features.js';
import { toCsv } from '../../src/files/csv.js';
import { depthRun, readDepthRun } from '../../src/runs/depth-run.js';
import { drawKeptRun } from '../../src/report/draw-kept-run.js';
import { featuresRun, featureTables, readFeaturesRun } from '../../src/runs/features-run.js';
import { latencyRun, readLatencyRun } from '../../src/runs/latency-run.js';
import { keepRun } from '../../src/store/keep-run.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-kept-'));
afterAll(() => rmSync(base, { recursive: true }));
const backend = { name: 'cpu', version: '4.22.0' };
const networks = [{ name: 'a "tiny", one', resolution: 8 }];

const row: DepthRow = {
  ...{ network: 'a "tiny", one', seed: null, layer: 'stem', block: null, tap: 'output' },
  ...{ channelsIn: 3, channels: 8, size: 4, positions: 32, rank: 7, lower: 6, upper: 8, certified: false },
  ...{ rankRatio: 7 / 8, effectiveRank: 1 / 3, effectiveRatio: 1e-300, stableRank: 2, largest: 1e21 },
  tolerance: 'torch:rtol=0.01,atol=1',
} as DepthRow;

it('a depth run is read back to the last bit, and a damaged one is named', async () => {
  const folder = join(base, 'depth');
  const spec = {
    ...{ networks, inputs: null, weights: 'w.npz', seed: 0, tolerances: [row.tolerance] },
    ...{ images: '2 images', skipped: [], leftOut: null },
  };
  const rows = [row, { ...row, seed: 3, block: 1, certified: true }];
  await keepRun(depthRun, { folder, overwrite: false }, async (begin) => {
    const write = await begin({ spec, count: { done: 1, total: 2 }, backend });
    await write('rows.csv', toCsv(rows));
    return 'stopped';
  });
  const read = await readDepthRun(folder);
  expect(read.rows).toEqual(rows);
  expect(read.settings).toEqual(spec);
  expect(read.manifest).toMatchObject({ state: 'stopped', networks: { done: 1, total: 2 } });
  await expect(readLatencyRun(folder)).rejects.toThrow('a run of kind latency; this one is of kind depth');
  appendFileSync(join(folder, 'rows.csv'), 'x');
  await expect(readDepthRun(folder)).rejects.toThrow(/rows\.csv \(allowed: the bytes that were written/);
});

it('a run of latencies is read back, and one whose times are no numbers is refused', async () => {
  const times = {
    params: 10,
    macs: 20,
    batch: 1,
    lowerQuartile: 1,
    median: 2,
    upperQuartile: 3,
    samples: [2],
  };
  const keep = (folder: string, listed: object) =>
    keepRun(latencyRun, { folder, overwrite: false }, async (begin) => {
      const spec = { networks, batch: 1, runs: 1, warmUp: 0, seed: 0, backend };
      const write = await begin({ spec, count: { done: 1, total: 1 }, backend });
      await write('latency.json', JSON.stringify({ networks: [listed] }));
      return 'complete';
    });
  await keep(join(base, 'latency'), { ...networks[0], ...times, published: null });
  const read = await readLatencyRun(join(base, 'latency'));
  expect(read.networks).toEqual([{ ...networks[0], ...times, published: null }]);
  expect(read.settings.backend).toEqual(backend);
  await keep(join(base, 'strange'), { ...networks[0], ...times, median: 'fast' });
  await expect(readLatencyRun(join(base, 'strange'))).rejects.toThrow(
    'invalid networks[0].median: fast (allowed: milliseconds, a number >= 0)',
  );
});

const featuresOf = (stage: 'before' | 'after', bare: boolean): LayerFeatures => {
  const rank = (rule: string, rank: number) => ({
    rule,
    rank,
    lower: rank - 1,
    upper: rank,
    certified: false,
  });
  const numbers = {
    ranks: [rank('relative:0.01', 6), rank('energy:0.99', 4)].map((one) => ({
      ...one,
      rankRatio: one.rank / 8,
    })),
    ...{ effectiveRank: 1 / 3, effectiveRatio: 1 / 24, stableRank: 2, largest: 1e21 },
    spectrum: new Float64Array(8),
  };
  return {
    ...{
      layer: 'a "wide", one',
      kind: 'linear',
      stage,
      value: 'y',
      activation: bare ? null : 'Sigmoid, Mul',
    },
    ...{ channelsIn: 4, channels: 8, dimensionRatio: 0.5, columns: 100, few: bare },
    ...{ centred: numbers, uncentred: { ...numbers, largest: 3 } },
    shares: { silent: 0.125, neverBent: bare ? null : 0.25, dormant: 0 },
    random: bare ? null : { columns: 32, centred: { ...numbers, effectiveRank: 7 }, uncentred: numbers },
    half: bare ? null : { ...numbers, columns: 50, effectiveRank: 5 },
    bottleneck: bare ? null : { entered: 14, possible: 8, kept: 3 },
  };
};

it('a run of features is read back, whatever its layers lack, and drawn', async () => {
  const folder = join(base, 'features');
  const rules = ['relative:0.01', 'energy:0.99'];
  const spec = {
    ...{
      file: 'm.onnx',
      format: 'onnx',
      runner: 'r',
      tolerances: rules,
      baseline: 'permuted' as const,
      seed: 0,
    },
    inputs: { count: 8, ran: 5, words: '8 inputs', settings: {} },
  };
  const given = [featuresOf('before', true), featuresOf('after', false)];
  const skipped = [{ name: 'b', reason: 'a "reason", with a comma' }];
  await keepRun(featuresRun, { folder, overwrite: false }, async (begin) => {
    const write = await begin({ spec, count: { done: 5, total: 8 }, backend: null });
    const tables = featureTables({ features: given, skipped }, rules);
    for (const [name, table] of Object.entries(tables)) await write(name, table);
    return 'stopped';
  });
  const read = await readFeaturesRun(folder);
  expect(read).toMatchObject({
    spec,
    skipped,
    manifest: { state: 'stopped', inputs: { done: 5, total: 8 } },
  });
  const kept = ({ ranks, effectiveRank, largest }: LayerFeatures['centred']) => ({
    ranks: ranks.map(({ rule, rank, lower, upper }) => ({ rule, rank, lower, upper })),
    ...{ effectiveRank, largest },
  });
  const plain = ({ ranks, effectiveRank }: FeatureNumbers) => ({
    ranks: ranks.map(({ rule, rank }) => ({ rule, rank })),
    effectiveRank,
  });
  expect(read.features).toEqual(
    given.map(({ centred, uncentred, random, half, ...row }) => ({
      ...{ ...row, centred: kept(centred), uncentred: kept(uncentred), half: half && plain(half) },
      random: random && { ...plain(random.centred), columns: random.columns },
    })),
  );
  const [figure] = await drawKeptRun(folder, { formats: ['svg'] });
  expect(figure).toBe(join(folder, 'features.svg'));
  expect(readFileSync(figure!, 'utf8')).toContain('stopped after 5 of 8 inputs');
  appendFileSync(join(folder, 'rows.csv'), 'x');
  await expect(readFeaturesRun(folder)).rejects.toThrow(
    /rows\.csv \(allowed: .*--overwrite measures it again/,
  );
});
