import { describe, expect, it } from 'vitest';

import {
  rank,
  ranks,
  ranksOfSpectrum,
  spectrumAndRanks,
  spectrumAndRanksOfSum,
} from '../../src/rank/rank.js';
import { singularValues } from '../../src/spectrum/singular-values.js';
import { GramSum } from '../../src/spectrum/wasm/gram/gram-sum.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';
import type { Matrix } from '../../src/spectrum/matrix.js';
import { battery } from './battery.js';

const matrix = { data: Float32Array.of(3, 0, 0, 0, 2, 0, 0, 0, 1e-9, 0, 0, 0), rows: 4, columns: 3 };

describe('rank', () => {
  it.each(battery)(
    'agrees with numpy and torch: $name',
    ({ matrix, numpy, numpyTol, torch, matlab, singularValues }) => {
      // numpy refuses an empty matrix; torch, MATLAB and the definition say 0.
      expect(rank(matrix).rank).toBe(numpy ?? 0);
      expect(rank(matrix, { tolerance: 'matlab' }).rank).toBe(
        singularValues.filter((value) => value > matlab).length,
      );
      for (const { tol, rank: expected } of numpyTol) {
        expect(rank(matrix, { tolerance: `absolute:${tol}` }).rank, `tol ${tol}`).toBe(expected);
      }
      for (const { rank: expected, ...given } of torch) {
        expect(rank(matrix, { tolerance: { name: 'torch', ...given } }).rank, JSON.stringify(given)).toBe(
          expected,
        );
      }
    },
  );

  it('says all of its result', () => {
    const tau = 3 * 4 * 2 ** -23;
    const tolerance = { rule: 'numpy', absolute: tau, lower: tau, upper: tau };
    const count = { rank: 2, lower: 2, upper: 2, rankRatio: 0.5 };
    const { ranks: ranked } = spectrumAndRanks(matrix, ['numpy'], { accuracy: 'full' });
    const enclosed = { ...tolerance, lower: expect.closeTo(tau, 15), upper: expect.closeTo(tau, 15) };
    expect(ranked).toEqual([{ ...count, certified: true, method: 'full', tolerance: enclosed }]);
    expect(rank(matrix, { engine: 'ml-matrix' })).toEqual({
      ...count,
      certified: false,
      method: 'full',
      tolerance,
    });
  });

  it('counts without a spectrum, proves it, and encloses the threshold it counted at', () => {
    const { tolerance, ...count } = rank(matrix);
    expect(count).toEqual({ rank: 2, lower: 2, upper: 2, rankRatio: 0.5, certified: true, method: 'gram' });
    expect(tolerance.lower).toBeLessThanOrEqual(3 * 4 * 2 ** -23);
    expect(tolerance.upper).toBeGreaterThanOrEqual(3 * 4 * 2 ** -23);
    expect(tolerance.absolute).toBeGreaterThanOrEqual(tolerance.lower);
    expect(tolerance.absolute).toBeLessThanOrEqual(tolerance.upper);
  });

  it('of an empty matrix goes the way that was asked for', () => {
    const empty = { data: new Float64Array(), rows: 0, columns: 3 };
    expect(rank(empty).method).toBe('gram');
    expect(rank(empty, { accuracy: 'full' }).method).toBe('full');
    expect(rank(empty, { engine: 'ml-matrix' }).method).toBe('full');
    expect(spectrumAndRanks(empty, ['numpy'], { accuracy: 'full' })).toMatchObject({
      method: 'full',
      ranks: [{ method: 'full' }],
    });
  });

  it('is that of the zero and of the empty matrix: 0', () => {
    const rules = ['numpy', 'torch', 'matlab', 'relative:0.1', 'absolute:0', 'absolute:1', 'energy:0.9'];
    for (const data of [new Float64Array(6), new Float32Array(6)]) {
      const zero = { data, rows: 2, columns: 3 };
      const proved = { rank: 0, lower: 0, upper: 0, certified: true, rankRatio: 0 };
      for (const accuracy of ['auto', 'gram', 'full'] as const) {
        for (const result of ranks(zero, rules, { accuracy })) expect(result).toMatchObject(proved);
        for (const result of spectrumAndRanks(zero, rules, { accuracy }).ranks)
          expect(result).toMatchObject(proved);
      }
    }
    expect(rank({ data: new Float64Array(0), rows: 0, columns: 3 })).toMatchObject({ rank: 0, rankRatio: 0 });
    expect(rank({ data: new Float64Array(0), rows: 3, columns: 0 })).toMatchObject({ rank: 0, rankRatio: 0 });
  });

  it('takes several tolerances, in order, from one spectrum', () => {
    const tolerances = ['relative:0.9', 'numpy', { name: 'absolute', t: 0 } as const];
    expect(ranks(matrix, tolerances).map((result) => [result.tolerance.rule, result.rank])).toEqual([
      ['relative:0.9', 1],
      ['numpy', 2],
      ['absolute:0', 3],
    ]);
    expect(ranks(matrix, [])).toEqual([]);
  });

  it('refuses options that it does not know, and what is no tolerance', () => {
    expect(() => rank(matrix, { tolerence: 'relative:0.5' } as never)).toThrow(
      'unknown option: tolerence (near: tolerance; allowed: tolerance, engine, accuracy)',
    );
    expect(() => rank(matrix, 'relative:0.5' as never)).toThrow('invalid options: relative:0.5');
    expect(() => rank(matrix, { tolerance: 0.1 as never })).toThrow('unknown tolerance: 0.1 (allowed: numpy');
    expect(() => rank(matrix, { tolerance: null as never })).toThrow('unknown tolerance: null');
  });

  it('gives an absolute tolerance back as it is', () => {
    for (const absolute of [0, 5e-324, 1e-300, 0.1, 3]) {
      const { tolerance } = rank(matrix, { tolerance: `absolute:${absolute}` });
      expect(tolerance).toMatchObject({ absolute, lower: absolute, upper: absolute });
    }
  });

  it('refuses the Gram method with the engine that does not have it', () => {
    const matrix = { data: Float32Array.of(1, 2, 3, 4), rows: 2, columns: 2 };
    for (const measure of [rank, singularValues]) {
      expect(() => measure(matrix, { engine: 'ml-matrix', accuracy: 'gram' })).toThrow(
        'invalid accuracy: gram (allowed: auto or full with the engine ml-matrix, which has no other method)',
      );
      measure(matrix, { engine: 'ml-matrix', accuracy: 'full' });
    }
  });

  it('takes nothing that would do nothing', () => {
    const given = (value: unknown) => value as never;
    const option = { acuracy: 'gram' };
    expect(() => ranks(matrix, ['numpy'], given(option))).toThrow('unknown option: acuracy');
    expect(() => spectrumAndRanks(matrix, ['numpy'], given(option))).toThrow('unknown option: acuracy');
    expect(() => ranks(matrix, given('numpy'))).toThrow(
      "invalid tolerances: numpy (allowed: a list, such as ['numpy'])",
    );
    expect(() => rank(matrix, { tolerance: given({ name: 'torch', rtoll: 0.1 }) })).toThrow(
      'unknown key of the tolerance torch: rtoll (near: rtol; allowed: name, rtol, atol)',
    );
    for (const tolerance of [
      { name: 'relative', r: [0.5] },
      { name: 'torch', rtol: '1,atol=2' },
    ])
      expect(() => rank(matrix, { tolerance: given(tolerance) })).toThrow(
        /^invalid r(tol)? of the tolerance .*a number/,
      );
    expect(() => rank(matrix, { tolerance: given({ name: 'energy:0.9' }) })).toThrow(
      'unknown tolerance: energy:0.9',
    );
    expect(() => ranks(matrix, given(Array(1)))).toThrow('unknown tolerance: undefined');
    expect(() => ranks(matrix, ['numpy'], given({ accuracy: null }))).toThrow('invalid accuracy: null');
    expect(() => spectrumAndRanksOfSum(given({}), [])).toThrow('invalid sum: object (allowed: a GramSum)');
    expect(() => ranksOfSpectrum(given(undefined), given({}), [])).toThrow('invalid spectrum: undefined');
    expect(() => ranksOfSpectrum(given({ a: 1 }), given({}), [])).toThrow(
      'invalid spectrum: {"a":1} (allowed: a list',
    );
    expect(() => ranksOfSpectrum([1], { rows: 1, columns: 2.5, dtype: 'float32' }, [])).toThrow(
      'invalid matrix columns: 2.5',
    );
    expect(() => rank(given(null))).toThrow(
      'invalid matrix: null (allowed: an object { data, rows, columns })',
    );
  });

  it('refuses a rule on a largest singular value that is no double', () => {
    const huge = { data: Float64Array.of(1.7e308, 1.7e308), rows: 1, columns: 2 };
    for (const measure of [
      () => rank(huge, { tolerance: 'matlab' }),
      () => spectrumAndRanks(huge, ['matlab']),
    ])
      expect(measure).toThrow('invalid largest singular value: Infinity (allowed: at most 1.8e308');
    expect(rank(huge)).toMatchObject({ rank: 1, certified: true });
    const large = { data: Float64Array.of(1.7e308, 0, 0, 1.7e308), rows: 2, columns: 2 };
    expect(rank(large, { tolerance: 'matlab' })).toMatchObject({ rank: 2, certified: true });
  });

  it('never ranks a NaN', () => {
    const broken = { data: Float64Array.of(1, NaN), rows: 1, columns: 2 };
    expect(() => rank(broken)).toThrow(/matrix entry: NaN/);
    expect(() => spectrumAndRanks(broken, ['numpy'])).toThrow(/matrix entry: NaN/);
  });

  it('refuses unknown tolerances and engines', () => {
    expect(() => rank(matrix, { tolerance: 'scipy' })).toThrow(/unknown tolerance: scipy/);
    expect(() => rank(matrix, { engine: 'wsm' as 'auto' })).toThrow(/unknown engine: wsm/);
  });
});

