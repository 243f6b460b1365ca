import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/spectrum/matrix.js';
import { GramAccumulator } from '../../../src/spectrum/wasm/gram/gram-accumulator.js';
import { entriesIn, panelsOf, placeOf } from '../../../src/spectrum/wasm/gram/gram-matrix.js';
import { spectrumWorkBytes } from '../../../src/spectrum/wasm/gram/gram-spectrum.js';
import { KernelInstance } from '../../../src/kernels/kernel-instance.js';
import { QuantisedGram } from '../../../src/spectrum/wasm/gram/quantised-gram.js';
import { sturmCount } from '../../../src/spectrum/wasm/sturm-count.js';
import { gaussian, transpose } from './planted.js';
import { seeded } from './random.js';
import { gram as gramTwin } from './twins/gram.js';
import * as twins from './twins/householder.js';
import { inertia as inertiaTwin, negativeTrace as negativeTraceTwin } from './twins/inertia.js';
import { tridiagonalEigenvalues as eigenvaluesTwin } from './twins/tridiagonal-eigenvalues.js';

const EPSILON = 2 ** -52;
const SIZES = [1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 18, 31, 33, 47, 48, 49, 52, 64, 97, 130];
const instance = new KernelInstance();
const { kernels } = instance;

/** The matrix in tiles at `offset`, as a whole symmetric n x n matrix. */
function symmetric(offset: number, n: number): Float64Array {
  const at = instance.float64(offset, entriesIn(panelsOf(n)));
  return Float64Array.from({ length: n * n }, (_, k) => {
    const i = Math.floor(k / n);
    const j = k % n;
    return at[placeOf(Math.max(i, j), Math.min(i, j))]!;
  });
}

