import { afterAll, describe, expect, it } from 'vitest';
import type { CertifiedCount, Threshold } from '../../../src/spectrum/engine.js';
import type { Matrix } from '../../../src/spectrum/matrix.js';
import { gramOf } from '../../../src/spectrum/wasm/certified-count.js';
import { GramInertia } from '../../../src/spectrum/wasm/gram/gram-inertia.js';
import { GramSum } from '../../../src/spectrum/wasm/gram/gram-sum.js';
import { KernelInstance } from '../../../src/kernels/kernel-instance.js';
import { WasmEngine } from '../../../src/spectrum/wasm/wasm-engine.js';
import { exactCount } from './exact-count.js';
import { gaussian, planted, transpose } from './planted.js';
import { integer, seeded } from './random.js';

const engine = new WasmEngine();
const shares = new Map<string, { certified: number; all: number }>();

function record(kind: string, { certified }: CertifiedCount): void {
  const share = shares.get(kind) ?? { certified: 0, all: 0 };
  share.all++;
  if (certified) share.certified++;
  shares.set(kind, share);
}

afterAll(() => {
  for (const [kind, { certified, all }] of shares) {
    console.log(`certified ${String(certified).padStart(5)} of ${String(all).padStart(5)}: ${kind}`);
  }
});

/** Exact arithmetic against the claim, for a relative threshold through exact bounds on σ₁. */
function expectTrue(matrix: Matrix, threshold: Threshold, claim: CertifiedCount): void {
  const { lower, upper, tau } = claim;
  expect(lower).toBeLessThanOrEqual(claim.rank);
  expect(claim.rank).toBeLessThanOrEqual(upper);
  expect(claim.certified).toBe(lower === upper);
  let [low, high] = [tau.lower, tau.upper];
  const relative = threshold.relative ?? 0;
  if (relative > 0 && relative < 1) {
    // the enclosure of tau has to hold max(absolute, relative σ₁)
    const absolute = threshold.absolute ?? 0;
    if (tau.lower > absolute) expect(exactCount(matrix, (tau.lower / relative) * (1 - 1e-15))).not.toBe(0);
    expect(exactCount(matrix, (tau.upper / relative) * (1 + 1e-15)) ?? 0).toBe(0);
    [low, high] = exactThreshold(matrix, relative, absolute, low, high);
  } else {
    expect(low).toBeLessThanOrEqual(threshold.absolute ?? 0);
    expect(high).toBeGreaterThanOrEqual(threshold.absolute ?? 0);
    low = high = threshold.absolute ?? 0;
  }
  const most = exactCount(matrix, low);
  const least = exactCount(matrix, high);
  if (most !== undefined) expect(lower).toBeLessThanOrEqual(most);
  if (least !== undefined) expect(upper).toBeGreaterThanOrEqual(least);
  if (most !== undefined && most === least) {
    expect(lower).toBeLessThanOrEqual(most);
    expect(upper).toBeGreaterThanOrEqual(most);
  }
}

/** The threshold, enclosed to 1e-14 by bisection on σ₁ with exact counts. */
function exactThreshold(
  matrix: Matrix,
  relative: number,
  absolute: number,
  low: number,
  high: number,
): [number, number] {
  let [a, b] = [(low / relative) * (1 - 1e-15), (high / relative) * (1 + 1e-15)];
  for (let step = 0; step < 60 && b - a > 1e-14 * b; step++) {
    const middle = (a + b) / 2;
    if ((exactCount(matrix, middle) ?? 1) > 0) a = middle;
    else b = middle;
  }
  return [Math.max(absolute, a * relative * (1 - 1e-15)), Math.max(absolute, b * relative * (1 + 1e-15))];
}

/** Values of every kind, the largest 1. */
function spectrumOf(kind: string, n: number, random: () => number, tau: number): number[] {
  switch (kind) {
    case 'flat':
      return Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0.2 + 0.8 * random()));
    case 'graded over 30 decades':
      return Array.from({ length: n }, (_, i) => 10 ** ((-30 * i) / n));
    case 'near the threshold':
      return Array.from({ length: n }, (_, i) =>
        i === 0 ? 1 : tau * (1 + (random() < 0.5 ? -1 : 1) * 10 ** -integer(random, 2, 15)),
      );
    case 'one near the threshold':
      return Array.from({ length: n }, (_, i) =>
        i < n - 1
          ? 1 - 0.5 * random()
          : tau * (1 + (random() < 0.5 ? -1 : 1) * 10 ** -integer(random, 2, 15)),
      );
    case 'clusters':
      return Array.from(
        { length: n },
        (_, i) => (i < n / 3 ? 1 : i < (2 * n) / 3 ? 30 * tau : tau / 30) * (1 + 1e-13 * random()),
      );
    case 'rank one and noise':
      return Array.from({ length: n }, (_, i) => (i === 0 ? 1 : tau * random() * 2));
    case 'rank deficient':
      return Array.from({ length: n }, (_, i) => (i <= n / 2 ? 1 - 0.9 * random() : 0));
    default:
      throw new Error(`unknown kind: ${kind}`);
  }
}

