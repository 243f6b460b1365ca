import { describe, expect, it } from 'vitest';

import type { EngineChoice, EngineName } from '../../src/spectrum/engines.js';
import type { Matrix } from '../../src/spectrum/matrix.js';
import { singularValues } from '../../src/spectrum/singular-values.js';
import { battery } from '../rank/battery.js';
import { matrixOf, multiply, orthogonalMatrix, randomMatrix, seeded, transpose } from './matrices.js';

const eps = 2 ** -52;

type Method = 'full' | 'gram';

/**
 * Returns the allowed error of a value. For the full method it is eps times norm times size, times a factor. For the
 * Gram method this is the error of the squares, so a value below about 1e-8 of the largest has no correct digits.
 */
function allowed(method: Method, value: number, largest: number, size: number, factor = 1): number {
  const relative = factor * size * eps;
  if (method === 'full') return relative * largest;
  const ratio = value > 0 ? largest / value : Infinity;
  return Math.min(Math.sqrt(relative), relative * ratio) * largest;
}

/** Expects two spectra to agree as closely as the way allows. */
function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  size: number,
  method: Method,
  factor = 1,
): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const bound = allowed(method, expected[i]!, expected[0]!, size, factor);
    expect(Math.abs(actual[i]! - expected[i]!), `value ${i} of ${expected.length}`).toBeLessThanOrEqual(
      bound,
    );
  }
}

// One suite over every engine and way; ml-matrix has only the full one.
const contenders: readonly [EngineName, Method][] = [
  ['wasm', 'gram'],
  ['wasm', 'full'],
  ['ml-matrix', 'full'],
];
describe.each(contenders)('singular values by %s, the %s way', (engine, method) => {
  const spectrum = (matrix: Matrix) => singularValues(matrix, { engine, accuracy: method });

  it.each(battery)('agrees with numpy: $name', ({ matrix, singularValues: expected, rows, columns }) => {
    const before = matrix.data.slice();
    const actual = spectrum(matrix);
    expectClose(actual, expected, rows + columns, method);
    expect(actual).toBeInstanceOf(Float64Array);
    expect(
      actual.every((value, i) => value >= 0 && !Object.is(value, -0) && (i === 0 || value <= actual[i - 1]!)),
    ).toBe(true);
    expect(matrix.data).toEqual(before);
  });

  it('does not change when rows and columns are exchanged', () => {
    for (const [rows, columns] of [
      [7, 19],
      [23, 5],
      [16, 16],
    ] as const) {
      const a = randomMatrix(rows, columns, seeded(rows));
      expectClose(spectrum(transpose(a)), spectrum(a), rows + columns, method);
    }
  });

  it('does not change under orthogonal matrices from either side', () => {
    const random = seeded(2);
    const a = randomMatrix(12, 20, random);
    const turned = multiply(multiply(orthogonalMatrix(12, random), a), orthogonalMatrix(20, random));
    expectClose(spectrum(turned), spectrum(a), 12 + 20, method, 2);
  });

  it('finds the spectrum a matrix was built from', () => {
    const random = seeded(3);
    const values = [5, 4, 4, 3, 1, 1e-3, 1e-9, 0, 0];
    const middle = matrixOf(9, 14, (i, j) => (i === j ? values[i]! : 0));
    const a = multiply(multiply(orthogonalMatrix(9, random), middle), orthogonalMatrix(14, random));
    expectClose(spectrum(a), values, 9 + 14, method, 2);
  });

  it('interlaces: without one column, each value lies between two of the whole', () => {
    const a = randomMatrix(10, 16, seeded(4));
    const whole = spectrum(a);
    const part = spectrum(matrixOf(10, 15, (i, j) => a.data[i * 16 + j]!));
    part.forEach((value, i) => {
      const slack = allowed(method, value, whole[0]!, 26);
      expect(value).toBeLessThanOrEqual(whole[i]! + slack);
      expect(value).toBeGreaterThanOrEqual((whole[i + 1] ?? 0) - slack);
    });
  });

  it('scales with the matrix, exactly for powers of two, from 2^-1000 to 2^1000', () => {
    const a = randomMatrix(8, 11, seeded(5));
    const values = spectrum(a);
    for (const exponent of [-1000, -500, 500, 1000]) {
      const scaled = spectrum({ ...a, data: a.data.map((x) => x * 2 ** exponent) });
      expect(scaled).toEqual(values.map((value) => value * 2 ** exponent));
    }
  });

  it('keeps what a diagonal says, in order and without signs', () => {
    const diagonal = [0, -3, 1e-40, 7, -1e-80, 2];
    const values = spectrum(matrixOf(6, 6, (i, j) => (i === j ? diagonal[i]! : 0)));
    [7, 3, 2, 1e-40, 1e-80, 0].forEach((expected, i) => {
      const bound = engine === 'ml-matrix' ? 12 * eps * expected : allowed(method, expected, 7, 12);
      expect(Math.abs(values[i]! - expected)).toBeLessThanOrEqual(bound);
    });
  });

  it('measures subnormal numbers', () => {
    expect(spectrum(matrixOf(3, 2, (i, j) => (i === j ? 3 * Number.MIN_VALUE : 0)))).toEqual(
      Float64Array.of(3 * Number.MIN_VALUE, 3 * Number.MIN_VALUE),
    );
  });

  // ml-matrix 6.15.1 by itself never returns from these.
  it.each([56, 64, 65, 68, 73, 128])('returns from a %i x %i matrix of ones', (n) => {
    expectClose(spectrum(matrixOf(n, n, () => 1)), [n, ...Array<number>(n - 1).fill(0)], 2 * n, method);
  });

  it('returns from large matrices of low rank', () => {
    const dead = matrixOf(64, 200, (i) => (i % 3 === 0 ? 1 / 3 : 0));
    expectClose(spectrum(dead), [Math.sqrt((22 * 200) / 9), ...Array<number>(63).fill(0)], 264, method);
    const copies = matrixOf(200, 65, (i, j) => Math.sin(j * (1 + (i % 2))));
    expect(
      spectrum(copies)
        .slice(2)
        .every((value) => value < allowed(method, 0, 100, 265)),
    ).toBe(true);
  });

  it('is empty for an empty matrix', () => {
    expect(spectrum({ data: new Float64Array(0), rows: 0, columns: 7 })).toEqual(new Float64Array(0));
    expect(spectrum({ data: new Float32Array(0), rows: 7, columns: 0 })).toEqual(new Float64Array(0));
  });
});

describe('singularValues', () => {
  it('says where a NaN or an infinity is', () => {
    const a = { data: Float32Array.of(1, 2, 3, 4, NaN, 6), rows: 2, columns: 3 };
    expect(() => singularValues(a)).toThrow(/matrix entry: NaN .* row 1, column 1/);
    a.data[4] = -Infinity;
    expect(() => singularValues(a)).toThrow(/matrix entry: -Infinity .* row 1, column 1/);
  });

  it('refuses an unknown engine, with the known ones', () => {
    const a = { data: Float64Array.of(1), rows: 1, columns: 1 };
    expect(() => singularValues(a, { engine: 'lapack' as EngineChoice })).toThrow(
      /unknown engine: lapack .*auto, .*ml-matrix/,
    );
    expect(() => singularValues(a, { engine: 'toString' as EngineChoice })).toThrow(/unknown engine/);
  });

  it('refuses a matrix whose norm no float64 holds', () => {
    expect(() => singularValues(matrixOf(4, 4, () => 1.7e308))).toThrow(
      /invalid largest singular value: Infinity/,
    );
  });
});
