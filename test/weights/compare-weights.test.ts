import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { foldNormalization } from '../../src/formats/layers/fold-normalization.js';
import { layersOf } from '../../src/formats/layers/layers-of.js';
import { openModel } from '../../src/formats/open-model.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';
import { singularValues } from '../../src/spectrum/singular-values.js';
import { compareLayerWeights } from '../../src/weights/compare-layer-weights.js';
import { compareWeights, resolveComparison } from '../../src/weights/compare-weights.js';
import { rankscope } from '../cli/rankscope.js';
import { writeSafetensors, type Written } from './write-safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

function normal(count: number, name: string): Float32Array {
  const data = new Float64Array(count);
  fillNormal(createStream(0, name), data);
  return Float32Array.from(data);
}

const tensor = (shape: readonly number[], name: string): Written => ({
  shape,
  data: normal(
    shape.reduce((product, n) => product * n),
    name,
  ),
});

/** The tensor plus a product of rank 3, a tenth as large. */
function adapted({ shape, data }: Written): Written {
  const [rows, columns] = shape as [number, number];
  const [up, down] = [normal(rows * 3, 'up'), normal(3 * columns, 'down')];
  const out = Float64Array.from(data);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < 3; k++)
      for (let j = 0; j < columns; j++)
        out[i * columns + j]! += 0.06 * up[i * 3 + k]! * down[k * columns + j]!;
  return { shape, data: Float32Array.from(out) };
}

const base: Record<string, Written> = {
  'net.low.weight': tensor([48, 64], 'low'),
  'net.scaled.weight': tensor([16, 8, 3, 3], 'scaled'),
  'net.same.weight': tensor([20, 30], 'same'),
  'net.shape.weight': tensor([20, 30], 'shape'),
  'net.bad.weight': tensor([5, 6], 'bad'),
  'net.gone.weight': tensor([5, 6], 'gone'),
};
const changed: Record<string, Written> = {
  'net.low.weight': adapted(base['net.low.weight']!),
  'net.scaled.weight': {
    shape: [16, 8, 3, 3],
    data: base['net.scaled.weight']!.data.map((value) => 1.25 * value),
  },
  'net.same.weight': base['net.same.weight']!,
  'net.shape.weight': tensor([20, 31], 'shape'),
  'net.bad.weight': {
    shape: [5, 6],
    data: base['net.bad.weight']!.data.map((value, i) => (i === 8 ? NaN : value)),
  },
  'net.new.weight': tensor([4, 5], 'new'),
};
const [first, second, wrapped, strange] = ['a', 'b', 'c', 'd'].map((name) =>
  join(folder, `${name}.safetensors`),
) as [string, string, string, string];
writeSafetensors(first, base);
writeSafetensors(second, changed);
writeSafetensors(
  wrapped,
  Object.fromEntries(Object.entries(changed).map(([name, one]) => [`module.${name}`, one])),
);
writeSafetensors(strange, { 'other.weight': tensor([4, 5], 'other') });