const KINDS = [
  'flat',
  'graded over 30 decades',
  'near the threshold',
  'one near the threshold',
  'clusters',
  'rank one and noise',
  'rank deficient',
];

describe.each(KINDS)('%s', (kind) => {
  it.each(['float32', 'float64'] as const)('%s: never wrong against exact arithmetic', (type) => {
    const random = seeded(kind.length + type.length * 100);
    for (let trial = 0; trial < 120; trial++) {
      const rows = integer(random, 1, 8);
      const columns = integer(random, 1, 8);
      const n = Math.min(rows, columns);
      const tau = 10 ** -integer(random, 1, type === 'float32' ? 6 : 12);
      const scale = 2 ** integer(random, -20, 20);
      const wide = planted(
        random,
        rows,
        columns,
        spectrumOf(kind, n, random, tau).map((x) => x * scale),
      );
      const matrix = type === 'float32' ? { ...wide, data: Float32Array.from(wide.data) } : wide;
      for (const threshold of [
        { absolute: tau * scale },
        { relative: tau },
        { absolute: tau * scale, relative: tau / 2 },
      ]) {
        const claim = engine.certifiedCount(matrix, threshold);
        record(`${kind}, ${type}, small`, claim);
        expectTrue(matrix, threshold, claim);
      }
    }
  });

  it('never wrong on larger matrices, as far as the planted values are known', () => {
    const random = seeded(kind.length);
    for (let trial = 0; trial < 60; trial++) {
      const rows = integer(random, 9, 60);
      const columns = integer(random, 9, 90);
      const n = Math.min(rows, columns);
      const tau = 10 ** -integer(random, 1, 6);
      const values = spectrumOf(kind, n, random, tau);
      const matrix = planted(random, rows, columns, values);
      const claim = engine.certifiedCount(matrix, { absolute: tau });
      record(`${kind}, float64, larger`, claim);
      // planting turns the matrix by 24 reflections, each good to a few units of roundoff a row
      const off = 2e-13;
      expect(claim.lower).toBeLessThanOrEqual(values.filter((value) => value > tau - off).length);
      expect(claim.upper).toBeGreaterThanOrEqual(values.filter((value) => value > tau + off).length);
    }
  });
});

/** ±1/√n matrices of Sylvester: orthogonal, and exact for n a power of four. */
function hadamard(n: number): number[][] {
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      let bits = i & j;
      let sign = 1;
      for (; bits > 0; bits &= bits - 1) sign = -sign;
      return sign / Math.sqrt(n);
    }),
  );
}

describe('exactly planted values', () => {
  it.each([4, 16, 64])('order %i: values at tau (1 ± 2^-k) are counted exactly or not certified', (n) => {
    const h = hadamard(n);
    const random = seeded(n);
    for (let k = 2; k <= 30; k++) {
      for (let trial = 0; trial < (n === 64 ? 3 : 12); trial++) {
        const tau = 2 ** -integer(random, 1, 12);
        const signs = Array.from({ length: n }, () => (random() < 0.3 ? 0 : random() < 0.5 ? 1 : -1));
        // multiples of tau 2^-k below 2: every product and sum below is exact
        const values = signs.map((sign, i) => (i === 0 ? 1 : sign === 0 ? 0 : tau * (1 + sign * 2 ** -k)));
        const data = new Float64Array(n * n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            for (let m = 0; m < n; m++) data[i * n + j]! += h[i]![m]! * values[m]! * h[m]![(j + 1) % n]!;
          }
        }
        const exact = values.filter((value) => value > tau).length;
        const claim = engine.certifiedCount({ data, rows: n, columns: n }, { absolute: tau });
        record(`exact Hadamard, order ${n}`, claim);
        expect(claim.lower).toBeLessThanOrEqual(exact);
        expect(claim.upper).toBeGreaterThanOrEqual(exact);
        if (k <= 8) expect(claim.certified).toBe(true);
      }
    }
  });
});