describe('a threshold of at least the largest singular value', () => {
  const equal = (size: number, Numbers: typeof Float32Array | typeof Float64Array) => {
    const data = new Numbers(size * size);
    for (let i = 0; i < size; i++) data[i * (size + 1)] = 3;
    return { data, rows: size, columns: size };
  };
  const random = createStream(0, 'thresholds');
  const matrices: [string, Matrix][] = [
    ['3 x 3 float32', equal(3, Float32Array)],
    ['3 x 3 float64', equal(3, Float64Array)],
    ['30 x 30 float64', equal(30, Float64Array)],
    ['70 x 120 float32', { data: fillNormal(random, new Float32Array(8400)), rows: 70, columns: 120 }],
    ['120 x 70 float64', { data: fillNormal(random, new Float64Array(8400)), rows: 120, columns: 70 }],
    ['1 x 1 float32', { data: Float32Array.of(1e-45), rows: 1, columns: 1 }],
    ['2 x 2 near overflow', { data: Float64Array.of(1e308, 0, 0, 1e308), rows: 2, columns: 2 }],
  ];
  const tolerances = [
    'relative:1',
    'relative:2',
    'torch:rtol=1',
    'torch:rtol=1.5',
    'torch:rtol=1e300',
    'torch:rtol=1,atol=0.1',
  ];

  it.each(matrices)('leaves rank 0, certified, in every way: %s', (_, matrix) => {
    const results = [
      ...ranks(matrix, tolerances),
      ...tolerances.map((tolerance) => rank(matrix, { tolerance })),
      ...spectrumAndRanks(matrix, tolerances, { engine: 'ml-matrix' }).ranks,
      ...spectrumAndRanksOfSum(new GramSum(matrix.rows).addColumns(matrix), tolerances).ranks,
      ...(['gram', 'full', 'auto'] as const).flatMap(
        (accuracy) => spectrumAndRanks(matrix, tolerances, { accuracy }).ranks,
      ),
    ];
    for (const result of results)
      expect(result).toMatchObject({ rank: 0, lower: 0, upper: 0, certified: true, rankRatio: 0 });
  });

  it('leaves rank 0 with numpy, matlab and torch where max(m, n) eps reaches 1', () => {
    const columns = 2 ** 23;
    const row = new Float32Array(columns);
    row[5] = 7;
    const wide = { data: row, rows: 1, columns };
    expect(ranks(wide, ['numpy', 'torch']).map(({ rank, certified }) => [rank, certified])).toEqual([
      [0, true],
      [0, true],
    ]);
    const shape = { rows: 1, columns, dtype: 'float32' } as const;
    const below = { ...shape, columns: columns - 1 };
    expect(ranksOfSpectrum([7], shape, ['numpy'])[0]!.rank).toBe(0);
    expect(ranksOfSpectrum([7], below, ['numpy'])[0]!.rank).toBe(1);
    // the spacing at 7 is that of 4: twice as many columns are needed
    expect(ranksOfSpectrum([7], { ...shape, columns: 2 * columns }, ['matlab'])[0]!.rank).toBe(0);
  });

  it.each(matrices)('is certified too with an absolute one well above: %s', (_, matrix) => {
    const above = `absolute:${Math.min(1.7e308, 1.001 * singularValues(matrix)[0]! + 1e-40)}`;
    expect(rank(matrix, { tolerance: above })).toMatchObject({ rank: 0, certified: true });
    expect(spectrumAndRanks(matrix, [above]).ranks[0]).toMatchObject({ rank: 0, certified: true });
  });

  it('counts values equal to an absolute threshold as zero', () => {
    for (const matrix of [equal(3, Float32Array), equal(3, Float64Array)]) {
      expect(rank(matrix, { tolerance: 'absolute:3' })).toMatchObject({ rank: 0, certified: true });
      expect(rank(matrix, { tolerance: 'absolute:2.9999999999999996' })).toMatchObject({
        rank: 3,
        certified: true,
      });
    }
  });
});

