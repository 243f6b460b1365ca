import { describe, expect, it } from 'vitest';
import type { LayerGroup } from '../../src/claims/contrast.js';
import { claimRatios, paperClaims } from '../../src/claims/paper-claims.js';
import { testClaims, verdictOf } from '../../src/claims/test-claims.js';
import { blockNames } from '../../src/layers/blocks.js';
import { fillNormal } from '../../src/random/distributions.js';
import { createStream } from '../../src/random/stream.js';

const LAYERS = 300;
const names = ['linear', 'relu6', 'relu', 'leakyRelu', 'elu', 'softplus', 'hardSwish', 'silu', 'bound'];

/** Layers whose values have the given means and vary together. */
function layersOf(mean: (block: string, ratio: number, value: string) => number, label = 'a'): LayerGroup[] {
  return blockNames.flatMap((block) =>
    claimRatios.map((dimensionRatio) => {
      const common = fillNormal(
        createStream(0, `${label}/${block}/${dimensionRatio}`),
        new Float64Array(LAYERS),
        0.04,
      );
      const values = Object.fromEntries(
        names.map((name) => {
          const own = fillNormal(
            createStream(0, `${label}/${block}/${dimensionRatio}/${name}`),
            new Float64Array(LAYERS),
            0.01,
          );
          const middle = mean(block, dimensionRatio, name);
          return [name, own.map((x, i) => Math.min(1, Math.max(0, x + (common[i] ?? NaN) + middle)))];
        }),
      );
      return { block, dimensionRatio, values };
    }),
  );
}

const verdicts = (groups: LayerGroup[], claim: string) =>
  new Set(
    testClaims(paperClaims, [{ protocol: 'p', measure: 'm', groups }])
      .filter((result) => result.claim === claim)
      .map((result) => result.verdict),
  );

describe('testClaims', () => {
  it('finds the effects that are there, in their direction', () => {
    const smooth = (name: string) => ['elu', 'silu'].includes(name);
    const groups = layersOf((block, ratio, name) =>
      name === 'linear' || name === 'bound'
        ? ratio
        : ratio + (block.startsWith('inv') ? 0.15 : 0.35) + (smooth(name) ? -0.15 : 0),
    );
    expect(verdicts(groups, 'expansion')).toEqual(new Set(['holds']));
    expect(verdicts(groups, 'nonlinearity')).toEqual(new Set(['holds']));
    expect(verdicts(groups, 'bound')).toEqual(new Set(['holds']));
    expect(verdicts(groups, 'smooth-0.1')).toEqual(new Set(['reversed']));
    expect(verdicts(groups, 'single')).toEqual(new Set(['holds']));
    expect(verdicts(groups, 'depthwise').has('holds')).toBe(false);
  });

  it('judges each activation by itself, and the expansion of the first convolution', () => {
    const groups = layersOf((_, ratio, name) => 0.3 + 0.5 * ratio + (name === 'hardSwish' ? 0.2 : 0));
    const found = testClaims(paperClaims, [{ protocol: 'p', measure: 'm', groups }]);
    const verdictsOf = (claim: string) =>
      Object.fromEntries(
        found.filter((one) => one.claim === claim).map(({ part, verdict }) => [part, verdict]),
      );
    expect(verdictsOf('each-0.1')).toEqual({
      ...{ LeakyReLU: 'same', ELU: 'same', Softplus: 'same', 'Hard swish': 'holds', SiLU: 'same' },
    });
    expect(verdictsOf('six')).toMatchObject({ 'Expansion 2 − 6': 'holds' });
  });

  it('makes no wrong verdict where nothing differs', () => {
    const settings = Array.from({ length: 8 }, (_, i) => ({
      protocol: String(i),
      measure: 'm',
      groups: layersOf(() => 0.5, String(i)),
    }));
    const results = testClaims(paperClaims, settings);
    expect(results.length).toBeGreaterThan(300);
    expect(results.filter(({ verdict }) => verdict === 'holds' || verdict === 'reversed')).toEqual([]);
  });

  it('multiplies p-values by the number of tests, and has intervals that agree with them', () => {
    const results = testClaims(paperClaims, [{ protocol: 'p', measure: 'm', groups: layersOf((_, r) => r) }]);
    for (const { p, pAdjusted, low, high } of results) {
      expect(pAdjusted).toBe(Math.min(1, p * results.length));
      expect(pAdjusted < 0.05).toBe(low > 0 || high < 0);
    }
  });
});

describe('verdictOf', () => {
  it.each([
    [0.001, 0.3, 'holds'],
    [-0.3, -0.001, 'reversed'],
    [-0.049, 0.049, 'same'],
    [0.001, 0.049, 'same'],
    [-0.009, 0.06, 'open'],
  ])('of [%d, %d] is %s', (low, high, verdict) => {
    expect(verdictOf(low, high)).toBe(verdict);
  });
});
