import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/spectrum/matrix.js';
import { GramSum } from '../../../src/spectrum/wasm/gram/gram-sum.js';
import { WasmEngine } from '../../../src/spectrum/wasm/wasm-engine.js';
import { gaussian } from './planted.js';
import { seeded } from './random.js';

describe.each(['float32', 'float64'] as const)('a sum of pieces, %s', (type) => {
  const whole = gaussian(seeded(1), 40, 700, type);
  const piece = (from: number, to: number): typeof whole => ({
    data: whole.data.filter((_, i) => i % 700 >= from && i % 700 < to),
    rows: 40,
    columns: to - from,
  });

  it('has the singular values and the rank of the whole, and can be added to afterwards', () => {
    const engine = new WasmEngine();
    const sum = new GramSum(40).addColumns(piece(0, 300));
    sum.singularValues();
    sum.certifiedCount({ relative: 1e-5 });
    sum.addColumns(piece(300, 301)).addColumns(piece(301, 700));
    expect(sum.columns).toBe(700);
    const expected = engine.singularValues(whole, { accuracy: 'gram' }).values;
    for (const [i, value] of sum.singularValues().values.entries()) {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-13 * expected[0]!);
    }
    const tau = (expected[17]! + expected[18]!) / 2;
    expect(sum.certifiedCount({ absolute: tau })).toMatchObject({
      rank: 18,
      certified: true,
      method: 'gram',
    });
    expect(sum.certifiedCount({ absolute: tau })).toMatchObject({
      rank: 18,
      certified: true,
      method: 'gram',
    });
  });

  it('takes features as rows of positions too', () => {
    const rows = (from: number, to: number): typeof whole => {
      const data = whole.data.slice(0, (to - from) * 40);
      return {
        data: data.map((_, i) => whole.data[(i % 40) * 700 + from + Math.floor(i / 40)]!),
        rows: to - from,
        columns: 40,
      };
    };
    const sum = new GramSum(40).addRows(rows(0, 333)).addRows(rows(333, 700));
    const expected = new GramSum(40).addColumns(whole).singularValues().values;
    expect(sum.columns).toBe(700);
    for (const [i, value] of sum.singularValues().values.entries()) {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-13 * expected[0]!);
    }
    expect(() => sum.addRows(whole)).toThrow('invalid matrix side: 700');
  });

  it('gives spectrum and counts from one reduction, as they are apart, and can be added to afterwards', () => {
    const sum = new GramSum(40).addColumns(piece(0, 300));
    const { values } = sum.singularValues();
    const thresholds = [
      { absolute: (values[17]! + values[18]!) / 2 },
      { relative: 1e-5 },
      { absolute: values[5]! },
    ];
    const { spectrum, counts } = sum.spectrumAndCounts(thresholds);
    expect(spectrum.values).toEqual(values);
    expect(counts.map(({ rank, certified }) => [rank, certified]).slice(0, 2)).toEqual([
      [18, true],
      [40, true],
    ]);
    expect(counts[2]).toMatchObject({ lower: 5, upper: 6, certified: false });
    sum.addColumns(piece(300, 700));
    expect(sum.spectrumAndCounts([{ relative: 1e-5 }])).toMatchObject({
      spectrum: new GramSum(40).addColumns(piece(0, 300)).addColumns(piece(300, 700)).singularValues(),
      counts: [{ rank: 40 }],
    });
    expect(
      new GramSum(40).addColumns(piece(0, 3)).spectrumAndCounts([{ relative: 1e-5 }]).counts,
    ).toMatchObject([{ rank: 3, lower: 3, upper: 3, certified: true }]);
  });

  it('has no more values than columns', () => {
    const sum = new GramSum(40).addColumns(piece(0, 3));
    expect(sum.singularValues().values.length).toBe(3);
    expect(sum.certifiedCount({ relative: 1e-5 })).toMatchObject({
      rank: 3,
      lower: 3,
      upper: 3,
      certified: true,
    });
    expect(new GramSum(5).singularValues().values.length).toBe(0);
  });

  it('refuses a piece without being changed by it', () => {
    const sum = new GramSum(40).addColumns(piece(0, 60));
    const before = sum.singularValues();
    const bad = piece(60, 70);
    bad.data[5] = NaN;
    expect(() => sum.addColumns(bad)).toThrow('found at row 0, column 5');
    expect(() => sum.addColumns(gaussian(seeded(2), 41, 3, type))).toThrow('invalid matrix side: 41');
    expect(sum.singularValues()).toEqual(before);
    expect(() => new GramSum(0)).toThrow('invalid rows: 0');
    expect(() => new GramSum(1e6)).toThrow(/invalid size: the Gram matrix of 1000000 rows needs \d+ MiB/);
  });
});

