import { describe, expect, it } from 'vitest';
import { shareBounds } from '../../src/rank/share-bounds.js';
import { spectrumAndRanks } from '../../src/rank/rank.js';
import type { Matrix } from '../../src/spectrum/matrix.js';
import { seeded, randomMatrix } from '../spectrum/matrices.js';

const full = (values: number[], relativeError: number) =>
  ({ values: Float64Array.from(values), relativeError, method: 'full' }) as const;

describe('shareBounds', () => {
  it('is certain where the share is passed by more than the values may be off', () => {
    const spectrum = full([3, 2, 1], 1e-12);
    // of the squares 14: 9 after one, 13 after two
    const energy = (p: number) => shareBounds(spectrum, { name: 'energy', p }, 0);
    expect(energy(0.6)).toMatchObject({ rank: 1, lower: 1, upper: 1, certified: true });
    expect(energy(0.9)).toMatchObject({ rank: 2, lower: 2, upper: 2, certified: true });
    expect(energy(0.95)).toMatchObject({ rank: 3, lower: 3, upper: 3, certified: true });
    // of the sum 6: 3 after one, 5 after two
    expect(shareBounds(spectrum, { name: 'srank', d: 0.2 }, 2)).toMatchObject({ lower: 2, upper: 2 });
  });

  it('says between which ranks it lies where the share falls on a sum', () => {
    const atSum = shareBounds(full([1, 1, 1, 1], 1e-9), { name: 'srank', d: 0.5 }, 2);
    expect(atSum).toMatchObject({ rank: 2, lower: 2, upper: 3, certified: false });
    const coarse = shareBounds(full([3, 2, 1], 0.1), { name: 'energy', p: 0.9 }, 2);
    expect(coarse.certified).toBe(false);
    expect(coarse.lower).toBeLessThanOrEqual(2);
    expect(coarse.upper).toBeGreaterThanOrEqual(2);
  });

  it('is not certain of what the rounding of subnormal numbers decides', () => {
    const random = seeded(3);
    const tiny = 2 ** -1074;
    let certified = 0;
    for (let trial = 0; trial < 300; trial++) {
      const a = randomMatrix(6, 2, random);
      const integers = a.data.map((x) => Math.round(x * 4 ** (trial % 5)));
      const rules = [0.001, 0.01, 0.1, 0.2, 0.3, 0.4]
        .map((d) => `srank:${d}`)
        .concat('energy:0.9', 'energy:0.7');
      const exact = spectrumAndRanks({ ...a, data: integers }, rules).ranks;
      for (const accuracy of ['gram', 'full'] as const) {
        const small = spectrumAndRanks({ ...a, data: integers.map((x) => x * tiny) }, rules, {
          accuracy,
        }).ranks;
        small.forEach(({ lower, upper }, i) => {
          expect(lower).toBeLessThanOrEqual(exact[i]!.upper);
          expect(upper).toBeGreaterThanOrEqual(exact[i]!.lower);
          if (lower === upper) certified++;
        });
      }
    }
    expect(certified).toBeGreaterThan(2000);
    expect(certified).toBeLessThan(4700);
  });

  it.each([1e-158, 1e-250, 1e-300, 1e150])('is as certain of entries of about %d as of others', (scale) => {
    const random = seeded(7);
    for (let trial = 0; trial < 20; trial++) {
      // one value, and 63 that the Gram method cannot tell from zero and that hold more than the share between them
      const a = randomMatrix(64, 1, random).data;
      const b = randomMatrix(64, 1, random).data;
      const noise = randomMatrix(64, 64, random).data;
      const data = noise.map((x, k) => scale * (a[k >> 6]! * b[k & 63]! + 1e-10 * x));
      for (const accuracy of ['gram', 'full'] as const) {
        const ranks = (matrix: Matrix['data']) =>
          spectrumAndRanks(
            { data: matrix, rows: 64, columns: 64 },
            ['srank:1e-8', 'srank:1e-10', 'energy:0.999'],
            {
              accuracy,
            },
          ).ranks.map(({ lower, upper }) => [lower, upper]);
        expect(ranks(data)).toEqual(ranks(data.map((x) => x / scale)));
      }
    }
  });

  it('is found by the full method where A Aᵀ leaves it open, unless that was asked for', () => {
    const random = seeded(11);
    // 20 directions of equal weight and 180 that A Aᵀ cannot tell from noise
    const [u, v] = [randomMatrix(200, 20, random).data, randomMatrix(20, 220, random).data];
    const data = new Float32Array(200 * 220).map((_, k) => {
      const [i, j] = [Math.floor(k / 220), k % 220];
      let sum = 0;
      for (let l = 0; l < 20; l++) sum += u[i * 20 + l]! * v[l * 220 + j]!;
      return sum;
    });
    const matrix = { data, rows: 200, columns: 220 };
    const { spectrum } = spectrumAndRanks(matrix, [], { accuracy: 'full' });
    const total = spectrum.reduce((sum, value) => sum + value, 0);
    // the share that 19 hold, and a little
    const d = 1 - spectrum.slice(0, 19).reduce((sum, value) => sum + value, 0) / total - 2e-6;
    const rules = [`srank:${d}`, 'srank:0.5', 'relative:0.01'];
    const gram = spectrumAndRanks(matrix, rules, { accuracy: 'gram' });
    const auto = spectrumAndRanks(matrix, rules);
    expect(gram.ranks.map(({ certified }) => certified)).toEqual([false, true, true]);
    expect(auto.ranks.map(({ certified, method }) => [certified, method])).toEqual([
      [true, 'full'],
      [true, 'gram'],
      [true, 'gram'],
    ]);
    expect(auto.ranks[0]!.rank).toBe(20);
    // its smallest values are noise of A Aᵀ
    expect(auto.spectrum).toEqual(spectrum);
  });

  it('holds the rank found the other way', () => {
    for (let seed = 0; seed < 40; seed++) {
      const a = randomMatrix(12, 17, seeded(seed));
      const rules = ['energy:0.5', 'energy:0.99', 'srank:0.01', 'srank:0.3'];
      const [gram, exact] = (['gram', 'full'] as const).map(
        (accuracy) => spectrumAndRanks(a, rules, { accuracy }).ranks,
      );
      gram!.forEach((result, i) => {
        expect(result.certified).toBe(true);
        expect(result.rank).toBe(exact![i]!.rank);
      });
    }
  });
});
