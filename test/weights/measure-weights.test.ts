import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layersOf } from '../../src/formats/layers/layers-of.js';
import { openModel } from '../../src/formats/open-model.js';
import { createStream, nextUnit } from '../../src/random/stream.js';
import { singularValues } from '../../src/spectrum/singular-values.js';
import { checkWeightWorkers } from '../../src/weights/measure-layers.js';
import { measureLayerWeights } from '../../src/weights/measure-layer-weights.js';
import { measureWeights, resolveWeightOptions } from '../../src/weights/measure-weights.js';
import { noiseEdge } from '../../src/weights/noise-edge.js';
import { writeSafetensors, type Written } from './write-safetensors.js';

/** Independent normal numbers (Box and Muller). */
function normals(count: number, label: string): Float32Array {
  const stream = createStream(1, label);
  return Float32Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - nextUnit(stream)));
    return radius * Math.cos(2 * Math.PI * nextUnit(stream));
  });
}

/** A product of two normal matrices: of a rank that is known before it is rounded. */
function ofRank(rows: number, columns: number, rank: number): Float32Array {
  const [left, right] = [normals(rows * rank, 'left'), normals(rank * columns, 'right')];
  const product = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < rank; k++)
      for (let j = 0; j < columns; j++)
        product[i * columns + j]! += left[i * rank + k]! * right[k * columns + j]!;
  return product;
}

const folder = mkdtempSync(join(tmpdir(), 'rankscope-weights-'));
const path = join(folder, 'model.safetensors');
const noise = normals(64 * 128, 'noise');
const spiked = noise.map((value, i) => value + 0.6 * ((i % 2) - 0.5));
const tensors: Record<string, Written> = {
  'low.weight': { shape: [96, 128], data: ofRank(96, 128, 16), dtype: 'BF16' },
  'noise.weight': { shape: [64, 128], data: noise },
  'spiked.weight': { shape: [64, 128], data: spiked },
  'tall.weight': { shape: [90, 20], data: normals(1800, 'tall') },
  'bad.weight': { shape: [4, 8], data: Float32Array.from({ length: 32 }, (_, i) => (i === 13 ? NaN : i)) },
  'rows.weight': {
    shape: [6, 5],
    // rows 1 and 4 are zero, row 3 repeats row 0
    data: Float32Array.from({ length: 30 }, (_, i) => {
      const row = Math.floor(i / 5);
      return row === 1 || row === 4
        ? 0
        : row === 3
          ? (i % 5) + 1
          : ((i * 7) % 11) + 1 + (row === 0 ? -((i * 7) % 11) + (i % 5) : 0);
    }),
  },
  'low.bias': { shape: [96], data: new Float32Array(96) },
};
beforeAll(() => writeSafetensors(path, tensors));
afterAll(() => rmSync(folder, { recursive: true }));