describe('shares at their ends', () => {
  const diagonal = { data: Float64Array.of(4, 0, 0, 0, 2, 0, 0, 0, 1), rows: 3, columns: 3 };

  it.each([
    ['energy:1', 3],
    ['energy:1e-300', 1],
    ['srank:0', 3],
    ['srank:0.9999999999', 1],
  ])('%s', (tolerance, expected) => {
    for (const matrix of [diagonal, { ...diagonal, data: Float32Array.from(diagonal.data) }])
      expect(rank(matrix, { tolerance })).toMatchObject({ rank: expected, certified: true });
    expect(rank(diagonal, { tolerance, engine: 'ml-matrix' }).rank).toBe(expected);
  });
});

describe('a threshold equal to a singular value', () => {
  // a quarter of the values is 4, 2, 1 and 0.5 each; numpy and torch compute them without an error
  const diagonal = (size: number, scale: number) => {
    const data = new Float64Array(size * size);
    for (let i = 0; i < size; i++) data[i * (size + 1)] = 2 ** (2 - (i % 4)) * scale;
    return { data, rows: size, columns: size };
  };

  it.each([
    [4, 1],
    [4, 2 ** 1000],
    [24, 1],
    [64, 2 ** -500],
  ])('does not count it: %d x scale %d', (size, scale) => {
    const matrix = diagonal(size, scale);
    const tolerances = ['relative:0.5', 'torch:rtol=0.25', 'relative:0.125', 'relative:0.3'];
    const counted = [1, 2, 3, 2].map((quarters) => (quarters * size) / 4);
    const ranksOf = (results: readonly { rank: number }[]) => results.map(({ rank }) => rank);
    expect(ranksOf(ranks(matrix, tolerances))).toEqual(counted);
    expect(tolerances.map((tolerance) => rank(matrix, { tolerance }).rank)).toEqual(counted);
    for (const accuracy of ['auto', 'gram', 'full'] as const)
      expect(ranksOf(spectrumAndRanks(matrix, tolerances, { accuracy }).ranks)).toEqual(counted);
    const sum = new GramSum(size).addColumns(matrix);
    expect(ranksOf(spectrumAndRanksOfSum(sum, tolerances).ranks)).toEqual(counted);
    expect(rank(matrix, { tolerance: `absolute:${2 * scale}` }).rank).toBe(size / 4);
  });
});