describe('long float32 matrices, where a rounded copy is tried first', () => {
  it('is never wrong about values planted around the threshold', () => {
    const random = seeded(77);
    for (let trial = 0; trial < 150; trial++) {
      const rows = integer(random, 64, 81);
      const columns = integer(random, Math.ceil(1.5 * rows), 2 * rows);
      const tau = 10 ** (-2 * random());
      // the smallest value anywhere from far below to far above, and often within the copy's distance of, the threshold
      const smallest = tau * (1 + (random() < 0.5 ? -1 : 1) * 10 ** (-6 * random()));
      const values = Array.from({ length: rows }, (_, i) =>
        i === 0 ? 1 : i === 1 ? smallest : Math.max(smallest, random()),
      );
      const wide = planted(random, rows, columns, values);
      const matrix = { ...wide, data: Float32Array.from(wide.data) };
      const claim = engine.certifiedCount(trial % 2 === 0 ? matrix : transpose(matrix), { absolute: tau });
      record('long float32', claim);
      const off = 1e-6;
      expect(claim.lower).toBeLessThanOrEqual(values.filter((value) => value > tau - off).length);
      expect(claim.upper).toBeGreaterThanOrEqual(values.filter((value) => value > tau + off).length);
    }
  });

  it('counts exactly planted values', () => {
    const [left, right] = [hadamard(64), hadamard(256)];
    const random = seeded(78);
    for (let k = 1; k <= 8; k++) {
      for (const lone of [1, -1]) {
        const tau = 2 ** -integer(random, 1, 5);
        const values = Array.from({ length: 64 }, (_, i) =>
          i === 0 ? 1 : tau * (1 + (i === 5 ? lone : 1) * 2 ** -k),
        );
        const data = new Float32Array(64 * 256);
        for (let i = 0; i < 64; i++) {
          for (let j = 0; j < 256; j++) {
            let sum = 0;
            for (let m = 0; m < 64; m++) sum += left[i]![m]! * values[m]! * right[m]![(j + 1) % 256]!;
            data[i * 256 + j] = sum;
          }
        }
        const claim = engine.certifiedCount({ data, rows: 64, columns: 256 }, { absolute: tau });
        record('exact Hadamard, 64 x 256 float32', claim);
        expect(claim).toMatchObject({ rank: lone === 1 ? 64 : 63, certified: true });
      }
    }
  });
});

describe('ordinary features', () => {
  it.each([
    [32, 64],
    [64, 65],
    [65, 64],
    [128, 200],
    [200, 100],
    [256, 257],
  ])('%i x %i float32 normal features are certified by the Gram method', (rows, columns) => {
    const matrix = gaussian(seeded(rows), rows, columns, 'float32');
    const claim = engine.certifiedCount(matrix, { relative: Math.max(rows, columns) * 2 ** -23 });
    const size = Math.min(rows, columns);
    expect(claim).toMatchObject({ rank: size, lower: size, upper: size, certified: true, method: 'gram' });
  });

  it.each([
    [64, 200, 20],
    [200, 64, 63],
    [100, 101, 1],
    [128, 300, 90],
  ])('%i x %i float32 features of rank %i are certified', (rows, columns, rank) => {
    const left = gaussian(seeded(rank), rows, rank);
    const right = gaussian(seeded(rank + 1), rank, columns);
    const data = new Float32Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < rank; k++) sum += left.data[i * rank + k]! * right.data[k * columns + j]!;
        data[i * columns + j] = sum;
      }
    }
    const claim = engine.certifiedCount(
      { data, rows, columns },
      { relative: Math.max(rows, columns) * 2 ** -23 },
    );
    expect(claim).toMatchObject({ rank, certified: true });
  });
});