describe('measureWeights', () => {
  it('finds the rank above the rounding of the stored type, certified, where rules by precision see full rank', async () => {
    const model = await openModel(path);
    const { layers, skipped } = await measureWeights(model, { tolerances: ['numpy'] });
    model.close();
    const low = layers.find(({ name }) => name === 'low.weight')!;
    expect(low.dtype).toBe('bfloat16');
    expect(low.ranks[0]).toMatchObject({ rule: 'numpy', rank: 96, shareOfFull: 1, rankRatio: 1 });
    expect(low.signalRank).toMatchObject({ rank: 16, lower: 16, upper: 16, certified: true });
    // the noise of rounding does not reach the floor, and comes near it
    expect(low.spectrum[16]!).toBeLessThan(low.signalRank.floor);
    expect(low.spectrum[16]!).toBeGreaterThan(0.5 * low.signalRank.floor);
    expect(skipped.map(({ name }) => name).sort()).toEqual(['bad.weight', 'low.bias']);
    expect(skipped.find(({ name }) => name === 'bad.weight')!.reason).toBe(
      'NaN at row 1, column 5 (counted from 0)',
    );
  });

  it('tells what stands out from noise, and calls noise nothing else', async () => {
    const model = await openModel(path);
    const { layers } = await measureWeights(model, { layers: '*oise*' });
    const [plain] = layers;
    expect(layers).toHaveLength(1);
    expect(plain!.noise.beyond).toBeLessThanOrEqual(1);
    expect(plain!.baseline!.beyond).toBeLessThanOrEqual(2);
    expect(Math.abs(plain!.baseline!.largest - plain!.largest)).toBeLessThan(5 * plain!.noise.spread);
    const { layers: found } = await measureWeights(model, { layers: 'spiked*', baseline: 'gaussian' });
    expect(found[0]!.noise.beyond).toBe(1);
    expect(found[0]!.baseline).toMatchObject({ kind: 'gaussian' });
    expect([1, 2]).toContain(found[0]!.baseline!.beyond);
    model.close();
  });

  it('counts rows of zeros and repeated rows', async () => {
    const model = await openModel(path);
    const { layers } = await measureWeights(model, { layers: 'rows.*', baseline: 'none' });
    model.close();
    expect(layers[0]).toMatchObject({ deadRows: 2, duplicateRows: 1, baseline: null });
    expect(layers[0]!.ranks[0]!.rank).toBeLessThanOrEqual(3);
  });

  it('measures a matrix in pieces as it does a whole one', async () => {
    const model = await openModel(path);
    const settings = resolveWeightOptions({ tolerances: ['numpy', 'relative:0.01', 'energy:0.99'] });
    for (const name of ['tall.weight', 'noise.weight']) {
      const matrix = layersOf(model).layers.find((layer) => layer.name === name)!;
      const [whole, pieces] = [
        await measureLayerWeights(matrix, settings),
        await measureLayerWeights(matrix, settings, 0),
      ];
      expect(pieces.ranks).toEqual(whole.ranks);
      expect(pieces.signalRank).toEqual(whole.signalRank);
      whole.spectrum.forEach((value, i) => expect(pieces.spectrum[i]! / value).toBeCloseTo(1, 6));
      const expected = singularValues({
        data: tensors[name]!.data,
        rows: matrix.rows,
        columns: matrix.columns,
      });
      expect(Array.from(whole.spectrum)).toEqual(Array.from(expected));
    }
    model.close();
  });

  it('refuses a model of which no layer can be measured, with the reasons', async () => {
    const model = await openModel(path);
    await expect(measureWeights(model, { layers: 'bad.weight' })).rejects.toThrow(
      /^invalid model: .* \(allowed: a file with a layer to measure; .*bad\.weight: NaN at row 1, column 5/,
    );
    model.close();
  });

  it('refuses a pattern that no layer matches, and options that it does not have', async () => {
    const model = await openModel(path);
    await expect(measureWeights(model, { layers: 'conv*' })).rejects.toThrow(
      /^invalid layers: conv\* \(allowed: a pattern that a layer matches, such as low\.weight/,
    );
    await expect(measureWeights(model, { baseline: 'shuffled' as 'none' })).rejects.toThrow(
      /^unknown baseline: shuffled/,
    );
    await expect(measureWeights(model, { tolerance: [] } as object)).rejects.toThrow(
      /^unknown option: tolerance/,
    );
    model.close();
  });
});

describe('noiseEdge', () => {
  it('is passed by one random matrix of twenty, and spreads as it says', () => {
    const [rows, columns, draws] = [32, 64, 400];
    const { edge, spread } = noiseEdge(rows, columns, 1);
    const largest = Array.from(
      { length: draws },
      (_, i) => singularValues({ data: normals(rows * columns, `draw ${i}`), rows, columns })[0]!,
    );
    const share = largest.filter((value) => value > edge).length / draws;
    // 0.05 within 3.3 standard errors and the error of the law at this size
    expect(share).toBeGreaterThan(0.012);
    expect(share).toBeLessThan(0.095);
    const mean = largest.reduce((sum, value) => sum + value, 0) / draws;
    const deviation = Math.sqrt(largest.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1));
    expect(deviation / spread).toBeGreaterThan(0.85);
    expect(deviation / spread).toBeLessThan(1.15);
  });
});

describe('rankscope model', () => {
  const cli = join(__dirname, '../../dist/cli/main.js');
  const run = (...words: string[]) => execFileSync('node', [cli, 'model', ...words], { encoding: 'utf8' });

  it('prints a table of at most 80 columns that says in one line what it found', () => {
    const table = run(path);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(table.replace(/\s+/g, ' ')).toMatch(
      /layers? below full rank above rounding: lowest low\S*, 16 of 96; 2 rows of zeros; 1 repeated row\./,
    );
    expect(table).toContain('left out: bad.weight: NaN at row 1, column 5');
  });

  it('fails where a file is cut off while it is open, and leaves nothing out', async () => {
    const cut = join(folder, 'cut.safetensors');
    writeSafetensors(cut, { 'a.weight': tensors['noise.weight']!, 'b.weight': tensors['tall.weight']! });
    const model = await openModel(cut);
    truncateSync(cut, statSync(cut).size - 8);
    await expect(measureWeights(model)).rejects.toThrow(/cut\.safetensors \(allowed: .*; it was cut off\)/);
    model.close();
  });

  it.skipIf(process.platform === 'win32')('opens a pipe once, without workers', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => checkWeightWorkers(2, pipe)).toThrow('0 with standard input or a pipe');
    expect(() => checkWeightWorkers(0, pipe)).not.toThrow();
  });

  it('prints the same as JSON from the file, from a run of two workers and from the run kept', () => {
    const out = join(folder, 'run');
    const plain = JSON.parse(run(path, '--json')) as { layers: { name: string; ranks: object[] }[] };
    expect(plain).toMatchObject({ file: path, format: 'safetensors' });
    expect(plain.layers.map(({ name }) => name)).toEqual(
      ['low', 'noise', 'spiked', 'tall', 'rows'].map((name) => `${name}.weight`),
    );
    expect(plain.layers[0]!.ranks[0]).toMatchObject({ rule: 'numpy', rank: 96, certified: true });
    const into = (...words: string[]) => run(path, '--json', '--out', out, '--formats', 'svg', ...words);
    into('--shard', '1/2');
    expect(into('--overwrite', '--workers', '2')).toBe(JSON.stringify(plain) + '\n');
    expect(into('--resume')).toBe(JSON.stringify(plain) + '\n');
  });
});
