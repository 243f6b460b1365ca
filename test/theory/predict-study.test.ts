import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/files/read-table.js';
import { resolveStudy, type StudyInput } from '../../src/study/study.js';
import { predictPhase } from '../../src/theory/predict-phase.js';
import { predictRankRatios, predictSpectrum } from '../../src/theory/predict-rank-ratios.js';
import { predictStudy } from '../../src/theory/predict-study.js';

const small = (given: StudyInput & { readonly protocol?: object } = {}) =>
  resolveStudy({
    blocks: ['pointwise'],
    activations: ['silu'],
    ratios: [0.25],
    ...given,
    protocol: { preset: 'standard', channels: '128:128', samples: '154', ...given.protocol },
  });
const valueOf = (given?: Parameters<typeof small>[0]) =>
  predictStudy(small(given)).points.map((point) => point.rankRatioPredicted);
const silu = { activation: 'silu', dIn: 32, dOut: 128, samples: 154 } as const;

describe('predictStudy', () => {
  // figures/prediction/reach.csv: certified ranks of 1,000 layers per point, standard error 0.0001 (experiments/prediction.ts)
  it('is within 0.005 of certified layers at all 400 points', async () => {
    const kept = await readTable<{
      activation: string;
      dimensionRatio: number;
      tolerance: string;
      measured: number;
    }>(join(__dirname, '../../figures/prediction/reach.csv'));
    const { points } = predictStudy(
      resolveStudy({
        blocks: ['pointwise'],
        protocol: {
          ...{ preset: 'standard', channels: '128:128', samples: '4x' },
          tolerances: [0.1, 0.03, 0.01, 0.003, 0.001].map((tolerance) => `relative:${tolerance}`),
        },
      }),
    );
    const errors = kept.map(({ activation, dimensionRatio, tolerance, measured }) => {
      const same = points.find(
        (point) =>
          point.activation === activation &&
          point.dimensionRatio === dimensionRatio &&
          point.tolerance === tolerance,
      );
      return Math.abs((same?.rankRatioPredicted ?? NaN) - measured);
    });
    expect(errors).toHaveLength(400);
    expect(Math.max(...errors)).toBeLessThan(0.005);
    expect(errors.reduce((sum, error) => sum + error, 0) / 400).toBeLessThan(0.0002);
  });

  it('gives what figures/prediction/panel-a.csv has of the fitted protocol, within 0.01 of all layers', async () => {
    const kept = await readTable<{
      activation: string;
      dimensionRatio: number;
      measured: number;
      predicted: number;
    }>(join(__dirname, '../../figures/prediction/panel-a.csv'));
    expect(kept).toHaveLength(80);
    for (const { measured, predicted } of kept) expect(Math.abs(predicted - measured)).toBeLessThan(0.01);
    const { points } = predictStudy(
      resolveStudy({ blocks: ['pointwise'], activations: ['relu', 'silu'], ratios: [0.2] }),
    );
    for (const { activation, dimensionRatio, rankRatioPredicted } of points) {
      const same = kept.find((row) => row.activation === activation && row.dimensionRatio === dimensionRatio);
      expect(rankRatioPredicted).toBeCloseTo(same?.predicted ?? NaN, 4);
    }
  });

  it('counts each threshold rule as the relative tolerance that it is', () => {
    const rule = (tolerance: string) => valueOf({ protocol: { tolerances: [tolerance] } })[0];
    const eps = 2 ** -23;
    expect(rule('relative:0.03')).toBe(predictRankRatios(silu, [0.03])[0]);
    expect(rule('torch:rtol=0.03')).toBe(rule('relative:0.03'));
    expect(rule('numpy')).toBeCloseTo(predictRankRatios(silu, [154 * eps])[0] ?? NaN, 12);
    expect(rule('torch')).toBe(rule('numpy'));
    expect(rule('relative:1')).toBe(0);
    expect(rule('relative:0')).toBeCloseTo(1, 6);
    expect(rule('absolute:1e9')).toBe(0);
    // its mean, 0.2066, makes the largest singular value: a little above 0.2066 sqrt(128 x 154) = 29.01
    const { largest } = predictSpectrum(silu);
    expect(largest).toBeGreaterThan(29);
    expect(largest).toBeLessThan(33);
    expect(rule(`absolute:${0.03 * largest}`)).toBeCloseTo(rule('relative:0.03') ?? NaN, 9);
  });

  it('draws the shift of each channel from the law of the protocol', () => {
    const [ratio] = valueOf({ protocol: { normalizationShift: 'normal', tolerances: ['relative:0.1'] } });
    expect(ratio).toBe(predictRankRatios({ ...silu, shift: 'normal:1' }, [0.1])[0]);
    const [fixed = NaN] = predictRankRatios(silu, [0.1]);
    expect(Math.abs((ratio ?? NaN) - fixed)).toBeGreaterThan(0.05);
  });

  it('averages over the widths and takes the samples of the protocol', () => {
    const [wide = NaN] = valueOf({
      protocol: { channels: '64:256', samples: '4x', tolerances: ['relative:0.1'] },
    });
    const at = (dOut: number) =>
      predictRankRatios(
        { activation: 'silu', dIn: Math.round(dOut / 4), dOut, samples: 4 * dOut },
        [0.1],
      )[0] ?? NaN;
    const widths = Array.from({ length: 13 }, (_, k) => 64 + 16 * k);
    const mean = widths.reduce((sum, dOut) => sum + at(dOut), 0) / widths.length;
    expect(Math.abs(wide - mean)).toBeLessThan(0.006);
  });

  it('knows the first convolution of every block, and says why not the rest', () => {
    const progress: string[] = [];
    const { points, unpredicted } = predictStudy(
      small({
        blocks: ['pointwise', 'conv3x3', 'inverted-depthwise'],
        taps: ['expand', 'output'],
        protocol: { tolerances: ['relative:0.03', 'energy:0.9'] },
      }),
      (done, total) => progress.push(`${done}/${total}`),
    );
    expect(progress).toEqual(['1/3', '2/3', '3/3']);
    expect(points.map(({ block, tap }) => `${block} ${tap}`)).toEqual([
      'pointwise output',
      'conv3x3 output',
      'inverted-depthwise expand',
    ]);
    expect(points[1]?.rankRatioPredicted).toBe(points[0]?.rankRatioPredicted);
    const [expand = NaN] = predictRankRatios({ ...silu, dOut: 6 * 32 }, [0.03]);
    expect(points[2]?.rankRatioPredicted).toBeCloseTo(expand, 12);
    expect(unpredicted.map(({ part }) => part)).toEqual([
      'tolerance energy:0.9',
      'inverted-depthwise at output',
    ]);
  });

  it('follows a bottleneck with a dense middle to its third convolution', () => {
    const study = (protocol: object) =>
      small({
        blocks: ['inverted-conv3x3'],
        taps: ['spatial', 'project', 'output'],
        protocol: { expansion: 2, tolerances: ['relative:0.1'], ...protocol },
      });
    const { points, unpredicted } = predictStudy(study({}));
    const hidden = { activation: 'silu', dOut: 64 } as const;
    const layer = { ...silu, dIn: 32 };
    const expected = [
      predictRankRatios({ ...layer, ...hidden, before: [hidden] }, [0.1]),
      predictRankRatios({ ...layer, activation: 'linear', before: [hidden, hidden] }, [0.1]),
    ].flat();
    expect(points.map(({ rankRatioPredicted }) => rankRatioPredicted)).toEqual(expected);
    expect(unpredicted.map(({ reason }) => reason)).toEqual(['a shortcut adds inputs to the features']);
    const scaled = predictStudy(study({ normalizationScale: 'uniform' }));
    expect(scaled.points).toEqual([]);
    expect(scaled.unpredicted[0]?.reason).toContain('batch statistics with scale 1');
  });

  it.each([
    [{ protocol: { weights: 'orthogonal' } }, 'orthogonal weights'],
    [{ protocol: { normalizationShift: 'normal', normalization: 'deviation' } }, 'with batch statistics'],
    [{ protocol: { inputs: 'file:x.npy' } }, 'inputs from a file'],
    [{ blocks: ['conv3x3'], protocol: { spatial: 7 } }, 'at one pixel'],
    [{ blocks: ['conv3x3'], protocol: { spatial: 3, padding: 'valid' } }, 'at one pixel'],
  ] as const)('says why it predicts nothing of %j', (given, reason) => {
    const { points, unpredicted } = predictStudy(small(given as Parameters<typeof small>[0]));
    expect(points).toEqual([]);
    expect(unpredicted.map((one) => one.reason).join()).toContain(reason);
  });

  it('leaves out silent channels where inputs are positive', () => {
    const protocol = {
      ...{ inputs: 'uniform', normalization: 'deviation' as const, samples: '1.2x' },
      tolerances: ['relative:0.0001'],
    };
    const [relu = NaN] = valueOf({ activations: ['relu'], protocol });
    const [centred = NaN] = valueOf({ activations: ['relu'], protocol: { ...protocol, inputs: 'normal' } });
    expect(relu).toBeGreaterThan(0.85);
    expect(relu).toBeLessThan(0.95);
    expect(centred).toBeGreaterThan(0.99);
  });

  it('takes channels less their mean', () => {
    const tolerances = ['relative:0.1'];
    const [relu = NaN] = valueOf({ activations: ['relu'], protocol: { tolerances } });
    const [centred = NaN] = valueOf({ activations: ['relu'], protocol: { tolerances, center: true } });
    expect(centred).toBeGreaterThan(relu + 0.1);
  });
});

