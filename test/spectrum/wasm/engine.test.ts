import { Matrix as MlMatrix, SVD } from 'ml-matrix';
import { describe, expect, it, vi } from 'vitest';
import type { Matrix } from '../../../src/spectrum/matrix.js';
import { WasmEngine } from '../../../src/spectrum/wasm/wasm-engine.js';
import { gaussian, planted, transpose } from './planted.js';
import { seeded } from './random.js';

const EPSILON = 2 ** -52;
const engine = new WasmEngine();
const methods = ['gram', 'full'] as const;
const SHAPES = [
  [1, 1],
  [1, 7],
  [7, 1],
  [2, 2],
  [3, 2],
  [4, 9],
  [16, 16],
  [17, 33],
  [40, 12],
  [48, 50],
  [50, 48],
  [65, 200],
  [200, 65],
  [130, 131],
] as const;

function mlMatrix({ data, rows, columns }: Matrix): number[] {
  return new SVD(MlMatrix.from1DArray(rows, columns, Array.from(data)), {
    autoTranspose: true,
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
  }).diagonal;
}

/** The largest error: of squares beside σ₁² for the Gram method, of values beside σ₁ for the full method. */
function error(values: ArrayLike<number>, expected: ArrayLike<number>, method: 'gram' | 'full'): number {
  expect(values.length).toBe(expected.length);
  const power = method === 'gram' ? 2 : 1;
  const most = expected[0]! === 0 ? 1 : expected[0]!;
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    worst = Math.max(worst, Math.abs((values[i]! / most) ** power - (expected[i]! / most) ** power));
  }
  return worst;
}

function practicalBound({ rows, columns }: Matrix): number {
  return 8 * (rows + columns) * EPSILON;
}

