import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { layersOf } from '../../src/formats/layers/layers-of.js';
import { openModel } from '../../src/formats/open-model.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';
import { ranks } from '../../src/rank/rank.js';
import { singularValues } from '../../src/spectrum/singular-values.js';
import { measureWeights } from '../../src/weights/measure-weights.js';
import { rankscope } from '../cli/rankscope.js';
import { writeSafetensors, type Written } from './write-safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-adapters-'));
afterAll(() => rmSync(folder, { recursive: true }));

function tensor(shape: readonly number[], name: string): Written {
  const data = new Float64Array(shape.reduce((product, n) => product * n, 1));
  fillNormal(createStream(0, name), data);
  return { shape, data: Float32Array.from(data) };
}

/** A tensor of 96 x 12 whose columns span 5 dimensions but for rounding. */
function low(): Written {
  const [left, right] = [tensor([96, 5], 'left').data, tensor([5, 12], 'right').data];
  const data = Float32Array.from({ length: 96 * 12 }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < 5; k++) sum += left[Math.floor(at / 12) * 5 + k]! * right[k * 12 + (at % 12)]!;
    return sum;
  });
  return { shape: [96, 12], data };
}

const one = (value: number): Written => ({ shape: [], data: Float32Array.of(value) });
const path = join(folder, 'adapter.safetensors');
const tensors: Record<string, Written> = {
  'm.q.lora_A.weight': tensor([12, 64], 'A'),
  'm.q.lora_B.weight': low(),
  'm.v.lora_A.default.weight': tensor([8, 20], 'vA'),
  'm.v.lora_B.default.weight': tensor([6, 8], 'vB'),
  'u_conv.lora_down.weight': tensor([4, 6, 3, 3], 'down'),
  'u_conv.lora_up.weight': tensor([10, 4, 1, 1], 'up'),
  'u_conv.alpha': one(2),
  'p.to_q.lora.down.weight': tensor([3, 9], 'pd'),
  'p.to_q.lora.up.weight': tensor([9, 3], 'pu'),
  'alone.lora_down.weight': tensor([4, 9], 'alone'),
  'uneven.lora_down.weight': tensor([4, 9], 'u1'),
  'uneven.lora_up.weight': tensor([9, 5], 'u2'),
  'kernel.lora_down.weight': tensor([4, 9, 1, 1], 'k1'),
  'kernel.lora_up.weight': tensor([9, 4, 3, 3], 'k2'),
  'endless.lora_down.weight': tensor([4, 9], 'e1'),
  'endless.lora_up.weight': tensor([9, 4], 'e2'),
  'endless.alpha': one(Infinity),
  'nan.lora_down.weight': { shape: [1, 2], data: Float32Array.of(1, NaN) },
  'nan.lora_up.weight': tensor([2, 1], 'n'),
};
writeSafetensors(path, tensors);

describe('adapters', () => {
  it('have the spectrum and the certified ranks of the product, beside their width', async () => {
    const model = await openModel(path);
    const tolerances = ['numpy', 'relative:0.3', 'energy:0.9'];
    const { layers } = await measureWeights(model, { tolerances });
    expect(layers.map(({ name, rows, columns, kind }) => [name, rows, columns, kind])).toEqual([
      ['m.q', 96, 64, 'linear'],
      ['m.v.default', 6, 20, 'linear'],
      ['u_conv', 10, 54, 'convolution'],
      ['p.to_q', 9, 9, 'linear'],
    ]);
    expect(layers.map(({ adapter }) => adapter)).toEqual([
      { rank: 12, scale: 1 },
      { rank: 8, scale: 1 },
      { rank: 4, scale: 0.5 },
      { rank: 3, scale: 1 },
    ]);
    expect(layers[2]!.shape).toEqual([10, 6, 3, 3]);
    for (const layer of layers) {
      const matrix = layersOf(model).layers.find(({ name }) => name === layer.name)!;
      const { rows, columns } = layer;
      const data = Float64Array.from(await matrix.read(0, rows));
      const whole = singularValues({ data, rows, columns });
      expect(layer.spectrum).toHaveLength(Math.min(rows, columns, layer.adapter!.rank));
      layer.spectrum.forEach((value, i) =>
        expect(Math.abs(value - whole[i]!)).toBeLessThan(3e-7 * whole[0]!),
      );
      const expected = ranks({ data: Float32Array.from(data), rows, columns }, tolerances);
      layer.ranks.forEach(({ rank, certified }, i) => {
        expect(certified).toBe(true);
        expect(rank).toBe(expected[i]!.rank);
      });
    }
    expect(layers[0]!.signalRank).toMatchObject({ rank: 5, certified: true });
    expect(layers[0]!.ranks[1]!.shareOfFull).toBe(layers[0]!.ranks[1]!.rank / 12);
    model.close();
  });

  it('leaves out what is no product of two halves, with the reason', async () => {
    const model = await openModel(path);
    const { skipped } = await measureWeights(model);
    const reasons = Object.fromEntries(skipped.map(({ name, reason }) => [name, reason]));
    expect(reasons).toEqual({
      alone: 'alone.lora_down.weight without its other half',
      uneven: 'rank 4 in uneven.lora_down.weight, 5 in uneven.lora_up.weight',
      kernel: 'kernel.lora_up.weight has a kernel of 3 x 3: no product of two matrices',
      endless: 'Infinity as alpha in endless.alpha',
      nan: 'NaN at row 0, column 1 (counted from 0) of nan.lora_down.weight',
    });
    model.close();
  });

  it('are printed with their width', () => {
    const { stdout } = rankscope(['model', path, '--layers', '*q']);
    expect(stdout).toMatch(/^m\.q +96x64 r12 +5 +5 +\d+ +5 +- /m);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