describe('predictPhase', () => {
  it('is the difference of two predictions at each width and tolerance', () => {
    const points = predictPhase({
      ...{ activations: ['silu', 'relu'], widths: [64, 100_000], tolerances: [0.1, 0.03] },
    });
    expect(points.map(({ width, tolerance }) => [width, tolerance])).toEqual([
      [64, 0.1],
      [64, 0.03],
      [100_000, 0.1],
      [100_000, 0.03],
    ]);
    const layer = { dIn: 16, dOut: 64, samples: 256 };
    const [first] = predictRankRatios({ activation: 'silu', ...layer }, [0.1]);
    const [second] = predictRankRatios({ activation: 'relu', ...layer }, [0.1]);
    expect(points[0]).toMatchObject({ first, second, difference: (first ?? NaN) - (second ?? NaN) });
  });

  it.each([
    [{ activations: ['relu', 'relu'] }, 'two different ones'],
    [{ activations: ['relu', 'toString'] }, 'unknown activation: toString'],
    [{ protocol: { weights: 'orthogonal' } }, 'orthogonal weights'],
    [{ widths: [1] }, 'channels'],
    [{ tolerances: [-1] }, 'invalid tolerance'],
    [{ ratio: 2 }, 'invalid ratios'],
  ])('refuses %j', (wrong, message) => {
    const question = { activations: ['silu', 'relu'], widths: [64], tolerances: [0.1] } as const;
    expect(() => predictPhase({ ...question, ...(wrong as object) })).toThrow(message);
  });
});