describe('pieces of different kinds', () => {
  const diagonal = (type: 'float32' | 'float64', ...values: number[]): Matrix => {
    const size = values.length;
    const data = type === 'float32' ? new Float32Array(size * size) : new Float64Array(size * size);
    values.forEach((value, i) => {
      data[i * (size + 1)] = value;
    });
    return { data, rows: size, columns: size };
  };
  const valuesOf = (...pieces: Matrix[]) =>
    pieces.reduce((sum, piece) => sum.addColumns(piece), new GramSum(pieces[0]!.rows)).singularValues();

  it('subnormal numbers, then zeros of either type, then more of them', () => {
    const tiny = 2 ** -1074;
    for (const between of [diagonal('float32', 0, 0), diagonal('float64', 0, 0)]) {
      for (const after of [tiny, 3 * tiny, 1e-310, 0]) {
        const sum = new GramSum(2).addColumns(diagonal('float64', tiny, tiny));
        sum
          .addColumns(between)
          .addColumns(diagonal('float64', after, after))
          .addColumns(between);
        const { values } = sum.singularValues();
        for (const value of values)
          expect(Math.abs(value - Math.hypot(1, after / tiny) * tiny)).toBeLessThanOrEqual(
            1e-7 * after + tiny,
          );
        expect(sum.certifiedCount({ absolute: 0 })).toMatchObject({ rank: 2, certified: true });
        const { rank, tau } = sum.certifiedCount({ relative: 0.1 });
        expect(rank).toBe(2);
        expect(tau.lower).toBeLessThanOrEqual(values[0]! / 10);
        expect(tau.upper).toBeGreaterThan(0.99 * Math.max(values[0]! / 10, tiny / 10));
        expect(sum.certifiedCount({ relative: 1.1 })).toMatchObject({ rank: 0, certified: true });
      }
    }
  });

  it.each([
    [4, 1],
    [1e-30, 1e-20],
    [1e30, 1e-30],
    [1e-160, 1],
    [1e160, 1],
    [1e-300, 1e38],
  ])('float64 of %d and float32 of %d have one scale, in either order', (wide, narrow) => {
    const pieces = [diagonal('float64', wide, wide), diagonal('float32', narrow, 2 * narrow)];
    const exact = [2, 1].map((factor) => Math.hypot(wide, Math.fround(narrow) * factor));
    for (const order of [pieces, [...pieces].reverse()]) {
      const { values, relativeError } = valuesOf(...order);
      values.forEach((value, i) => {
        expect(Math.abs(value - exact[i]!)).toBeLessThan(1e-7 * exact[0]!);
        expect(Math.abs((value / exact[0]!) ** 2 - (exact[i]! / exact[0]!) ** 2)).toBeLessThanOrEqual(
          relativeError,
        );
      });
      const sum = order.reduce((all, piece) => all.addColumns(piece), new GramSum(2));
      const [upper, lower] = exact as [number, number];
      const claims = [2 * upper, (upper + lower) / 2, lower / 2].map((absolute) =>
        sum.certifiedCount({ absolute }),
      );
      const apart = upper > 1.001 * lower;
      expect(claims[0]).toMatchObject({ rank: 0, certified: true });
      if (apart) expect(claims[1]).toMatchObject({ rank: 1, certified: true });
      if (lower > 1e-5 * upper) expect(claims[2]).toMatchObject({ rank: 2, certified: true });
    }
  });

  it('zeros do not decide the scale', () => {
    for (const type of ['float32', 'float64'] as const) {
      for (const small of [1e-170, 1e-155, 1e-300]) {
        const sum = new GramSum(2)
          .addColumns(diagonal(type, 0, 0))
          .addColumns(diagonal('float64', small, small));
        expect(sum.certifiedCount({ absolute: 0 })).toMatchObject({ rank: 2, certified: true });
        expect(sum.singularValues().values[1]).toBeCloseTo(small, -Math.log10(small) + 6);
      }
    }
  });
});