function frobenius(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

function eigenvaluesOf(diagonal: Float64Array, offDiagonal: Float64Array): Float64Array {
  return eigenvaluesTwin(
    diagonal,
    offDiagonal.map((e) => e * e),
  );
}

describe.each(['float32', 'float64'] as const)('pack and product, %s', (type) => {
  it.each([
    [1, 1],
    [2, 3],
    [3, 300],
    [4, 4],
    [5, 257],
    [7, 512],
    [13, 31],
    [21, 40],
    [25, 3],
    [64, 65],
    [130, 140],
    [142, 33],
    [266, 390],
  ])('%i x %i, along rows and along columns', (rows, columns) => {
    const matrix = gaussian(seeded(rows * 1000 + columns), rows, columns, type);
    const expected = gramTwin(matrix);
    for (const turned of [false, true]) {
      const gram = new GramAccumulator(instance, rows, 0, 'a test');
      if (turned) gram.addRows(transpose(matrix));
      else gram.addColumns(matrix);
      const scale = 4 ** gram.exponent!;
      const computed = symmetric(gram.offset, rows).map((value) => value / scale);
      expect(largestDifference(computed, expected)).toBeLessThan(columns * EPSILON * frobenius(expected));
    }
  });

  it('adds up pieces to the same matrix, whatever their scale', () => {
    const whole = gaussian(seeded(5), 6, 90, type);
    for (let i = 0; i < 6; i++) {
      for (let k = 30; k < 60; k++) whole.data[i * 90 + k]! *= type === 'float64' ? 1e40 : 1e10;
    }
    const expected = gramTwin(whole);
    const gram = new GramAccumulator(instance, 6, 0, 'a test');
    for (let from = 0; from < 90; from += 30) {
      const data = whole.data.filter((_, index) => index % 90 >= from && index % 90 < from + 30);
      gram.addColumns({ data, rows: 6, columns: 30 });
    }
    const scale = 4 ** gram.exponent!;
    const computed = symmetric(gram.offset, 6).map((value) => value / scale);
    expect(largestDifference(computed, expected)).toBeLessThan(90 * EPSILON * frobenius(expected));
  });
});

describe('the quantised product', () => {
  it.each([
    [1, 1],
    [3, 7],
    [8, 8],
    [9, 33],
    [13, 257],
    [40, 512],
    [65, 70],
  ])('%i x %i: near the float64 product, by no more than its distance', (rows, columns) => {
    const matrix = gaussian(seeded(rows + columns), rows, columns, 'float32');
    const gram = QuantisedGram.of(instance, matrix, 0, 'a test')!;
    const computed = symmetric(gram.offset, rows);
    // the same rounding, entry by entry
    const rounded = matrix.data.slice();
    let distance = 0;
    for (let i = 0; i < rows; i++) {
      const row = Float32Array.from(matrix.data.subarray(i * columns, (i + 1) * columns));
      const factor = Math.fround(2896 / row.reduce((most, x) => Math.max(most, Math.abs(x)), 0));
      for (let k = 0; k < columns; k++) {
        const step = roundHalfEven(Math.fround(row[k]! * factor));
        distance += (row[k]! - step / factor) ** 2;
        rounded[i * columns + k] = step;
      }
      for (let j = 0; j < i; j++) expect(computed[i * rows + j]).toBe(computed[j * rows + i]);
    }
    expect(gram.distance).toBeGreaterThanOrEqual(Math.sqrt(distance));
    const integers = gramTwin({ data: Float64Array.from(rounded), rows, columns });
    const factors = Float64Array.from({ length: rows }, (_, i) =>
      Math.sqrt(integers[i * rows + i]! / computed[i * rows + i]!),
    );
    const scaled = computed.map((value, at) => value * factors[Math.floor(at / rows)]! * factors[at % rows]!);
    expect(largestDifference(scaled, integers)).toBeLessThan(8 * EPSILON * frobenius(integers));
  });

  it.each([
    [9, 5],
    [33, 12],
    [257, 13],
    [600, 40],
    [71, 65],
  ])('%i x %i: the bits of its transpose', (rows, columns) => {
    const matrix = gaussian(seeded(rows + columns), rows, columns, 'float32');
    const [tall, wide] = [matrix, transpose(matrix)].map((each) => {
      const gram = QuantisedGram.of(instance, each, 0, 'a test')!;
      return { values: symmetric(gram.offset, columns), distance: gram.distance };
    });
    expect(tall).toEqual(wide);
  });

  it('does not take float64, zero, huge-ranged or non-finite matrices', () => {
    const of = (data: Float32Array | Float64Array, rows: number): unknown =>
      QuantisedGram.of(instance, { data, rows, columns: data.length / rows }, 0, 'a test');
    expect(of(new Float64Array(8).fill(1), 2)).toBeUndefined();
    for (const bad of [0, NaN, Infinity, 1e-35]) {
      expect(of(Float32Array.from([1, 1, 1, 1, bad, bad, bad, bad]), 2)).toBeUndefined();
      expect(of(Float32Array.from([1, bad, 1, bad, 1, bad, 1, bad]), 4)).toBeUndefined();
    }
    expect(of(Float32Array.from([1, 1, 1, NaN]), 1)).toBeUndefined();
  });
});

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

describe('tridiagonalise', () => {
  it.each([...SIZES, 128, 129, 143, 161])('order %i: the eigenvalues of its twin', (n) => {
    const gram = new GramAccumulator(instance, n, spectrumWorkBytes(n), 'a test');
    gram.addColumns(gaussian(seeded(n), n, n + 3));
    const a = symmetric(gram.offset, n);
    const [diagonal, offDiagonal] = [gram.extra, gram.extra + 8 * (n + 2)];
    const work = gram.extra + 16 * (n + 2);
    // what memory held before does not matter
    instance.float64(gram.extra, spectrumWorkBytes(n) / 8).fill(NaN);
    kernels.tridiagonalise(gram.offset, n, diagonal, offDiagonal, work);
    const computed = {
      diagonal: instance.float64(diagonal, n).slice(),
      offDiagonal: instance.float64(offDiagonal, n - 1).slice(),
    };
    const twin = twins.tridiagonalise(a, n);
    const norm = frobenius(a);
    expect(
      largestDifference(
        eigenvaluesOf(computed.diagonal, computed.offDiagonal),
        eigenvaluesOf(twin.diagonal, twin.offDiagonal),
      ),
    ).toBeLessThan(4 * n * EPSILON * norm);
    // the same reflections, not only the same eigenvalues; signs are free, and rounding errors grow step by step
    const last = Math.max(0, n - 12);
    expect(largestDifference(computed.diagonal.slice(last), twin.diagonal.slice(last))).toBeLessThan(
      1e-9 * norm,
    );
    expect(
      largestDifference(
        computed.offDiagonal.slice(last).map(Math.abs),
        twin.offDiagonal.slice(last).map(Math.abs),
      ),
    ).toBeLessThan(1e-9 * norm);
  });

  it('leaves a diagonal matrix alone', () => {
    const n = 37;
    const gram = new GramAccumulator(instance, n, spectrumWorkBytes(n), 'a test');
    const a = instance.float64(gram.offset, entriesIn(gram.panels));
    for (let i = 0; i < n; i++) a[placeOf(i, i)] = i - 4;
    const [d, e, work] = [gram.extra, gram.extra + 8 * n + 8, gram.extra + 16 * n + 16];
    kernels.tridiagonalise(gram.offset, n, d, e, work);
    expect([...instance.float64(d, n)]).toEqual(Array.from({ length: n }, (_, i) => i - 4));
    expect([...instance.float64(e, n - 1)].every((entry) => entry === 0)).toBe(true);
  });

  it.each([1e-24, 1e24])('takes entries of %d and, in one matrix, far smaller ones', (scale) => {
    const n = 24;
    const gram = new GramAccumulator(instance, n, spectrumWorkBytes(n), 'a test');
    const random = seeded(3);
    const a = instance.float64(gram.offset, entriesIn(gram.panels));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) a[placeOf(i, j)] = (random() - 0.5) * scale * 1e-9 ** ((i + j) / n);
    }
    const whole = symmetric(gram.offset, n);
    const [d, e, work] = [gram.extra, gram.extra + 8 * n + 16, gram.extra + 16 * n + 32];
    kernels.tridiagonalise(gram.offset, n, d, e, work);
    const twin = twins.tridiagonalise(whole, n);
    expect(
      largestDifference(
        eigenvaluesOf(instance.float64(d, n).slice(), instance.float64(e, n - 1).slice()),
        eigenvaluesOf(twin.diagonal, twin.offDiagonal),
      ),
    ).toBeLessThan(4 * n * EPSILON * frobenius(whole));
  });
});