describe('several thresholds', () => {
  it.each(['float32', 'float64'] as const)('%s: one answer each, as good as alone, never wrong', (type) => {
    const random = seeded(type.length);
    for (let trial = 0; trial < 60; trial++) {
      const [rows, columns] = [integer(random, 1, 7), integer(random, 1, 7)];
      const tau = 10 ** -integer(random, 1, 6);
      const values = spectrumOf('near the threshold', Math.min(rows, columns), random, tau);
      const wide = planted(random, rows, columns, values);
      const matrix = type === 'float32' ? { ...wide, data: Float32Array.from(wide.data) } : wide;
      const thresholds = [
        { absolute: tau },
        { relative: 1e-3 },
        { absolute: 0.5 },
        { relative: tau },
        { absolute: 0 },
      ];
      for (const some of [thresholds.slice(0, 2), thresholds]) {
        const claims = engine.certifiedCounts(matrix, some);
        expect(claims.length).toBe(some.length);
        for (const [i, claim] of claims.entries()) {
          record(`several, ${type}`, claim);
          if (some[i]!.absolute !== 0) expectTrue(matrix, some[i]!, claim);
          const alone = engine.certifiedCount(matrix, some[i]!);
          if (alone.certified && claim.certified) expect(claim.rank).toBe(alone.rank);
        }
      }
    }
    expect(engine.certifiedCounts(gaussian(random, 3, 3), [])).toEqual([]);
  });
});

describe('counts beside a spectrum', () => {
  const counted = (matrix: Matrix, threshold: Threshold, accuracy: 'gram' | 'full') =>
    engine.spectrumAndCounts(matrix, [threshold], { accuracy }).counts[0]!;

  it.each(['float32', 'float64'] as const)('%s: never wrong against exact arithmetic', (type) => {
    const random = seeded(31 + type.length);
    for (let trial = 0; trial < 120; trial++) {
      const [rows, columns] = [integer(random, 1, 7), integer(random, 1, 7)];
      const tau = 10 ** -integer(random, 1, 7);
      const values = spectrumOf('near the threshold', Math.min(rows, columns), random, tau);
      const wide = planted(random, rows, columns, values);
      const matrix = type === 'float32' ? { ...wide, data: Float32Array.from(wide.data) } : wide;
      for (const threshold of [{ absolute: tau }, { relative: tau }]) {
        const claim = counted(matrix, threshold, 'gram');
        record(`beside a spectrum, ${type}`, claim);
        expectTrue(matrix, threshold, claim);
      }
    }
  });

  it('are those of the full method, without it, where the tolerance is close to many values', () => {
    // values an even 2^-18 apart, and a tolerance between two of them: the tridiagonal form's bound spans several
    const n = 160;
    const random = seeded(160);
    const values = Array.from({ length: n }, (_, i) => (i === 0 ? 1 : (n - i) * 2 ** -18));
    const matrix = planted(random, n, n + 1, values);
    for (let trial = 0; trial < 20; trial++) {
      const threshold = { absolute: (integer(random, 1, 40) + 0.5) * 2 ** -18 };
      const claim = counted(matrix, threshold, 'gram');
      expect(claim).toMatchObject({ certified: true, method: 'gram' });
      const full = counted(matrix, threshold, 'full');
      expect(full).toMatchObject({ certified: true, method: 'full', rank: claim.rank });
      expect(claim.rank).toBe(values.filter((value) => value > threshold.absolute).length);
    }
  });
});

describe('the largest eigenvalue of a Gram matrix', () => {
  it('is enclosed, and closely where one value outweighs the others together', () => {
    const random = seeded(41);
    for (let trial = 0; trial < 100; trial++) {
      const n = integer(random, 1, 40);
      const second = trial % 2 === 0 ? 0.5 * random() : 1 - 10 ** (-6 * random());
      const values = Array.from({ length: n }, (_, i) =>
        i === 0 ? 1 : i === 1 ? second : second * random(),
      );
      const matrix = planted(random, n, n + 3, values);
      const instance = new KernelInstance();
      const gram = gramOf(instance, matrix, n);
      const scale = 4 ** (gram.exponent ?? 0);
      const { lower, upper } = new GramInertia(instance, gram).largestEigenvalue();
      expect(lower / scale).toBeLessThanOrEqual(1 + 1e-12);
      expect(upper / scale).toBeGreaterThanOrEqual(1 - 1e-12);
      if (trial % 2 === 0 && n <= 3) expect(upper / lower).toBeLessThan(1 + 2 ** -20);
    }
  });
});

