import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DepthRow } from '../../src/depth/depth-row.js';
import { toCsv } from '../../src/files/csv.js';
import { openModel } from '../../src/formats/open-model.js';
import { layerSpectrumFigure } from '../../src/plots/figures/layer-spectrum.js';
import { drawKeptRun } from '../../src/report/draw-kept-run.js';
import { depthRun } from '../../src/runs/depth-run.js';
import { latencyRun } from '../../src/runs/latency-run.js';
import { readWeightsRun } from '../../src/runs/read-weights-run.js';
import { weightsRun } from '../../src/runs/weights-run.js';
import { executeRun } from '../../src/store/execute-run.js';
import { keepRun } from '../../src/store/keep-run.js';
import { mergeParts } from '../../src/store/merge-parts.js';
import { selectLayers } from '../../src/weights/select-layers.js';
import { writeSafetensors } from '../weights/write-safetensors.js';

const base = mkdtempSync(join(tmpdir(), 'rankscope-kept-'));
afterAll(() => rmSync(base, { recursive: true }));
const folders = ['whole', 'part-1', 'part-2', 'merged'].map((name) => join(base, name));
const [whole, first, second, merged] = folders as [string, string, string, string];

const matrix = (rows: number, columns: number) => ({
  shape: [rows, columns],
  data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * i + rows)),
});

beforeAll(async () => {
  const path = join(base, 'model.safetensors');
  writeSafetensors(path, {
    'a.conv.weight': matrix(8, 12),
    'b.weight': matrix(20, 5),
    'c.weight': matrix(6, 6),
  });
  const model = await openModel(path);
  const { layers } = selectLayers(model);
  const spec = {
    format: model.format,
    layers: layers.map(({ name }) => name),
    tolerances: ['numpy'],
    ...{ baseline: 'permuted' as const, seed: 0, fold: false },
  };
  const context = { layers, path, workers: 0 };
  await executeRun(weightsRun, spec, { out: whole, context });
  await executeRun(weightsRun, spec, { out: first, shard: '1/2', context });
  await executeRun(weightsRun, spec, { out: second, shard: '2/2', context });
  await mergeParts(weightsRun, [second, first], { out: merged });
  model.close();
});

describe('runs of weights', () => {
  it('are the same whole and merged from their parts', async () => {
    const [one, other] = [await readWeightsRun(whole), await readWeightsRun(merged)];
    expect(one.layers.map(({ name }) => name)).toEqual(['a.conv.weight', 'b.weight', 'c.weight']);
    expect(other.layers).toEqual(one.layers);
    await expect(mergeParts(weightsRun, [first], { out: join(base, 'half') })).rejects.toThrow(
      'missing shards: 2/2',
    );
  });

  it('are drawn as points of all layers, or as the spectrum of one', async () => {
    const drawn = await drawKeptRun(merged, { formats: ['svg'] });
    expect(drawn[0]).toBe(join(merged, 'model.svg'));
    const own = await drawKeptRun(merged, { formats: ['svg'], layer: 'conv' });
    expect(own[0]).toBe(join(merged, 'layer.svg'));
    await expect(drawKeptRun(merged, { layer: '*weight' })).rejects.toThrow(
      'invalid layer: *weight (allowed: one layer, such as a.conv.weight, b.weight, c.weight)',
    );
    await expect(drawKeptRun(merged, { study: { predict: true } })).rejects.toThrow(
      'invalid predict: true (allowed: only for runs of a study)',
    );
  });

  it('have a spectrum with its baseline, edge and floor, and say how many values are cut off', async () => {
    const [layer] = (await readWeightsRun(whole)).layers;
    const { data, spec, description } = layerSpectrumFigure(layer!);
    expect(data['spectrum']).toHaveLength(16);
    expect(data['edges']).toEqual([
      { words: `noise edge: ${layer!.noise.beyond} beyond`, value: Number(layer!.noise.edge.toPrecision(6)) },
      { words: 'rounding floor: 8 above', value: Number(layer!.signalRank.floor.toPrecision(6)) },
    ]);
    expect(description).toContain('8 singular values of a.conv.weight');
    expect(JSON.stringify(spec)).not.toContain('below the axis');
    const spectrum = layer!.spectrum.map((value, i) => (i < 6 ? value : 0));
    expect(JSON.stringify(layerSpectrumFigure({ ...layer!, spectrum }).spec)).toContain(
      "2 of the layer's values",
    );
    expect(() =>
      layerSpectrumFigure({ ...layer!, spectrum: new Float64Array(8), baselineSpectrum: null }),
    ).toThrow('missing singular values above 0: a.conv.weight');
  });
});

describe('runs of depth and latency', () => {
  const backend = { name: 'cpu', version: '4.22.0' };
  const networks = [{ name: 'rexnet-1.0', resolution: 224 }];

  it('are drawn again as their commands draw them', async () => {
    const depth = join(base, 'depth');
    const row = {
      ...{
        network: 'rexnet-1.0',
        seed: 0,
        layer: 'block 1',
        block: 1,
        tap: 'output',
      },
      ...{ channelsIn: 3, channels: 8, size: 4, positions: 32, rank: 7, lower: 7, upper: 7, certified: true },
      ...{ rankRatio: 7 / 8, effectiveRank: 3, effectiveRatio: 3 / 8, stableRank: 2, largest: 10 },
      tolerance: 'relative:0.01',
    } as DepthRow;
    await keepRun(depthRun, { folder: depth, overwrite: false }, async (begin) => {
      const about = { inputs: null, weights: null, seed: 0, images: '2 images', skipped: [], leftOut: null };
      const spec = { networks, ...about, tolerances: [row.tolerance] };
      const write = await begin({ spec, count: { done: 1, total: 1 }, backend });
      await write('rows.csv', toCsv([row]));
      return 'complete';
    });
    expect((await drawKeptRun(depth, { formats: ['svg'] }))[0]).toBe(join(depth, 'depth.svg'));

    const latency = join(base, 'latency');
    const times = {
      ...{ name: 'rexnet-1.0', resolution: 224, params: 10, macs: 20, batch: 1, samples: [2] },
      ...{ lowerQuartile: 1, median: 2, upperQuartile: 3, published: { label: 'ReXNet x1.0', top1: 77.9 } },
    };
    await keepRun(latencyRun, { folder: latency, overwrite: false }, async (begin) => {
      const spec = { networks, batch: 1, runs: 1, warmUp: 0, seed: 0, backend };
      const write = await begin({ spec, count: { done: 1, total: 1 }, backend });
      await write('latency.json', JSON.stringify({ networks: [times] }));
      return 'complete';
    });
    expect((await drawKeptRun(latency, { formats: ['svg'] }))[0]).toBe(join(latency, 'latency.svg'));
  });
});
