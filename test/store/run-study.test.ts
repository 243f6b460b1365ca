import * as tf from '@tensorflow/tfjs-core';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/runs/study-run.js';
import { recountRun } from '../../src/runs/recount-run.js';
import { runStudy, type Run, type RunOptions } from '../../src/runs/run-study.js';
import { readCumulativePoints, readSpectrumPoints } from '../../src/runs/spectrum-points.js';
import { readSummary } from '../../src/runs/read-study.js';
import type { LayerRow } from '../../src/study/layer-row.js';
import { measureStudy } from '../../src/study/measure-study.js';
import type { StudyInput } from '../../src/study/study.js';
import { rowsOf } from './rows-of.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-store-'));
afterAll(() => rmSync(base, { recursive: true }));
let out = '';
let count = 0;
beforeEach(() => (out = join(base, `run-${count++}`)));

const study: StudyInput & { protocol: object } = {
  blocks: ['pointwise', 'inverted-conv3x3'],
  activations: ['relu', 'silu'],
  ratios: [0.2, 1],
  layers: 4,
  taps: ['project', 'output'],
  spectra: true,
  protocol: { channels: '6:20', tolerances: ['numpy', 'torch:rtol=0.01,atol=0.001'] },
};

const run = (given: StudyInput = study, options: Partial<RunOptions> = {}) =>
  runStudy(given, { out, workers: 0, ...options });

const bySortKey = (row: LayerRow) =>
  [row.block, row.tap, row.activation, row.dimensionRatio, row.layer].join();

