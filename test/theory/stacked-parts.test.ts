import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../../src/activations/definitions.js';
import { predictRankRatios } from '../../src/theory/predict-rank-ratios.js';

interface Case {
  readonly dIn: number;
  readonly layers: readonly (readonly [ActivationName, number])[];
  readonly mean: readonly number[];
}

const { tolerances, samples, cases } = JSON.parse(
  readFileSync(join(__dirname, 'fixtures/stacks.json'), 'utf8'),
) as { tolerances: number[]; samples: number; cases: Case[] };

const layer = { activation: 'linear', dIn: 20, dOut: 64, samples: 256 } as const;

describe('predictRankRatios of a layer after others', () => {
  // sampled means (fixtures/make_stacks.py), standard error 0.0015 at most; SiLU is the worst (docs/theory.md)
  const last = ({ layers }: Case) => layers.at(-1)?.[0];
  it.each([
    ['linear', 2, 0.01],
    ['relu', 2, 0.01],
    ['elu', 2, 0.012],
    ['silu', 2, 0.02],
    ['relu', 3, 0.01],
    ['silu', 3, 0.035],
  ] as const)('%s, %d layers', (name, depth, most) => {
    const own = cases.filter((one) => last(one) === name && one.layers.length === depth);
    expect(own.length).toBeGreaterThanOrEqual(3);
    for (const { dIn, layers, mean } of own) {
      const [top, ...below] = layers.map(([activation, dOut]) => ({ activation, dOut })).reverse();
      const ratios = predictRankRatios({ ...top!, dIn, samples, before: below.reverse() }, tolerances);
      ratios.forEach((ratio, k) => {
        expect(Math.abs(ratio - mean[k]!)).toBeLessThan(most);
      });
    }
  });

  it('has no more rank than the narrowest layer', () => {
    const [ratio = NaN] = predictRankRatios({ ...layer, before: [{ activation: 'relu', dOut: 16 }] }, [1e-4]);
    expect(ratio).toBeCloseTo(16 / 64, 4);
    // a linear layer below passes its inputs on and adds nothing
    const [through = NaN] = predictRankRatios(
      { ...layer, before: [{ activation: 'linear', dOut: 400 }] },
      [1e-4],
    );
    expect(through).toBeCloseTo(20 / 64, 4);
  });

  it.each([
    [{ before: [{ activation: 'relu', dOut: 1 }] }, 'invalid dOut: 1'],
    [{ before: [{ activation: 'rleu', dOut: 8 }] }, 'unknown activation: rleu'],
    [{ before: [{ dOut: 8, width: 3 }] }, 'unknown option: width'],
    [{ before: 'relu' }, 'invalid before: relu'],
    [{ before: [{ activation: 'relu', dOut: 8 }], scale: 2 }, 'layers only where scale is 1'],
  ])('refuses %j', (wrong, message) => {
    expect(() => predictRankRatios({ ...layer, ...(wrong as object) }, [0.1])).toThrow(message);
  });
});
