import { describe, expect, it } from 'vitest';
import { createStream } from '../../src/random/stream.js';
import { fillUniform } from '../../src/random/distributions.js';
import { rank, spectrumAndRanksOfSum } from '../../src/rank/rank.js';
import { centerColumns, centerRows } from '../../src/spectrum/center.js';
import { singularValues } from '../../src/spectrum/singular-values.js';
import { GramSum } from '../../src/spectrum/wasm/gram/gram-sum.js';

const random = (rows: number, columns: number, mean: number) => {
  const data = fillUniform(createStream(1, 'center'), new Float32Array(rows * columns), mean, mean + 1);
  return { data, rows, columns };
};

describe('centerRows', () => {
  it('takes from each row its mean, rounded to the precision of the data', () => {
    const data = Float32Array.of(1, 2, 6, -1, 0, 1);
    const { data: found, ...sizes } = centerRows({ data, rows: 2, columns: 3 });
    expect(found).toEqual(Float32Array.of(-2, -1, 3, -1, 0, 1));
    expect(sizes).toEqual({ rows: 2, columns: 3 });
    expect(data[0]).toBe(1);
    expect(centerRows({ data: Float64Array.of(1e308, 1.5e308), rows: 1, columns: 2 }).data[0]).toBeCloseTo(
      -2.5e307,
      -295,
    );
  });

  it('is the transpose of what centerColumns does, bit for bit', () => {
    const { data, rows, columns } = random(7, 20, 3);
    const turned = new Float32Array(data.length);
    data.forEach((x, i) => (turned[(i % columns) * rows + Math.floor(i / columns)] = x));
    const there = centerColumns({ data: turned, rows: columns, columns: rows }).data;
    const here = centerRows({ data, rows, columns }).data;
    here.forEach((x, i) => expect(there[(i % columns) * rows + Math.floor(i / columns)]).toBe(x));
  });

  it('leaves a row with a NaN or an infinity as it is, so that the error names it', () => {
    const data = Float32Array.of(1, Infinity, 2, 4);
    expect(centerRows({ data, rows: 2, columns: 2 }).data).toEqual(Float32Array.of(1, Infinity, -1, 1));
  });

  it.each([1, 100, 1e6])('takes the spike of a mean near %f away, and the rank stays proved', (mean) => {
    const features = random(24, 96, mean);
    const centered = centerRows(features);
    const [spike = 0] = singularValues(features);
    const [first = 0] = singularValues(centered);
    expect(spike).toBeGreaterThan(0.9 * mean * Math.sqrt(24 * 96));
    expect(first).toBeLessThan(0.6 * (Math.sqrt(24) + Math.sqrt(96)));
    // coarse against the mean, fine against what varies
    const at = { tolerance: 'relative:0.2' };
    expect(rank(centered, at)).toMatchObject({ rank: 24, certified: true });
    if (mean > 1) expect(rank(features, at)).toMatchObject({ rank: 1, certified: true });
    expect(rank(centered, { ...at, engine: 'ml-matrix' }).rank).toBe(24);
    // the Gram matrix of centred features, not the difference of two that cancel
    const sum = new GramSum(24);
    const columns = new Float32Array(24 * 96);
    centered.data.forEach((x, i) => (columns[(i % 96) * 24 + Math.floor(i / 96)] = x));
    sum.addRows({ data: columns, rows: 96, columns: 24 });
    const [counted] = spectrumAndRanksOfSum(sum, ['relative:0.2']).ranks;
    expect(counted).toMatchObject({ rank: 24, certified: true });
  });
});
