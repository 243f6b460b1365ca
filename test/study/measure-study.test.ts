import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { drawSizes } from '../../src/layers/layer.js';
import { measureStudy, type MeasureOptions } from '../../src/study/measure-study.js';
import { layerCount, resolveStudy, type StudyInput } from '../../src/study/study.js';
import type { LayerRow } from '../../src/study/layer-row.js';

const tiny: StudyInput = {
  blocks: ['pointwise', 'inverted-depthwise'],
  activations: ['linear', 'silu'],
  ratios: [0.25, 1],
  layers: 3,
  taps: ['expand', 'output'],
  spectra: true,
  protocol: { channels: '8:24', tolerances: ['numpy', 'relative:0.01'] },
};

async function rowsOf(given: StudyInput, options: MeasureOptions = {}): Promise<LayerRow[]> {
  const rows: LayerRow[] = [];
  const own = Object.keys(options.activations ?? {});
  for await (const layer of measureStudy(resolveStudy(given, own), { workers: 0, ...options }))
    rows.push(...layer);
  return rows;
}

describe('measureStudy', () => {
  it('measures every layer of the grid at every tap its block has', async () => {
    const rows = await rowsOf(tiny);
    const study = resolveStudy(tiny);
    expect(layerCount(study)).toBe(24);
    expect(rows.length).toBe(12 + 2 * 12); // pointwise has one of the two taps
    for (const row of rows) {
      const { block, dimensionRatio, layer: index } = row;
      const sizes = drawSizes({ seed: 0, block, dimensionRatio, index }, study.protocol);
      expect(row).toMatchObject({
        dIn: sizes.dIn,
        dOut: sizes.dOut,
        hidden: sizes.hidden,
        columns: sizes.columns,
      });
      expect(row.channels).toBe(row.tap === 'expand' ? row.hidden : row.dOut);
      expect(row.spectrum).toHaveLength(Math.min(row.channels, row.columns));
      expect(row.ranks.map(({ tolerance }) => tolerance)).toEqual(['numpy', 'relative:0.01']);
      for (const { rank, absolute } of row.ranks)
        expect(rank).toBe(row.spectrum!.filter((s) => s > absolute).length);
    }
  });

  it('finds the rank that linear layers have by construction', async () => {
    const linear = { ...tiny, activations: ['linear'], taps: ['output' as const], layers: 8 };
    // one pixel, no bias: f(X) = W X has rank min(d_in, d_out, N)
    const rows = await rowsOf({
      ...linear,
      blocks: ['pointwise', 'conv3x3'],
      protocol: { channels: '8:24', bias: 'none' },
    });
    for (const row of rows) expect(row.ranks[0]!.rank).toBe(row.dIn);
    // a bias adds one direction, the constant one, unless the rank is full
    for (const row of await rowsOf({ ...linear, blocks: ['pointwise'], protocol: { channels: '8:24' } })) {
      expect(row.ranks[0]!.rank).toBe(Math.min(row.dIn + 1, row.dOut));
    }
    // over 3 x 3 pixels a 3x3 convolution sees nine times as many inputs
    const wide = { channels: '40:40', bias: 'none', spatial: 3, samples: '4x', padding: 'valid' as const };
    for (const row of await rowsOf({ ...linear, blocks: ['conv3x3'], ratios: [0.05, 0.1], protocol: wide })) {
      expect(row.ranks[0]!.rank).toBe(Math.min(9 * row.dIn, row.dOut));
    }
  });

  it('gives the same layer for a smaller grid, fewer layers, other activations', async () => {
    const all = await rowsOf(tiny);
    const some = await rowsOf({
      ...tiny,
      blocks: ['inverted-depthwise'],
      activations: ['silu'],
      ratios: [1],
      layers: 2,
    });
    const same = all.filter(
      (row) =>
        row.block === 'inverted-depthwise' &&
        row.activation === 'silu' &&
        row.dimensionRatio === 1 &&
        row.layer < 2,
    );
    expect(some).toEqual(same);
  });

  it('counts the same ranks without metrics, and leaves them out', async () => {
    const given = { ...tiny, spectra: false };
    const measured = await rowsOf(given);
    const counted = await rowsOf({ ...given, metrics: false });
    const ranksOf = (rows: LayerRow[]) =>
      rows.map(({ ranks }) => ranks.map(({ rank, certified }) => ({ rank, certified })));
    expect(ranksOf(counted)).toEqual(ranksOf(measured));
    const values = ({ largest, smallest, effectiveRank, conditionNumber, spectrum }: LayerRow) => [
      largest,
      smallest,
      effectiveRank,
      conditionNumber,
      spectrum,
    ];
    for (const row of counted) expect(values(row)).toEqual(Array(5).fill(null));
    for (const { largest, effectiveRank } of measured) expect(largest! * effectiveRank!).toBeGreaterThan(0);
  });

  it('takes a study as a user writes it', async () => {
    const given = {
      blocks: ['pointwise' as const],
      activations: ['relu'],
      ratios: [0.5],
      layers: 2,
      protocol: { channels: '8:8' },
    };
    const rows: LayerRow[] = [];
    for await (const layer of measureStudy(given, { workers: 0 })) rows.push(...layer);
    expect(rows.map(({ seed, layer }) => [seed, layer])).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  it('stops between layers when told to', async () => {
    const controller = new AbortController();
    const rows: LayerRow[] = [];
    for await (const layer of measureStudy(resolveStudy(tiny), { workers: 0, signal: controller.signal })) {
      rows.push(...layer);
      if (rows.length > 4) controller.abort();
    }
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.length).toBeLessThan(12);
  });

  it("measures a user's own function of a tensor", async () => {
    const square = (x: tf.Tensor) => tf.square(x);
    const study = {
      ...tiny,
      blocks: ['pointwise' as const],
      activations: ['square'],
      ratios: [0.25],
      layers: 5,
    };
    const bare = { channels: '20:20', bias: 'none', inputs: 'normal' };
    const rows = await rowsOf({ ...study, protocol: bare }, { activations: { square } });
    // the squares of d_in = 5 inputs' linear forms span the products of two inputs: 5 x 6 / 2 = 15
    for (const row of rows) expect(row.ranks[0]!.rank).toBe(15);
  });

  it('says which layer put out what is no number', async () => {
    const broken = { activations: { broken: (x: tf.Tensor) => tf.div(x, 0) } };
    await expect(rowsOf({ ...tiny, activations: ['broken'] }, broken)).rejects.toThrow(
      /^layer 0 of pointwise at ratio 0.25: invalid matrix entry: -?Infinity .*row 0, column 0/,
    );
  });

  it('refuses functions for workers, and workers that are none', async () => {
    const own = { activations: { same: (x: tf.Tensor) => x } };
    await expect(rowsOf({ ...tiny, activations: ['same'] }, { ...own, workers: 2 })).rejects.toThrow(
      /^invalid workers: 2/,
    );
    await expect(rowsOf(tiny, { workers: 1.5 })).rejects.toThrow(/^invalid workers: 1.5/);
  });
});