describe('compareWeights', () => {
  it('finds the rank of an adaptation, certified, and what moved', async () => {
    const [a, b] = [await openModel(first), await openModel(second)];
    const { layers, skipped } = await compareWeights(a, b, { errors: [0.3, 0.01], subspace: 3 });
    expect(layers.map(({ name }) => name)).toEqual([
      'net.low.weight',
      'net.scaled.weight',
      'net.same.weight',
    ]);
    const [low, scaled, same] = layers as [(typeof layers)[0], (typeof layers)[0], (typeof layers)[0]];
    const data = base['net.low.weight']!.data.map((value, i) => changed['net.low.weight']!.data[i]! - value);
    const spectrum = singularValues({ data, rows: 48, columns: 64 });
    expect(Array.from(low.difference.spectrum)).toEqual(Array.from(spectrum));
    // each rank is the smallest whose rest is within the error
    for (const { error, rank, certified } of low.difference.holding) {
      const rest = (k: number) => Math.hypot(...spectrum.subarray(k)) / Math.hypot(...spectrum);
      expect(certified).toBe(true);
      expect(rest(rank)).toBeLessThanOrEqual(error);
      expect(rest(rank - 1)).toBeGreaterThan(error);
    }
    expect(low.difference.signalRank).toMatchObject({ rank: 3, certified: true });
    expect(low.subspaces!.left.at(-1)!).toBeGreaterThan(1);

    expect(scaled.difference.relativeNorm).toBeCloseTo(0.25, 6);
    expect(scaled.changes.effectiveRank!).toBeCloseTo(0, 4);
    expect(scaled.subspaces!.right.at(-1)!).toBeLessThan(1e-4);
    expect(scaled.difference.ranks[0]!.rank).toBe(scaled.first.ranks[0]!.rank);
    expect(same.difference).toMatchObject({ norm: 0, relativeNorm: 0, holding: [{ rank: 0 }, { rank: 0 }] });

    expect(skipped).toEqual([
      {
        name: 'net.shape.weight',
        reason: '20 x 30 in the first model, 20 x 31 in the second',
      },
      { name: 'net.gone.weight', reason: 'only in the first model' },
      { name: 'net.new.weight', reason: 'only in the second model' },
      { name: 'net.bad.weight', reason: 'NaN at row 1, column 2 (counted from 0) in the second model' },
    ]);
    a.close();
    b.close();
  });

  it('matches layers whose names have another beginning', async () => {
    const [a, b, c] = [await openModel(first), await openModel(second), await openModel(wrapped)];
    const [plain, prefixed] = [await compareWeights(a, b), await compareWeights(a, c)];
    expect(prefixed.layers.map(({ second: _, ...rest }) => rest)).toEqual(
      plain.layers.map(({ second: _, ...rest }) => rest),
    );
    expect(prefixed.layers[0]!.second.name).toBe('module.net.low.weight');
    for (const file of [a, b, c]) file.close();
  });

  it('measures a layer against its twin: normal noise is as far as two independent matrices', async () => {
    const a = await openModel(first);
    const { layers, files } = await compareWeights(a, 'gaussian', { layers: '*low*', subspace: 4 });
    expect(files[1]).toBe('its gaussian twin');
    expect(layers).toHaveLength(1);
    expect(layers[0]!.difference.relativeNorm!).toBeCloseTo(Math.SQRT2, 1);
    expect(layers[0]!.subspaces!.left.at(-1)!).toBeGreaterThan(50);
    a.close();
  });

  it('never compares a folded layer with one that is not', async () => {
    const onnx = await openModel(join(__dirname, '../formats/fixtures/net.onnx'));
    const matrix = layersOf(onnx).layers.find(({ normalization }) => normalization?.factors)!;
    const settings = resolveComparison({ fold: true });
    const pair = { name: matrix.name, one: matrix, other: { ...matrix, normalization: undefined } };
    await expect(compareLayerWeights(pair, settings)).rejects.toThrow('not folded in both');
    const folded = await foldNormalization(matrix);
    const both = await compareLayerWeights({ name: '', one: matrix, other: matrix }, settings);
    const data = await folded.read(0, folded.rows);
    expect(both.first.largest).toBeCloseTo(singularValues({ ...folded, data } as never)[0]!, 4);
    onnx.close();
  });

  it('refuses models without a common layer, and errors and dimensions out of range', async () => {
    const [a, d] = [await openModel(first), await openModel(strange)];
    await expect(compareWeights(a, d)).rejects.toThrow(
      /^invalid models to compare: .*only in the first model/,
    );
    await expect(compareWeights(a, a, { errors: [1] })).rejects.toThrow(
      /^invalid errors\[0\]: 1 \(allowed: a number between/,
    );
    await expect(compareWeights(a, a, { subspace: 0 })).rejects.toThrow(/^invalid subspace: 0/);
    await expect(compareWeights(a, 'twin' as 'gaussian')).rejects.toThrow(/^unknown twin: twin/);
    for (const file of [a, d]) file.close();
  });
});

describe('rankscope compare', () => {
  const run = (...words: string[]) => rankscope(['compare', ...words]);

  it('says in one line what changed, at 80 columns', () => {
    const { stdout } = run(first, second);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      '2 of 3 layers differ, most net.scaled.weight (0.25). Rank 16 holds every difference',
    );
  });

  it('gives the same from the files and from a run that is read back', () => {
    const out = join(folder, 'run');
    const plain = run(first, second, '--json').stdout;
    expect(run(first, second, '--out', out, '--formats', 'svg', '--json').stdout).toBe(plain);
    expect(run(first, second, '--out', out, '--formats', 'svg', '--json', '--resume').stdout).toBe(plain);
  });

  it('asks for two files, or one and a twin', () => {
    expect(run(first).stderr).toContain(
      'missing file: only one given (compare takes two, A and B, or one and --twin)',
    );
    expect(run(first, second, '--twin', 'permuted').stderr).toContain('(allowed: one with --twin)');
    expect(run(first, second, '--error', '1.5').stderr).toContain('invalid error: 1.5');
  });
});