describe('both ends of a threshold from one factorisation', () => {
  /** The inertia counts of a matrix, and how often it was factored so far. */
  function counted(matrix: Matrix) {
    const instance = new KernelInstance();
    const { kernels } = instance;
    let factored = 0;
    const inertia = (...given: Parameters<typeof kernels.inertia>) => {
      factored++;
      return kernels.inertia(...given);
    };
    const spied = Object.create(instance, { kernels: { value: { ...kernels, inertia } } }) as KernelInstance;
    const gram = gramOf(spied, matrix, matrix.rows);
    const scale = 4 ** (gram.exponent ?? 0);
    return { inertia: new GramInertia(spied, gram), scale, factored: () => factored };
  }

  it('needs no second one where no eigenvalue lies between, and says so where one does', () => {
    const random = seeded(31);
    const moves = [1e-9, 1e-6, 1e-4, 1e-2, 0.1, 0.3, 0.6, 0.9, 0.99];
    let spared = 0;
    for (let trial = 0; trial < 60; trial++) {
      const n = integer(random, 24, 130);
      const few = integer(random, 1, Math.floor(n / 8));
      const tau = 0.01;
      // a few below the threshold, at any distance, the others above
      const below = Array.from({ length: few }, () => tau * Math.sqrt(1 - 10 ** (-7 * random())));
      const above = Array.from({ length: n - few }, () => tau * 10 ** (2 * random()) * (1 + 1e-6));
      const matrix = planted(random, n, n + integer(random, 0, 9), [...above, ...below]);
      for (const move of moves) {
        const { inertia, scale, factored } = counted(matrix);
        const [high, low] = [tau ** 2 * scale, tau ** 2 * (1 - move) * scale];
        if (below.some((value) => Math.abs(value ** 2 / (tau ** 2 * (1 - move)) - 1) < 1e-8)) continue;
        const lower = inertia.atLeastAbove(high)!;
        expect(lower).toBeLessThanOrEqual(n - few);
        const before = factored();
        const upper = inertia.atMostAbove(low)!;
        const truly = n - few + below.filter((value) => value ** 2 > tau ** 2 * (1 - move)).length;
        expect(upper).toBeGreaterThanOrEqual(truly);
        if (factored() === before && lower === upper) spared++;
      }
    }
    expect(spared).toBeGreaterThan(40);
  });
});

describe('a threshold by a rule', () => {
  it('is counted as the one it gives, and certified where every one it may give agrees', () => {
    const random = seeded(12);
    for (let trial = 0; trial < 60; trial++) {
      const matrix = gaussian(random, integer(random, 2, 30), integer(random, 2, 30), 'float32');
      const { values } = engine.singularValues(matrix, { accuracy: 'full' });
      // a step function of the largest value, as MATLAB's spacing is
      const rule = (largest: number): number => 2 ** Math.floor(Math.log2(largest)) / 8;
      const claim = engine.certifiedCount(matrix, { rule });
      record('by a rule', claim);
      const tau = rule(values[0]!);
      expect(claim.tau.lower).toBeLessThanOrEqual(tau);
      expect(claim.tau.upper).toBeGreaterThanOrEqual(tau);
      if (claim.certified) expect(claim.rank).toBe(values.filter((value) => value > tau).length);
    }
    expect(
      engine.certifiedCount({ data: new Float32Array(4), rows: 2, columns: 2 }, { rule: () => 1 }).rank,
    ).toBe(0);
  });
});