describe('the threshold of spectrumAndRanks', () => {
  it.each(['gram', 'full'] as const)('encloses the exact one: %s', (accuracy) => {
    // sigma_1 is √2, the root of an integer matrix's eigenvalue, which no double is
    const data = Float64Array.of(1, 1, 0, 0, 0, 0, 0, 0, 1);
    const matrix = { data, rows: 3, columns: 3 };
    const [result] = spectrumAndRanks(matrix, ['relative:0.5'], { accuracy }).ranks;
    const { lower, upper, absolute } = result!.tolerance;
    expect(4 * lower ** 2).toBeLessThan(2);
    expect(4 * upper ** 2).toBeGreaterThan(2);
    expect(upper - lower).toBeLessThan(1e-9);
    expect(absolute >= lower && absolute <= upper).toBe(true);
    expect(spectrumAndRanks(matrix, ['absolute:0.5'], { accuracy }).ranks[0]!.tolerance).toEqual({
      ...{ rule: 'absolute:0.5', absolute: 0.5, lower: 0.5, upper: 0.5 },
    });
  });
});

describe('ranksOfSpectrum', () => {
  it('needs sizes and precision only', () => {
    const results = ranksOfSpectrum([4, 3, 1e-6], { rows: 3, columns: 8, dtype: 'float32' }, [
      'numpy',
      'relative:1e-9',
    ]);
    expect(results.map((result) => result.rank)).toEqual([2, 3]);
    expect(results.every((result) => !result.certified && result.lower === result.upper)).toBe(true);
  });

  it('takes only a spectrum that is one, and fits', () => {
    const ranksOf = (spectrum: number[]) =>
      ranksOfSpectrum(spectrum, { ...matrix, dtype: 'float32' }, ['numpy']);
    expect(ranksOf([1, 1, 1])[0]!.rank).toBe(3);
    expect(() => ranksOf([1, 1])).toThrow(/invalid spectrum length: 2 .*= 3/);
    expect(() => ranksOf([1, 2, 0])).toThrow(/invalid singular value at 1: 2/);
    expect(() => ranksOf([1, 0, -1])).toThrow(/invalid singular value at 2: -1/);
    expect(() => ranksOf([NaN, 0, 0])).toThrow(/invalid singular value at 0: NaN/);
    expect(() => ranksOf([Infinity, 0, 0])).toThrow(/invalid singular value at 0: Infinity/);
  });
});

