import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ActivationName } from '../../src/activations/definitions.js';
import { resolveLayerProtocol } from '../../src/layers/protocol.js';
import { predictRankRatios } from '../../src/theory/predict-rank-ratios.js';
import { preactivations } from '../../src/theory/share-within.js';
import channelMeans from './fixtures/means.json';
import rare from './fixtures/rare.json';

interface Case {
  readonly activation: ActivationName;
  readonly dIn: number;
  readonly dOut: number;
  readonly samples: number;
  readonly weights: string;
  readonly inputs: string;
  readonly scale: number | 'uniform';
  readonly shift: number | string;
  readonly mean: readonly number[];
}

const { tolerances, cases } = JSON.parse(
  readFileSync(join(__dirname, 'fixtures/rank-ratios.json'), 'utf8'),
) as { tolerances: number[]; cases: Case[] };

/** Excess kurtosis of the distributions of the cases. */
const kurtosis: Record<string, number> = { normal: 0, uniform: -1.2, signs: -2, positive: -1.2 };

describe('predictRankRatios against sampled layers', () => {
  // sampled means have a standard error of 0.0005 to 0.002
  const groups: readonly [string, (one: Case) => boolean, mean: number, max: number][] = [
    ['normal weights and inputs', ({ dOut }) => dOut === 128, 0.0007, 0.009],
    [
      'other distributions',
      ({ weights, inputs }) => weights !== 'normal' || inputs !== 'normal',
      0.0008,
      0.004,
    ],
    [
      'with a scale and a shift',
      ({ scale, shift }) => typeof shift === 'number' && (scale !== 1 || shift !== 0),
      0.002,
      0.009,
    ],
    // standard error 0.0012, 0.005 at most
    ['with a random shift', ({ shift }) => typeof shift === 'string', 0.004, 0.017],
    ['other widths', ({ dOut }) => dOut !== 128, 0.0012, 0.007],
  ];
  const claimed = (one: Case) => groups.slice(1).some(([, holds]) => holds(one));

  it.each(groups)('%s', (name, holds, meanError, maxError) => {
    const own = cases.filter((one) => holds(one) && (name !== groups[0]![0] || !claimed(one)));
    const errors = own.flatMap(({ activation, dIn, dOut, samples, inputs, scale, shift, mean }) =>
      predictRankRatios(
        { activation, dIn, dOut, samples, inputKurtosis: kurtosis[inputs], scale, shift },
        tolerances,
      ).map((ratio, k) => Math.abs(ratio - mean[k]!)),
    );
    expect(errors.length).toBeGreaterThanOrEqual(15);
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(meanError);
    expect(Math.max(...errors)).toBeLessThan(maxError);
  });
});

// make_rare.py; without kinds of rows the mean errors are 0.004, 0.023 and 0.015, the largest 0.04, 0.18 and 0.08
describe('predictRankRatios of rows that bend in few samples', () => {
  const groups: readonly [
    string,
    (one: (typeof rare.cases)[number]) => boolean,
    mean: number,
    max: number,
  ][] = [
    ['hard swish with 13 and 20 inputs', ({ shift, dIn }) => shift === 0 && dIn >= 13, 0.0025, 0.013],
    ['hard swish with 5 to 10 inputs', ({ shift, dIn }) => shift === 0 && dIn < 13, 0.017, 0.11],
    ['ReLU with shift 3', ({ shift }) => shift === 3, 0.004, 0.014],
  ];

  it.each(groups)('%s', (_, holds, meanError, maxError) => {
    const errors = rare.cases
      .filter(holds)
      .flatMap(({ activation, shift, dIn, dOut, samples, mean }) =>
        predictRankRatios(
          { activation: activation as ActivationName, shift, dIn, dOut, samples },
          rare.tolerances,
        ).map((ratio, k) => Math.abs(ratio - mean[k]!)),
      );
    expect(errors.length).toBeGreaterThanOrEqual(12);
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(meanError);
    expect(Math.max(...errors)).toBeLessThan(maxError);
  });
});