describe('edges', () => {
  const some = gaussian(seeded(4), 5, 9);

  it('counts nothing in an empty or a zero matrix, everything above nothing', () => {
    expect(
      engine.certifiedCount({ data: new Float32Array(0), rows: 0, columns: 4 }, { absolute: 1 }),
    ).toMatchObject({
      lower: 0,
      upper: 0,
    });
    expect(
      engine.certifiedCount({ data: new Float64Array(20), rows: 4, columns: 5 }, { absolute: 0 }),
    ).toMatchObject({
      lower: 0,
      upper: 0,
    });
    expect(
      engine.certifiedCount({ data: new Float64Array(20), rows: 4, columns: 5 }, { relative: 1e-3 }),
    ).toMatchObject({ rank: 0, certified: true });
    expect(engine.certifiedCount(some, { absolute: 0 })).toMatchObject({ lower: 5, upper: 5 });
    expect(engine.certifiedCount(some, { absolute: 1e300 })).toMatchObject({ lower: 0, upper: 0 });
    expect(engine.certifiedCount(some, { absolute: Infinity })).toMatchObject({ lower: 0, upper: 0 });
  });

  it('takes entries of 1e-150 and of 1e150', () => {
    for (const factor of [1e-150, 1e150, 1e-300, 1e300]) {
      const scaled = { ...some, data: some.data.map((x) => x * factor) };
      const { values } = engine.singularValues(some);
      const tau = ((values[2]! + values[3]!) / 2) * factor;
      expect(engine.certifiedCount(scaled, { absolute: tau })).toMatchObject({ rank: 3, certified: true });
      expect(engine.certifiedCount(scaled, { relative: tau / factor / values[0]! })).toMatchObject({
        rank: 3,
        certified: true,
      });
    }
  });

  it('is not wrong on float32 entries whose products of third order underflow', () => {
    const [p, q, t] = [2 ** -66, 2 ** -65, 2 ** -149];
    const data = Float32Array.of(
      ...[3.0377897803280234e-20, 0, 0, 0, t, 0],
      ...[0, p, 0, 0, t, t],
      ...[0, 0, p, 0, 0, 0],
      ...[0, 0, q, 3.252606646703484e-20, 0, t],
    );
    const matrix = { data, rows: 4, columns: 6 };
    const threshold = { absolute: 1.3552113926985262e-20 };
    // three, by arithmetic of 1500 bits
    const { spectrum, counts } = engine.spectrumAndCounts(matrix, [threshold], { accuracy: 'gram' });
    const four = engine.certifiedCounts(matrix, Array(4).fill(threshold) as Threshold[]);
    for (const { lower, upper } of [...counts, ...four, engine.certifiedCount(matrix, threshold)]) {
      expect(lower).toBeLessThanOrEqual(3);
      expect(upper).toBeGreaterThanOrEqual(3);
    }
    const full = engine.singularValues(matrix, { accuracy: 'full' }).values;
    spectrum.values.forEach((value, i) => {
      expect(Math.abs(value ** 2 - full[i]! ** 2)).toBeLessThanOrEqual(
        2 * spectrum.relativeError * full[0]! ** 2,
      );
    });
  });

  it('is not wrong where the threshold is subnormal beside the largest value', () => {
    const random = seeded(8);
    for (let trial = 0; trial < 200; trial++) {
      const relative = 1e-313 * (1 + random());
      const largest = (1 + random()) * 2 ** 500;
      // the threshold to 53 bits, and a value beside it
      const threshold = (relative * 2 ** 60 * largest) / 2 ** 60;
      const value = threshold * (1 + (random() - 0.5) * 4e-11);
      const claim = engine.certifiedCount(
        { data: Float64Array.of(largest, 0, 0, value), rows: 2, columns: 2 },
        { relative },
      );
      if (!claim.certified || Math.abs(value / threshold - 1) < 1e-15) continue;
      expect(claim.rank).toBe(value > threshold ? 2 : 1);
    }
  });

  it('keeps what the first count proved where the next one proves less', () => {
    const size = 64;
    const data = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      data[i * (size + 1)] = i < 1 ? 1 : i < 11 ? 1 + 2e-12 : i < 21 ? 1 - 2e-12 : 1.9;
    const sum = new GramSum(size).addColumns({ data, rows: size, columns: size });
    expect(sum.certifiedCount({ absolute: 1 })).toMatchObject({ lower: 53, upper: 54 });
  });

  it('reports an interval when the threshold falls on a singular value, unless the matrix is small', () => {
    const claim = (size: number) => {
      const data = new Float64Array(size * size);
      [4, 2, 1].forEach((value, i) => {
        data[i * (size + 1)] = value;
      });
      return engine.certifiedCount({ data, rows: size, columns: size }, { absolute: 2 });
    };
    expect(claim(30)).toMatchObject({ lower: 1, upper: 2, certified: false, method: 'full' });
    expect(claim(3)).toMatchObject({ rank: 1, certified: true, method: 'full' });
  });

  it('refuses a threshold that is none, and entries that are not finite', () => {
    expect(() => engine.certifiedCount(some, { absolute: -1 })).toThrow(
      'invalid absolute threshold: -1 (allowed: a number >= 0)',
    );
    expect(() => engine.certifiedCount(some, { relative: NaN })).toThrow('invalid relative threshold: NaN');
    for (const bad of [NaN, -1.5]) {
      expect(() => engine.certifiedCount(some, { rule: () => bad })).toThrow(
        `invalid threshold of the rule: ${bad} (allowed: a number >= 0)`,
      );
    }
    const data = some.data.slice();
    data[13] = NaN;
    expect(() => engine.certifiedCount({ ...some, data }, { absolute: 1 })).toThrow(
      'found at row 1, column 4',
    );
  });
});