describe.each(methods)('the %s way', (accuracy) => {
  describe.each(['float32', 'float64'] as const)('%s', (type) => {
    it.each(SHAPES)('%i x %i agrees with ml-matrix', (rows, columns) => {
      const matrix = gaussian(seeded(rows * 1000 + columns), rows, columns, type);
      const spectrum = engine.singularValues(matrix, { accuracy });
      expect(spectrum.method).toBe(accuracy);
      expect(error(spectrum.values, mlMatrix(matrix), accuracy)).toBeLessThan(practicalBound(matrix));
      for (let i = 1; i < spectrum.values.length; i++) {
        expect(spectrum.values[i]!).toBeLessThanOrEqual(spectrum.values[i - 1]!);
      }
    });
  });

  const spectra: Record<string, (n: number) => number[]> = {
    'all equal': (n) => Array.from({ length: n }, () => 3),
    clusters: (n) => Array.from({ length: n }, (_, i) => 1 / (1 + Math.floor(i / 4)) + (i % 4) * 1e-13),
    'graded over 30 decades': (n) => Array.from({ length: n }, (_, i) => 10 ** ((-30 * i) / n)),
    'rank deficient': (n) => Array.from({ length: n }, (_, i) => (i < n / 2 ? 1 + i : 0)),
    'rank one': (n) => Array.from({ length: n }, (_, i) => (i === 0 ? 5 : 0)),
    zero: (n) => Array.from({ length: n }, () => 0),
    'rank one and noise': (n) => Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 1e-6)),
  };
  describe.each(Object.keys(spectra))('%s', (name) => {
    it.each([
      [5, 5],
      [12, 30],
      [33, 20],
      [48, 49],
      [60, 61],
      // tridiagonalised in blocks
      [541, 546],
    ])('%i x %i', (rows, columns) => {
      const expected = spectra[name]!(Math.min(rows, columns)).sort((a, b) => b - a);
      const matrix = planted(seeded(rows), rows, columns, expected);
      const { values, relativeError } = engine.singularValues(matrix, { accuracy });
      expect(error(values, expected, accuracy)).toBeLessThan(2 * practicalBound(matrix));
      const power = accuracy === 'gram' ? 2 : 1;
      const bound = relativeError * values[0]! ** power;
      for (const [i, value] of values.entries()) {
        // the planted matrix itself is off by its own roundings
        const off = 200 * EPSILON * expected[0]! ** power;
        expect(Math.abs(value ** power - expected[i]! ** power)).toBeLessThanOrEqual(bound + off);
      }
    });
  });

  it.each([1e-150, 1e150, 2 ** -1000, 2 ** 900, 1e-300])(
    'entries of about %f neither under- nor overflow',
    (factor) => {
      for (const [rows, columns] of [
        [6, 6],
        [6, 20],
        [20, 6],
      ] as const) {
        const matrix = gaussian(seeded(3), rows, columns);
        const scaled = { ...matrix, data: matrix.data.map((x) => x * factor) };
        const expected = engine.singularValues(matrix, { accuracy }).values;
        const { values, relativeError } = engine.singularValues(scaled, { accuracy });
        expect(
          error(
            values.map((x) => x / factor),
            expected,
            accuracy,
          ),
        ).toBeLessThan(practicalBound(matrix));
        expect(relativeError).toBeGreaterThan(0);
        expect(relativeError).toBeLessThan(1e-9);
      }
    },
  );

  it('keeps a float32 matrix of denormals and one of the largest floats apart from zero and infinity', () => {
    for (const factor of [1e-42, 1e37]) {
      const matrix = gaussian(seeded(8), 5, 9, 'float32');
      const scaled: Matrix = { ...matrix, data: matrix.data.map((x) => x * factor) };
      const expected = mlMatrix({ ...scaled, data: Float64Array.from(scaled.data, (x) => x / factor) });
      const { values } = engine.singularValues(scaled, { accuracy });
      expect(
        error(
          values.map((x) => x / factor),
          expected,
          accuracy,
        ),
      ).toBeLessThan(practicalBound(matrix));
    }
  });

  it('does not change under transposition, orthogonal row changes and signs', () => {
    const matrix = gaussian(seeded(1), 24, 37);
    const { values } = engine.singularValues(matrix, { accuracy });
    const flipped = { ...matrix, data: matrix.data.map((x, i) => ((i % 37) % 2 === 0 ? -x : x)) };
    const reversed = { ...matrix, data: matrix.data.slice().reverse() };
    for (const other of [transpose(matrix), flipped, reversed]) {
      expect(error(engine.singularValues(other, { accuracy }).values, values, accuracy)).toBeLessThan(1e-14);
    }
  });

  it('interlaces when a row is taken away', () => {
    const matrix = gaussian(seeded(2), 20, 31);
    const fewer = { data: matrix.data.slice(31), rows: 19, columns: 31 };
    const { values } = engine.singularValues(matrix, { accuracy });
    const inner = engine.singularValues(fewer, { accuracy }).values;
    const slack = 1e-13 * values[0]!;
    for (let i = 0; i < 19; i++) {
      expect(inner[i]!).toBeLessThanOrEqual(values[i]! + slack);
      expect(inner[i]!).toBeGreaterThanOrEqual(values[i + 1]! - slack);
    }
  });

  it.each([
    [0, 0],
    [0, 5],
    [5, 0],
  ])('%i x %i has no singular values', (rows, columns) => {
    const spectrum = engine.singularValues({ data: new Float32Array(0), rows, columns }, { accuracy });
    expect(spectrum).toEqual({ values: new Float64Array(0), relativeError: 0, method: accuracy });
  });

  it.each([NaN, Infinity, -Infinity])('says where an entry is %d', (bad) => {
    for (const Data of [Float32Array, Float64Array]) {
      const data = new Data(20 * 30).fill(1);
      data[7 * 30 + 4] = bad;
      const matrix = { data, rows: 20, columns: 30 };
      expect(() => engine.singularValues(matrix, { accuracy })).toThrow('found at row 7, column 4');
      const tall = { data, rows: 30, columns: 20 };
      expect(() => engine.singularValues(tall, { accuracy })).toThrow('found at row 10, column 14');
    }
  });

  it.each([40, 65, 105])('%i rows of 10,000 and a diagonal of two values: the iteration ends', (n) => {
    // four shifts at once go round in circles here
    const data = Float32Array.from({ length: n * n }, (_, k) => {
      const [i, j] = [Math.floor(k / n), k % n];
      return 10_000 + (i === j ? 1 + (i % 2) : 0);
    });
    const { values } = engine.singularValues({ data, rows: n, columns: n }, { accuracy });
    const [c, ones, twos] = [10_000, Math.ceil(n / 2), Math.floor(n / 2)];
    const largest = (3 + c * n + Math.hypot(1 + c * ones - 2 - c * twos, 2 * c * Math.sqrt(ones * twos))) / 2;
    const between = (2 + c * twos + 2 * c * ones) / largest;
    const expected = [largest, Array(twos - 1).fill(2), between, Array(ones - 1).fill(1)].flat() as number[];
    expect(error(values, expected, accuracy)).toBeLessThan(1e-13);
  });

  it('proves how far its values are off', () => {
    for (const [name, spectrum] of Object.entries(spectra)) {
      const matrix = planted(
        seeded(5),
        40,
        44,
        spectrum(40).sort((a, b) => b - a),
      );
      const [trusted, proved] = [false, true].map((verify) =>
        engine.singularValues(matrix, { accuracy, verify }),
      );
      expect(proved!.values, name).toEqual(trusted!.values);
      // the iteration is as good as it is held to be: only the counts' own error comes on top
      expect(proved!.relativeError, name).toBeGreaterThanOrEqual(trusted!.relativeError);
      expect(proved!.relativeError, name).toBeLessThanOrEqual(1.2 * trusted!.relativeError);
    }
  });

  it('gives the same values a second time, and after memory was given back', () => {
    const matrix = gaussian(seeded(9), 30, 64, 'float32');
    const first = engine.singularValues(matrix, { accuracy });
    engine.singularValues(gaussian(seeded(10), 90, 91), { accuracy });
    expect(engine.singularValues(matrix, { accuracy })).toEqual(first);
    engine.release();
    expect(engine.heldBytes).toBe(0);
    expect(engine.singularValues(matrix, { accuracy })).toEqual(first);
  });
});