describe('tridiagonalEigenvalues', () => {
  const kinds: Record<string, (i: number, n: number, random: () => number) => [number, number]> = {
    random: (_i, _n, random) => [random(), random() ** 2],
    toeplitz: () => [2, 1],
    'zero diagonal': (_i, _n, random) => [0, random() ** 2],
    wilkinson: (i, n) => [Math.abs(i - (n - 1) / 2), 1],
    graded: (i) => [10 ** (-i / 4), 10 ** (-i / 2 - 1)],
    'graded upwards': (i) => [10 ** (i / 4), 10 ** (i / 2 - 1)],
    clustered: (i) => [1 + (i % 3) * 1e-14, 1e-20],
    zero: () => [0, 0],
    'rank one': (i) => [i === 2 ? 1 : 0, 0],
    'with gaps': (i, _n, random) => [random(), i % 5 === 0 ? 0 : random() ** 2],
  };
  describe.each(Object.keys(kinds))('%s', (kind) => {
    it.each(SIZES)('order %i', (n) => {
      const random = seeded(n);
      const entries = Array.from({ length: n }, (_, i) => kinds[kind]!(i, n, random));
      const diagonal = Float64Array.from(entries, ([d]) => d);
      const squares = Float64Array.from(entries, ([, e]) => e);
      const [d, s, work] = instance.layout([8 * n, 8 * n, 256], 'a test') as [number, number, number];
      instance.float64(d, n).set(diagonal);
      instance.float64(s, n).set(squares);
      expect(kernels.tridiagonalEigenvalues(d, s, n, work)).toBe(0);
      const computed = instance.float64(d, n).slice().sort();
      const norm = Math.max(...diagonal.map(Math.abs), ...squares.map(Math.sqrt));
      expect(largestDifference(computed, eigenvaluesTwin(diagonal, squares))).toBeLessThanOrEqual(
        8 * (n + 8) * EPSILON * norm,
      );
    });
  });
});