describe('predictRankRatios', () => {
  const layer = { activation: 'silu', dIn: 40, dOut: 100, samples: 120 } as const;

  it('gives a linear layer its inputs', () => {
    for (const dOut of [32, 100, 4096]) {
      const dIn = dOut / 4;
      const [ratio] = predictRankRatios({ activation: 'linear', dIn, dOut, samples: 5 * dOut }, [1e-4]);
      expect(ratio).toBeCloseTo(1 / 4, 4);
    }
  });

  it('takes any function, in any order of tolerances, and does not fall as they do', () => {
    const tolerances = [0.001, 0.3, 0.03, 0.01, 0.3];
    const silu = predictRankRatios({ ...layer, activation: (x) => x / (1 + Math.exp(-x)) }, tolerances);
    silu.forEach((ratio, k) => expect(ratio).toBeCloseTo(predictRankRatios(layer, tolerances)[k]!, 12));
    const byTolerance = tolerances.map((tolerance, k) => [tolerance, silu[k]!] as const);
    byTolerance.sort(([a], [b]) => b - a);
    byTolerance.forEach(([, ratio], k) => {
      if (k > 0) expect(ratio).toBeGreaterThanOrEqual(byTolerance[k - 1]![1] - 1e-9);
    });
    expect(silu[1]).toBe(silu[4]);
  });

  it('does not depend on the size of the activation', () => {
    const relu = predictRankRatios({ ...layer, activation: 'relu' }, [0.1, 0.001]);
    const large = predictRankRatios({ ...layer, activation: (x) => 1e6 * Math.max(x, 0) }, [0.1, 0.001]);
    const scaled = predictRankRatios({ ...layer, activation: 'relu', scale: 0.01 }, [0.1, 0.001]);
    relu.forEach((ratio, k) => {
      expect(large[k]).toBeCloseTo(ratio, 8);
      expect(scaled[k]).toBeCloseTo(ratio, 8); // ReLU is homogeneous
    });
  });

  it('converges from 32 to a million channels, and where N = d_out', () => {
    for (const [dIn, dOut, samples] of [
      [8, 32, 32],
      [1, 64, 64],
      [1000, 1000, 1000],
      [300_000, 1_000_000, 1_200_000],
      [132_701, 132_786, 609_046],
    ] as const) {
      for (const activation of ['relu', 'linear'] as const) {
        const ratios = predictRankRatios({ activation, dIn, dOut, samples }, [0.1, 0.01, 0.0001]);
        expect(ratios.every((ratio) => ratio >= 0 && ratio <= 1)).toBe(true);
        expect(ratios[2]).toBeGreaterThan(0);
      }
    }
  });

  it('knows functions that are constant', () => {
    expect(predictRankRatios({ ...layer, activation: () => 0 }, [0.1])).toEqual([0]);
    expect(predictRankRatios({ ...layer, activation: () => 3 }, [0.1])).toEqual([1 / 100]);
    expect(predictRankRatios({ ...layer, scale: 0, shift: 2 }, [0.1])).toEqual([1 / 100]);
    expect(predictRankRatios(layer, [1])).toEqual([0]);
  });

  it.each([
    [{ dIn: 0 }, 'invalid dIn: 0 (allowed: a whole number >= 1)'],
    [{ dOut: 1.5 }, 'invalid dOut: 1.5'],
    [{ samples: Infinity }, 'invalid samples: Infinity'],
    [{ scale: NaN }, 'invalid scale: NaN'],
    [{ inputKurtosis: -3 }, 'invalid inputKurtosis: -3'],
    [
      { shift: 'normal:0' },
      'invalid shift: normal:0 (allowed: a finite number, or none, normal[:SD], uniform[:BOUND])',
    ],
    [{ shift: 'pytorch' }, 'invalid shift: pytorch'],
    [{ shift: 'normal', between: 1 }, 'invalid shift: normal (allowed: a number where'],
    [{ shift: 'normal', before: [{ activation: 'relu', dOut: 8 }] }, 'invalid before'],
    [{ activation: 'toString' }, 'unknown activation: toString'],
    [{ activation: (x: number) => 1 / x }, 'invalid activation'],
    [{ scales: 1 }, 'unknown option: scales'],
  ])('refuses %o', (wrong, message) => {
    expect(() => predictRankRatios({ ...layer, ...(wrong as object) }, [0.1])).toThrow(message);
  });

  it.each([0, -0.1, 1.5, NaN])('refuses tolerance %d', (tolerance) => {
    expect(() => predictRankRatios(layer, [tolerance])).toThrow('invalid tolerance');
  });
});

describe('predictRankRatios of channels with means of their own', () => {
  // a fourth of make_means.py, 200 to 600 layers each; standard errors are 0.0005 to 0.004; a normal law of means has 0.017 and 0.06
  it('is near sampled layers of widths that nothing was chosen by', () => {
    const errors = channelMeans
      .filter((_, k) => k % 4 === 0)
      .map(({ activation, dIn, dOut, samples, bias, tolerances, mean }) => {
        const protocol = resolveLayerProtocol(bias ? {} : { bias: 'none' });
        const spread = preactivations({ dIn, dOut }, protocol);
        return predictRankRatios(
          {
            activation: activation as ActivationName,
            dIn,
            dOut,
            samples,
            inputKurtosis: -1.2,
            ...spread,
            scale: 'uniform',
          },
          tolerances,
        ).map((ratio, k) => Math.abs(ratio - mean[k]!));
      });
    for (const [some, meanError, largest] of [
      [errors.flat(), 0.009, 0.025],
      [errors.map((own) => own.at(-1)!), 0.011, 0.02],
    ] as const) {
      expect(some.reduce((sum, error) => sum + error, 0) / some.length).toBeLessThan(meanError);
      expect(Math.max(...some)).toBeLessThan(largest);
    }
  });
});
