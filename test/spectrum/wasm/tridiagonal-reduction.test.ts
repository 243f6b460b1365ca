import { describe, expect, it, vi } from 'vitest';
import { KernelInstance } from '../../../src/kernels/kernel-instance.js';
import type { Matrix } from '../../../src/spectrum/matrix.js';
import { bandBound, tridiagonalisationBound } from '../../../src/spectrum/wasm/error-bounds.js';
import { GramAccumulator } from '../../../src/spectrum/wasm/gram/gram-accumulator.js';
import { entriesIn, panelsOf, placeOf } from '../../../src/spectrum/wasm/gram/gram-matrix.js';
import { bandWorkBytes, reductionBound } from '../../../src/spectrum/wasm/tridiagonal-reduction.js';
import { WasmEngine } from '../../../src/spectrum/wasm/wasm-engine.js';
import { reflectColumns } from './planted.js';
import { normal, seeded } from './random.js';
import { tridiagonalise as twin } from './twins/householder.js';
import { tridiagonalEigenvalues as eigenvaluesTwin } from './twins/tridiagonal-eigenvalues.js';

const EPSILON = 2 ** -52;
const fused = new KernelInstance();

/** Entry (i, j) of a symmetric matrix of order n, j <= i. */
type Entry = (i: number, j: number, n: number, random: () => number) => number;

const kinds: Record<string, Entry> = {
  random: (_i, _j, _n, random) => random() - 0.5,
  positive: (_i, _j, _n, random) => random(),
  graded: (i, j, n, random) => (random() - 0.5) * 1e-9 ** ((i + j) / n),
  'graded upwards': (i, j, n, random) => (random() - 0.5) * 1e-9 ** ((2 * n - i - j) / n),
  'tiny but for a corner': (i, _j, _n, random) => (i === 0 ? 1 : 1e-60 * random()),
  'rank one': (i, j) => ((i % 7) - 3) * ((j % 7) - 3),
  'of blocks': (i, j, _n, random) => (i >> 4 === j >> 4 ? random() : 0),
  diagonal: (i, j) => (i === j ? i - 4 : 0),
  zero: () => 0,
};

/** The tridiagonal form and the matrix; memory holds NaN before. */
function reduceByBand(n: number, entry: Entry, instance = fused) {
  const gram = new GramAccumulator(instance, n, 16 * (n + 8) + bandWorkBytes(n), 'a test');
  const places = instance.float64(gram.offset, entriesIn(panelsOf(n)));
  const matrix = new Float64Array(n * n);
  const random = seeded(n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      matrix[i * n + j] = matrix[j * n + i] = places[placeOf(i, j)] = entry(i, j, n, random);
  const [d, e, work] = [gram.extra, gram.extra + 8 * (n + 8), gram.extra + 16 * (n + 8)];
  instance.float64(work, bandWorkBytes(n) / 8).fill(NaN);
  // the vectors behind the work space stay as they are
  const end = work + bandWorkBytes(n);
  const behind = instance.float64(end, 8).slice();
  instance.kernels.tridiagonaliseByBand(gram.offset, n, d, e, work);
  expect(instance.float64(end, 8)).toEqual(behind);
  const [diagonal, offDiagonal] = [instance.float64(d, n).slice(), instance.float64(e, n - 1).slice()];
  return { matrix, diagonal, offDiagonal };
}

function eigenvalues(form: { diagonal: Float64Array; offDiagonal: Float64Array }): Float64Array {
  return eigenvaluesTwin(
    form.diagonal,
    form.offDiagonal.map((x) => x * x),
  );
}

/** The largest distance to the twin's eigenvalues, as a share of n eps ‖A‖. */
function distanceToTwin(n: number, entry: Entry, instance?: KernelInstance): number {
  const { matrix, ...form } = reduceByBand(n, entry, instance);
  const unit = n * EPSILON * Math.sqrt(matrix.reduce((sum, x) => sum + x * x, 0));
  const expected = eigenvalues(twin(matrix, n));
  const worst = eigenvalues(form).reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i]!)), 0);
  return worst === 0 ? 0 : worst / unit;
}