describe('inertia', () => {
  const BLOCK = 16;
  it.each([...SIZES, 200])('order %i: counts as its twin and as the tridiagonal form', (n) => {
    const random = seeded(n + 7);
    const panels = panelsOf(n);
    const padded = 4 * panels;
    const sizes = {
      left: padded * BLOCK,
      factors: padded ** 2 / 2 + (padded + BLOCK) * (BLOCK + 1),
      vectors: 4 * padded,
    };
    for (const shift of [0.02 * n, 0.1 * n, n, 2 * n]) {
      const bytes = 8 * (sizes.left + sizes.factors + sizes.vectors);
      const gram = new GramAccumulator(instance, n, bytes, 'a test');
      gram.addColumns(gaussian(random, n, n + 3));
      kernels.subtractShift(gram.offset, panels, shift * 4 ** gram.exponent!);
      const s = symmetric(gram.offset, n);
      const factors = gram.extra + 8 * sizes.left;
      const vectors = factors + 8 * sizes.factors;
      // what memory held before does not matter
      instance.float64(gram.extra, bytes / 8).fill(NaN);
      const count = kernels.inertia(gram.offset, panels, gram.extra, factors, vectors);
      const { diagonal, offDiagonal } = twins.tridiagonalise(s, n);
      const twin = inertiaTwin(s, n);
      expect(count).toBe(twin.positive);
      expect(count).toBe(sturmCount({ diagonal, squares: offDiagonal.map((e) => e * e) }, 0));
      // the rows that fill the last panels have the pivot -shift and nothing else
      const growth = twin.growth + (padded - n) * shift * 4 ** gram.exponent!;
      expect(Math.abs(instance.float64(vectors, 1)[0]! - growth)).toBeLessThanOrEqual(1e-6 * growth);
      const trace = kernels.negativeTrace(factors, padded, n, vectors);
      const expected = negativeTraceTwin(s, n);
      expect(Math.abs(trace - expected)).toBeLessThanOrEqual(1e-6 * expected);
    }
  });

  it.each([
    ['zero', 0],
    ['infinite', Infinity],
    ['NaN', NaN],
    ['subnormal', 2 ** -1074],
  ])('refuses a pivot that is %s', (_name, pivot) => {
    const n = 24;
    const [a, left, factors, growth] = instance.layout(
      [8 * entriesIn(6), 8 * n * BLOCK, 8 * (n ** 2 / 2 + 40 * (BLOCK + 1)), 8],
      'a test',
    ) as [number, number, number, number];
    const entries = instance.float64(a, entriesIn(6));
    for (const at of [3, 17, 23]) {
      entries.fill(0);
      for (let i = 0; i < n; i++) entries[placeOf(i, i)] = i === at ? pivot : 1;
      expect(kernels.inertia(a, 6, left, factors, growth)).toBe(-1);
    }
  });
});

describe('symmetricTimesVector and the copy of a matrix', () => {
  it.each(SIZES)('order %i', (n) => {
    const random = seeded(n + 3);
    const panels = panelsOf(n);
    const entries = entriesIn(panels);
    const [a, copy, x, y] = instance.layout(
      [8 * entries, 8 * entries, 32 * panels, 32 * panels],
      'a test',
    ) as [number, number, number, number];
    // above the diagonal stands what must not be read
    const at = instance.float64(a, entries).fill(NaN);
    for (let i = 0; i < 4 * panels; i++) {
      for (let j = 0; j <= i; j++) at[placeOf(i, j)] = i < n ? random() - 0.5 : 0;
    }
    const whole = symmetric(a, n);
    const vector = instance.float64(x, 4 * panels).fill(0);
    for (let i = 0; i < n; i++) vector[i] = random() - 0.5;
    kernels.symmetricTimesVector(a, panels, x, y);
    const expected = Float64Array.from({ length: n }, (_, i) =>
      whole.subarray(i * n, (i + 1) * n).reduce((sum, value, j) => sum + value * vector[j]!, 0),
    );
    expect(largestDifference(instance.float64(y, n), expected)).toBeLessThan(n * EPSILON * frobenius(whole));

    const squares = kernels.saveTriangle(a, panels, copy);
    expect(Math.abs(squares - frobenius(whole) ** 2)).toBeLessThan(n * EPSILON * squares);
    kernels.subtractShift(a, panels, 0.25);
    expect(symmetric(a, n)).toEqual(whole.map((value, k) => (k % (n + 1) === 0 ? value - 0.25 : value)));
    instance.float64(a, entries).fill(7);
    kernels.restoreTriangle(copy, a, panels);
    expect(symmetric(a, n)).toEqual(whole);
  });
});

