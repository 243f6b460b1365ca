import { describe, expect, it } from 'vitest';
import { decodeNumbers } from '../../src/formats/decode-numbers.js';
import type { WeightMatrix } from '../../src/formats/layers/weight-matrix.js';
import { singularValues } from '../../src/spectrum/singular-values.js';
import { encodeHalves, keepEntries } from '../../src/weights/kept-entries.js';
import { measureLayerWeights } from '../../src/weights/measure-layer-weights.js';
import { resolveWeightOptions } from '../../src/weights/measure-weights.js';
import { twinOf } from '../../src/weights/twin-of.js';

type Half = 'float16' | 'bfloat16';
const halves: readonly Half[] = ['float16', 'bfloat16'];

const numbersOf = (codes: Uint16Array, dtype: Half) => decodeNumbers(new Uint8Array(codes.buffer), dtype);

/** A layer of a 16-bit type with numbers of many sizes, subnormal ones and both zeros among them. */
function layerOf(dtype: Half, rows: number, columns: number): WeightMatrix {
  const codes = Uint16Array.from({ length: rows * columns }, (_, i) =>
    i < 4 ? [0x8000, 0, 1, 0x8003][i]! : (dtype === 'float16' ? 0x2800 : 0x3c00) + ((i * 40503) & 0x83ff),
  );
  const numbers = numbersOf(codes, dtype);
  return {
    ...{ name: 'w', aliases: [], kind: 'linear', rows, columns, shape: [rows, columns], dtype, notes: [] },
    read: (row, count, column = 0, width = columns - column) =>
      Promise.resolve(
        Float32Array.from({ length: count * width }, (_, i) => {
          return numbers[(row + Math.floor(i / width)) * columns + column + (i % width)]!;
        }),
      ),
  };
}

describe.each(halves)('%s', (dtype) => {
  it('has a code for each number, which is that of the file', () => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, code) => code);
    const numbers = numbersOf(all, dtype) as Float32Array;
    const finite = all.filter((code) => Number.isFinite(numbers[code]!));
    expect(finite.length).toBeGreaterThan(60_000);
    const codes = new Uint16Array(finite.length);
    encodeHalves(numbersOf(finite, dtype) as Float32Array, dtype, codes);
    expect(codes).toEqual(finite);
  });

  it('is kept in 16 bits, and read again as it was', async () => {
    const layer = layerOf(dtype, 7, 10);
    const kept = await keepEntries(layer, true);
    expect(kept.values).toBeInstanceOf(Uint16Array);
    for (let row = 0; row < 7; row++) kept.set(await layer.read(row, 1), 10 * row);
    const places: [number, number, number?, number?][] = [
      [0, 7],
      [2, 3, 4, 5],
      [6, 1, 9, 1],
      [1, 2, 0, 10],
    ];
    for (const place of places) expect(await kept.read(...place)).toEqual(await layer.read(...place));
    const wide = await keepEntries(layer, false);
    expect(wide.values).toBeInstanceOf(Float32Array);
    const scaled = { ...layer, quantisation: { scale: 3, scales: 1 } };
    expect((await keepEntries(scaled, true)).values).toBeInstanceOf(Float32Array);
  });

  it('has in pieces the baseline of its twin', async () => {
    const layer = layerOf(dtype, 12, 40);
    const settings = resolveWeightOptions({ baseline: 'permuted', seed: 5, tolerances: ['relative:0.01'] });
    const twin = twinOf(layer, 'permuted', 5);
    const data = (await twin.read(0, 12)) as Float32Array;
    const expected = singularValues({ data, rows: 12, columns: 40 });
    for (const entries of [0, 10_000]) {
      const { baselineSpectrum } = await measureLayerWeights(layer, settings, entries);
      baselineSpectrum!.forEach((value, i) =>
        expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6 * expected[0]!),
      );
    }
  });
});
