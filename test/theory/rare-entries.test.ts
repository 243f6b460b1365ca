import { describe, expect, it } from 'vitest';
import { activationDefinitions } from '../../src/activations/definitions.js';
import { lengthQuadrature } from '../../src/theory/harmonics.js';
import { projectionLaw } from '../../src/theory/projection-law.js';
import { rareEntries } from '../../src/theory/rare-entries.js';

const lengths = lengthQuadrature(13, 8, 0);
const layer = { scale: 1, shift: 0, samples: 512, dimension: 13 };
const of = (f: (x: number) => number, changes: Partial<typeof layer> = {}) =>
  rareEntries(f, { ...layer, ...changes }, lengths);
const { hardSwish, relu, silu, linear } = activationDefinitions;

describe('rareEntries', () => {
  it('has rows without an excess as often as no sample leaves the polynomial', () => {
    const { rows, polynomial } = of(hardSwish.value)!;
    const none = rows.find(({ f }) => f(4) === polynomial(4))!;
    expect(none.share).toBeCloseTo(Math.exp(512 * projectionLaw(13, lengths)(-3, 3)), 2);
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    for (const x of [-3, -1, 0, 2, 3]) expect(polynomial(x)).toBeCloseTo((x * (x + 3)) / 6, 12);
  });

  it('keeps the energy of the excess', () => {
    const { rows, polynomial } = of(hardSwish.value)!;
    const excess = (f: (x: number) => number) => (f(4) - polynomial(4)) ** 2;
    const mean = rows.reduce((sum, { share, f }) => sum + share * excess(f), 0);
    expect(mean / excess(hardSwish.value)).toBeCloseTo(1, 3);
    expect(new Set(rows.map(({ f }) => f(4))).size).toBe(11);
  });

  it('knows straight lines, with a shift', () => {
    const { rows, polynomial } = of(relu.value, { shift: 3 })!;
    expect(polynomial(-2)).toBeCloseTo(-2, 12);
    expect(rows.length).toBe(11);
    expect(of(relu.value, { shift: -3 })!.polynomial(2)).toBeCloseTo(0, 12);
  });

  it('leaves functions that bend everywhere, in many samples of a row, or nowhere', () => {
    expect(of(silu.value)).toBeUndefined();
    expect(of(relu.value)).toBeUndefined();
    expect(of(hardSwish.value, { samples: 4096 })).toBeUndefined();
    expect(of(linear.value, { scale: 100 })).toBeUndefined();
    expect(of((x) => 1 / x)).toBeUndefined();
  });
});
