import { describe, expect, it } from 'vitest';
import { GramSum } from '../../../src/spectrum/wasm/gram-sum.js';
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
    expect(sum.certifiedCount({ absolute: tau })).toMatchObject({ rank: 18, certified: true, way: 'gram' });
    expect(sum.certifiedCount({ absolute: tau })).toMatchObject({ rank: 18, certified: true, way: 'gram' });
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