describe('triangularise and bidiagonalise', () => {
  /** Places rows, four to a panel, interleaved along the columns `from` to `to`. */
  function packed({ data, rows, columns }: Matrix, from: number, to: number): Float64Array {
    const steps = to - from;
    const out = new Float64Array(4 * panelsOf(rows) * steps);
    for (let r = 0; r < rows; r++) {
      for (let k = 0; k < steps; k++)
        out[((r >> 2) * steps + k) * 4 + (r & 3)] = data[r * columns + from + k]!;
    }
    return out;
  }

  it.each(SIZES)('%i rows: L with the Gram matrix of its twin, whole or in pieces', (n) => {
    for (const widths of [[6, 6], [1, 3, 40], [70]]) {
      const long = widths.reduce((sum, width) => sum + width);
      const matrix = gaussian(seeded(n + long), n, long);
      const panels = panelsOf(n);
      const width = Math.max(...widths);
      const [l, b, work] = instance.layout(
        [8 * entriesIn(panels), 32 * panels * width, 8 * (8 * width + 112)],
        'a test',
      ) as [number, number, number];
      instance.float64(l, entriesIn(panels)).fill(0);
      // what memory held before does not matter
      instance.float64(work, 8 * width + 112).fill(NaN);
      let from = 0;
      for (const steps of widths) {
        instance.float64(b, 4 * panels * steps).set(packed(matrix, from, from + steps));
        kernels.triangularise(l, panels, b, steps, work);
        from += steps;
      }
      const at = instance.float64(l, entriesIn(panels));
      const dense = (entry: (i: number, j: number) => number): Float64Array =>
        gramTwin({
          data: Float64Array.from({ length: n * n }, (_, k) => {
            const [i, j] = [Math.floor(k / n), k % n];
            return j <= i ? entry(i, j) : 0;
          }),
          rows: n,
          columns: n,
        });
      const twin = twins.triangularise(matrix.data as Float64Array, n, long);
      const expected = dense((i, j) => twin[j * n + i]!);
      expect(
        largestDifference(
          dense((i, j) => at[placeOf(i, j)]!),
          expected,
        ),
      ).toBeLessThan(40 * (n + long) * EPSILON * frobenius(expected));
    }
  });

  it.each([
    ...SIZES.flatMap((n) => [
      [n, n],
      [n, n + 1],
      [n, n + 6],
    ]),
    [5, 60],
  ])('%i x %i: the values of the twin', (rows, columns) => {
    const matrix = gaussian(seeded(rows * 7 + columns), rows, columns);
    const panels = Math.ceil(rows / 4);
    const tiles = Math.ceil(columns / 4);
    const [a, diagonal, below, work] = instance.layout(
      [128 * panels * tiles, 8 * rows, 8 * rows, 8 * (36 + 72 * (panels + tiles))],
      'a test',
    ) as [number, number, number, number];
    const at = instance.float64(a, 16 * panels * tiles).fill(0);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++)
        at[16 * tiles * (i >> 2) + 8 * (j >> 1) + 2 * (i & 3) + (j & 1)] = matrix.data[i * columns + j]!;
    }
    // what memory held before does not matter
    instance.float64(work, 36 + 72 * (panels + tiles)).fill(NaN);
    kernels.bidiagonalise(a, rows, columns, diagonal, below, work);
    const computed = {
      diagonal: instance.float64(diagonal, rows).slice(),
      offDiagonal: instance.float64(below, rows - 1).slice(),
    };
    const values = (d: Float64Array, e: Float64Array): Float64Array =>
      eigenvaluesTwin(
        new Float64Array(2 * rows),
        Float64Array.from(
          { length: 2 * rows },
          (_, k) => (k % 2 === 0 ? d[k / 2]! : (e[(k - 1) / 2] ?? 0)) ** 2,
        ),
      );
    const twin = twins.bidiagonalise(matrix.data as Float64Array, rows, columns);
    const norm = frobenius(matrix.data as Float64Array);
    expect(
      largestDifference(
        values(computed.diagonal, computed.offDiagonal),
        values(twin.diagonal, twin.offDiagonal),
      ),
    ).toBeLessThan(4 * columns * EPSILON * norm);
    // the same reflections, not only the same values; signs are free
    for (const part of ['diagonal', 'offDiagonal'] as const) {
      expect(
        largestDifference(
          computed[part].subarray(0, 10).map(Math.abs),
          twin[part].subarray(0, 10).map(Math.abs),
        ),
      ).toBeLessThan(1e-9 * norm);
    }
  });
});
