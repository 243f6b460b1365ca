import { describe, expect, it } from 'vitest';
import { shareBounds } from '../../src/rank/share-bounds.js';
import { spectrumAndRanks } from '../../src/rank/rank.js';
import { seeded, randomMatrix } from '../spectrum/matrices.js';

const full = (values: number[], errorBound: number) =>
  ({ values: Float64Array.from(values), errorBound, way: 'full' }) as const;

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
    const coarse = shareBounds(full([3, 2, 1], 0.3), { name: 'energy', p: 0.9 }, 2);
    expect(coarse.certified).toBe(false);
    expect(coarse.lower).toBeLessThanOrEqual(2);
    expect(coarse.upper).toBeGreaterThanOrEqual(2);
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