describe('the engine', () => {
  it.each([
    [300, 310],
    [257, 900],
    [700, 300],
  ])('%i x %i: both ways agree to the last digits', (rows, columns) => {
    const matrix = gaussian(seeded(rows), rows, columns, 'float32');
    const gram = engine.singularValues(matrix, { accuracy: 'gram' });
    const full = engine.singularValues(matrix, { accuracy: 'full' });
    expect(error(gram.values, full.values, 'gram')).toBeLessThan(practicalBound(matrix));
    expect(gram.relativeError).toBeLessThan(1e-7);
    expect(full.relativeError).toBeLessThan(1e-7);
  });

  it('is not made where WebAssembly does not start', async () => {
    const compile = WebAssembly.Module;
    vi.resetModules();
    try {
      WebAssembly.Module = function refuse() {
        throw new WebAssembly.CompileError('no SIMD');
      } as unknown as typeof compile;
      const fresh = await import('../../../src/spectrum/wasm/wasm-engine.js');
      expect(() => new fresh.WasmEngine()).toThrow('no SIMD');
    } finally {
      WebAssembly.Module = compile;
    }
  });

  it('takes the Gram method for float32 and the full method for float64 by itself', () => {
    expect(engine.singularValues(gaussian(seeded(1), 4, 5, 'float32')).method).toBe('gram');
    expect(engine.singularValues(gaussian(seeded(1), 4, 5, 'float64')).method).toBe('full');
  });

  it('refuses what is not a matrix', () => {
    expect(() => engine.singularValues({ data: new Float32Array(5), rows: 2, columns: 3 })).toThrow(
      'invalid matrix data length: 5 (allowed: rows x columns = 2 x 3 = 6)',
    );
    expect(() => engine.singularValues({ data: new Float32Array(0), rows: -1, columns: 0 })).toThrow(
      RangeError,
    );
    expect(() =>
      engine.singularValues({ data: [1] as unknown as Float32Array, rows: 1, columns: 1 }),
    ).toThrow(TypeError);
    expect(() => engine.singularValues(gaussian(seeded(1), 2, 2), { accuracy: 'best' as 'full' })).toThrow(
      'unknown accuracy: best (allowed: auto, gram, full)',
    );
  });

  it('refuses a size that cannot be held before it allocates, and says what it would need', () => {
    const before = engine.heldBytes;
    // a huge matrix that need not exist: the shape is checked first, then the memory
    const data = new Proxy(new Float32Array(0), {
      get: (target, key) =>
        key === 'length' ? 100_000 * 100_000 : (Reflect.get(target, key, target) as unknown),
    });
    expect(() => engine.singularValues({ data, rows: 100_000, columns: 100_000 })).toThrow(
      /invalid size: a 100000 x 100000 matrix needs \d+ MiB of memory/,
    );
    expect(engine.heldBytes).toBe(before);
  });
});