describe('by way of a band', () => {
  it.each([1, 2, 3, 11, 12, 13, 23, 24, 25, 35, 36, 37, 47, 48, 49, 50, 60, 61, 72, 73, 84, 95, 96, 97, 131])(
    'order %i: the eigenvalues of the twin',
    (n) => {
      expect(distanceToTwin(n, kinds['random']!)).toBeLessThan(4);
    },
  );

  it.each(Object.keys(kinds))('%s: the eigenvalues of the twin', (kind) => {
    for (const n of [26, 73, 100]) expect(distanceToTwin(n, kinds[kind]!)).toBeLessThan(4);
  });

  it('takes several blocks of rows', () => {
    expect(distanceToTwin(331, kinds['random']!)).toBeLessThan(4);
  });

  it('is the same without relaxed SIMD', async () => {
    vi.resetModules();
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const { KernelInstance: Other } = await import('../../../src/kernels/kernel-instance.js');
    const plain = new Other();
    expect(distanceToTwin(131, kinds['random']!, plain)).toBeLessThan(4);
    vi.restoreAllMocks();
    const [ours, theirs] = [fused, plain].map((each) => reduceByBand(131, kinds['random']!, each));
    expect(ours!.diagonal, 'the two are not the same code').not.toEqual(theirs!.diagonal);
  });
});

it('leaves a diagonal matrix alone', () => {
  const { diagonal, offDiagonal } = reduceByBand(61, kinds['diagonal']!);
  expect([...diagonal]).toEqual(Array.from({ length: 61 }, (_, i) => i - 4));
  expect([...offDiagonal].every((entry) => entry === 0)).toBe(true);
});

describe('above order 2048', () => {
  const n = 2052;
  const planted = (values: (i: number) => number): Matrix => {
    const data = new Float64Array(n * n);
    for (let i = 0; i < n; i++) data[i * n + ((i * 5) % n)] = values(i);
    const random = seeded(n);
    for (let turn = 0; turn < 2; turn++) {
      reflectColumns(
        data,
        n,
        n,
        Float64Array.from({ length: n }, () => normal(random)),
      );
      for (let i = 0; i < n; i++)
        for (let j = 0; j < i; j++) [data[i * n + j], data[j * n + i]] = [data[j * n + i]!, data[i * n + j]!];
    }
    return { data, rows: n, columns: n };
  };

  it('finds planted singular values, and certifies the counts between them', () => {
    const values = Array.from({ length: n }, (_, i) => (i < 1000 ? 3 - i / 1000 : i < 2000 ? 0.5 : 0.01));
    const engine = new WasmEngine();
    const thresholds = [{ absolute: 2.4995 }, { absolute: 1 }, { relative: 0.1 }, { absolute: 0.001 }];
    const matrix = planted((i) => values[i]!);
    const { spectrum, counts } = engine.spectrumAndCounts(matrix, thresholds, { accuracy: 'gram' });
    const worst = spectrum.values.reduce(
      (most, x, i) => Math.max(most, Math.abs(x ** 2 - values[i]! ** 2)),
      0,
    );
    expect(worst).toBeLessThan(1e-12);
    expect(counts.map(({ lower, upper }) => [lower, upper])).toEqual([
      [501, 501],
      [1000, 1000],
      [2000, 2000],
      [2052, 2052],
    ]);
    expect(spectrum.relativeError).toBeLessThan(1e-6);
  });

  it('has the smaller error bound of both reductions', () => {
    for (const size of [2049, 4096, 20000]) {
      expect(reductionBound(size, 1)).toBe(bandBound(size, 1));
      expect(bandBound(size, 1)).toBeLessThan(tridiagonalisationBound(size, 1));
    }
    expect(reductionBound(2048, 1)).toBe(tridiagonalisationBound(2048, 1));
  });
});