describe('runStudy', () => {
  it('keeps every row, to the last bit', async () => {
    const { folder, manifest } = await run();
    expect(manifest).toMatchObject({
      state: 'complete',
      layers: { done: 32, total: 32 },
      workers: 0,
      error: null,
    });
    const direct: LayerRow[] = [];
    for await (const rows of measureStudy(manifest.study, { workers: 0 })) direct.push(...rows);
    const sorted = (rows: LayerRow[]) => rows.sort((a, b) => (bySortKey(a) < bySortKey(b) ? -1 : 1));
    expect(sorted(await rowsOf(folder))).toEqual(sorted(direct));
    expect(readdirSync(folder).sort()).toEqual(['ranks.csv', 'rows.parquet', 'run.json', 'summary.csv']);
  });

  it('records what decided the rows', async () => {
    const { folder } = await run();
    const manifest = await readManifest(folder);
    expect(manifest.study.protocol).toMatchObject({
      weights: 'kaiming-normal:fan-out',
      samples: '1.2x',
      channels: '6:20',
    });
    expect(manifest.versions).toMatchObject({
      node: process.versions.node,
      '@tensorflow/tfjs-core': '4.22.0',
    });
    expect(manifest.backend?.name).toMatch(/^(tfjs-node|wasm)$/);
    expect(manifest.engine).not.toBe('auto');
    expect(Date.parse(manifest.times.finished!)).toBeGreaterThanOrEqual(Date.parse(manifest.times.started));
  });

  it('summarises by block, tap, activation, ratio and tolerance, in the order of the study', async () => {
    const { folder, summary } = await run();
    expect(readFileSync(join(folder, 'summary.csv'), 'utf8').split('\n')[0]).toBe(
      'block,tap,activation,dimension_ratio,tolerance,layers,rank_ratio_mean,rank_ratio_sd,ci95_low,ci95_high',
    );
    expect(await readSummary(folder)).toEqual(summary);
    // pointwise has one of the taps, the bottleneck both
    expect(summary.length).toBe((1 + 2) * 2 * 2 * 2);
    expect(
      summary.slice(0, 2).map(({ block, activation, tolerance }) => [block, activation, tolerance]),
    ).toEqual([
      ['pointwise', 'relu', 'numpy'],
      ['pointwise', 'relu', 'torch:rtol=0.01,atol=0.001'],
    ]);
    const rows = await rowsOf(folder);
    for (const point of summary) {
      const ratios = rows
        .filter((row) =>
          (['block', 'tap', 'activation', 'dimensionRatio'] as const).every((key) => row[key] === point[key]),
        )
        .map((row) => row.ranks.find(({ tolerance }) => tolerance === point.tolerance)!.rank / row.channels);
      expect(point.layers).toBe(4);
      expect(point.rankRatioMean).toBeCloseTo(ratios.reduce((sum, ratio) => sum + ratio, 0) / 4, 12);
      expect(point.ci95Low).toBeLessThanOrEqual(point.rankRatioMean);
      expect(point.ci95High).toBeGreaterThanOrEqual(point.rankRatioMean);
    }
  });

  it('keeps and summarises what is done when it is stopped', async () => {
    const controller = new AbortController();
    const { folder, manifest, summary } = await run(study, {
      signal: controller.signal,
      onProgress: ({ done }) => done >= 10 && controller.abort(),
    });
    expect(manifest).toMatchObject({ state: 'stopped', layers: { done: 10, total: 32 } });
    expect(summary.length).toBeGreaterThan(0);
    expect((await rowsOf(folder)).length).toBeGreaterThanOrEqual(10);
    expect(existsSync(join(folder, 'rows.parquet'))).toBe(false);
  });

  it('ends with the state failed, the reason and the rows so far when a layer cannot be measured', async () => {
    let calls = 0;
    const activations = { breaks: (x: tf.Tensor) => (calls++ < 3 ? tf.relu(x) : tf.div(x, 0)) };
    const failing = run({ ...study, blocks: ['pointwise'], activations: ['breaks'] }, { activations });
    await expect(failing).rejects.toThrow(/^layer 1 of pointwise at ratio 1: invalid matrix entry/);
    const manifest = await readManifest(out);
    expect(manifest).toMatchObject({ state: 'failed', layers: { done: 3, total: 8 } });
    expect(manifest.error).toMatch(/invalid matrix entry/);
    expect((await rowsOf(out)).length).toBe(3);
    expect(existsSync(join(out, 'summary.csv'))).toBe(false);
  });

  it('writes nothing for a study or an option that is not allowed', async () => {
    await expect(run({ blocks: ['dense' as never] })).rejects.toThrow('unknown block: dense');
    await expect(run(study, { engine: 'gpu' as never })).rejects.toThrow('unknown engine: gpu');
    await expect(run(study, { backend: 'gpu' as never })).rejects.toThrow('unknown backend: gpu');
    await expect(run(study, { workers: -1 })).rejects.toThrow('invalid workers: -1');
    await expect(run(study, { worker: 1 } as never)).rejects.toThrow(
      /^unknown option: worker \(near: workers; allowed: workers,/,
    );
    await expect(run({ protocol: { inputs: 'file:no-such.npy' } })).rejects.toThrow(
      'missing inputs: no-such.npy (no such file or folder)',
    );
    const damaged = join(base, 'damaged.npy');
    writeFileSync(damaged, '1,2,3');
    await expect(run({ protocol: { inputs: `file:${damaged}` } })).rejects.toThrow(
      /^invalid \.npy magic: .* in .*damaged\.npy$/,
    );
    expect(existsSync(out)).toBe(false);
  });

  it('refuses a folder that holds another run, unless it may replace it', async () => {
    const small = { ...study, layers: 1, spectra: false };
    await run(small);
    const before = readFileSync(join(out, 'run.json'), 'utf8');
    await expect(run({ ...small, seed: 1 })).rejects.toThrow(
      `invalid output folder: ${out} (allowed: a new or empty folder, or --overwrite; this one holds another run)`,
    );
    expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe(before);
    const large = { ...small, protocol: { channels: '1000000:1000000' } };
    await expect(run(large, { overwrite: true })).rejects.toThrow('invalid size of a layer');
    expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe(before);
    const { manifest } = await run({ ...small, seed: 1 }, { overwrite: true });
    expect(manifest.study.seed).toBe(1);
  });

  it('never removes what is no part of a run', async () => {
    await run({ ...study, layers: 1 });
    writeFileSync(join(out, 'notes.txt'), 'mine');
    await expect(run(study, { overwrite: true })).rejects.toThrow(
      /this one holds notes.txt, which is not part of a run/,
    );
    expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine');
    expect((await readManifest(out)).state).toBe('complete');
  });

  it('refuses a folder that cannot be written', async () => {
    writeFileSync(out, 'a file');
    await expect(run()).rejects.toThrow(
      `invalid output folder: ${out} (allowed: a folder that can be written; it, or a part of its path, is a file, not a folder)`,
    );
    await expect(run(study, { out: join(out, 'below') })).rejects.toThrow('a part of the path is a file');
    if (existsSync('/proc/self'))
      await expect(run(study, { out: '/proc/no-such' })).rejects.toThrow('no such file or folder');
  });
});

describe('recountRun', () => {
  it('gives what the study gives at the other tolerance, without drawing a layer', async () => {
    const first = await run();
    const again = await recountRun(first.folder, ['relative:0.05', 'energy:0.9'], { out: `${out}-again` });
    const tolerances = ['relative:0.05', 'energy:0.9'];
    const direct = await run(
      { ...study, protocol: { ...study.protocol, tolerances } },
      { out: `${out}-direct` },
    );
    expect(again.summary).toEqual(direct.summary);
    // what was only counted again is the same, but not proved
    const unproved = (rows: LayerRow[]) =>
      rows.map((row) => ({ ...row, ranks: row.ranks.map((rank) => ({ ...rank, certified: false })) }));
    expect(await rowsOf(again.folder)).toEqual(unproved(await rowsOf(direct.folder)));
    expect(again.manifest).toMatchObject({
      state: 'complete',
      from: first.folder,
      layers: { done: 32, total: 32 },
    });
  });

  it('never writes over the run it counts', async () => {
    await run({ ...study, layers: 1 });
    const again = recountRun(out, ['relative:0.1'], { out: join(out, '.'), overwrite: true });
    await expect(again).rejects.toThrow(/^invalid output folder: .* another folder than that of the run/);
    expect((await readManifest(out)).state).toBe('complete');
  });

  it('needs kept spectra', async () => {
    await run({ ...study, layers: 1, spectra: false });
    await expect(recountRun(out, ['relative:0.1'], { out: `${out}-x` })).rejects.toThrow(
      /a run with kept spectra/,
    );
    await expect(recountRun(base, ['relative:0.1'], { out: `${out}-x` })).rejects.toThrow(/^invalid run: /);
    expect(existsSync(`${out}-x`)).toBe(false);
  });
});

describe('the spectra of a run', () => {
  let made: Run;
  beforeEach(async () => (made = await run({ ...study, layers: 5, taps: ['output'] })));

  it('fall as the median layer does, place by place', async () => {
    const points = await readSpectrumPoints(made.folder);
    const rows = await rowsOf(made.folder);
    // at each place once, and at the first singular value
    const onGrid = points.filter(({ position }) => position === Math.round(position * 40) / 40);
    const first = points.filter((point) => !onGrid.includes(point));
    expect([onGrid.length, first.length]).toEqual([8 * 40, 8]);
    for (const { magnitude } of first) expect(magnitude).toBe(1);
    for (const point of onGrid) {
      const values = layersAt(rows, point).map(({ spectrum, channels }) => {
        const value = spectrum![Math.ceil(point.position * channels) - 1] ?? 0;
        return value / spectrum![0]!;
      });
      values.sort((a, b) => a - b);
      expect(point.layers).toBe(5);
      expect(point.magnitude).toBeCloseTo(values[2]!, 12);
      expect(point.magnitudeLow).toBeCloseTo(values[1]!, 12);
      expect(point.magnitudeHigh).toBeCloseTo(values[3]!, 12);
    }
  });

  it('have one point at a place where the first singular value lies on one', async () => {
    const ten = { ...study, blocks: ['pointwise' as const], protocol: { channels: '10:10' } };
    const { folder } = await runStudy(
      { ...ten, taps: ['output'] },
      { out: `${made.folder}-ten`, workers: 0 },
    );
    const points = await readSpectrumPoints(folder);
    const places = points.map((point) =>
      JSON.stringify([...Object.values(point).slice(0, 4), point.position]),
    );
    expect(new Set(places).size).toBe(places.length);
  });

  it('accumulate to one', async () => {
    const points = await readCumulativePoints(made.folder);
    const rows = await rowsOf(made.folder);
    expect(points.length).toBe(8 * 37);
    for (const point of points) {
      const shares = layersAt(rows, point).map(({ spectrum }) => {
        return (
          spectrum!.filter((sigma) => sigma <= point.magnitude * spectrum![0]!).length / spectrum!.length
        );
      });
      expect(point.share).toBeCloseTo(shares.reduce((sum, share) => sum + share, 0) / 5, 12);
      if (point.magnitude === 1) expect(point.share).toBe(1);
    }
  });

  const layersAt = (rows: LayerRow[], point: { block: string; activation: string; dimensionRatio: number }) =>
    rows.filter((row) =>
      (['block', 'activation', 'dimensionRatio'] as const).every((key) => row[key] === point[key]),
    );
});