describe('spectrumAndRanksOfSum', () => {
  const tolerances = ['numpy', 'relative:0.5', 'energy:0.9', 'srank:0.01', 'absolute:2.5'];

  it('gives what the matrix itself gives', () => {
    const whole = spectrumAndRanks(matrix, tolerances);
    const sum = spectrumAndRanksOfSum(new GramSum(4).addColumns(matrix), tolerances);
    expect(sum.ranks.map(({ rank, certified, rankRatio }) => ({ rank, certified, rankRatio }))).toEqual(
      whole.ranks.map(({ rank, certified, rankRatio }) => ({ rank, certified, rankRatio })),
    );
    expect(sum.ranks.map(({ tolerance }) => tolerance.rule)).toEqual(tolerances);
    expect([...sum.spectrum].map((value) => value.toFixed(6))).toEqual(['3.000000', '2.000000', '0.000000']);
  });

  it('goes by the precision of the data, unless told', () => {
    const [single, double] = [Float32Array, Float64Array].map((Data) => ({
      ...matrix,
      data: Data.from(matrix.data),
    }));
    const thresholds = [[single!], [double!], [single!, double!]].map((pieces) => {
      const sum = pieces.reduce((all, piece) => all.addColumns(piece), new GramSum(4));
      const [own, told] = [undefined, 'float32' as const].map(
        (dtype) => spectrumAndRanksOfSum(sum, ['numpy'], dtype).ranks[0]!.tolerance.absolute,
      );
      return own! / told!;
    });
    expect(thresholds).toEqual([1, 2 ** -29, 2 ** -29]);
    expect(() => spectrumAndRanksOfSum(new GramSum(4), [], 'float16' as 'float32')).toThrow(
      'unknown dtype: float16 (near: float32, float64; allowed: float32, float64)',
    );
  });

  it('has rank 0 where nothing was added, and refuses an unknown tolerance', () => {
    const { spectrum, ranks: none } = spectrumAndRanksOfSum(new GramSum(4), tolerances);
    expect(spectrum.length).toBe(0);
    expect(none.map(({ rank, certified }) => [rank, certified])).toEqual(tolerances.map(() => [0, true]));
    expect(() => spectrumAndRanksOfSum(new GramSum(4), ['nearly'])).toThrow('unknown tolerance: nearly');
  });
});
