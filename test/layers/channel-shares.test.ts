import { beforeAll, describe, expect, it } from 'vitest';
import { activations } from '../../src/layers/activations.js';
import { useBackend } from '../../src/layers/backend.js';
import { channelRanges, channelShares } from '../../src/layers/channel-shares.js';
import { layerFeatures } from '../../src/layers/features.js';
import { layerRules } from '../../src/layers/layer-rules.js';
import { drawLayer } from '../../src/layers/layer.js';
import { measureLayer } from '../../src/study/measure-layer.js';
import { studyRules } from '../../src/study/study-rules.js';
import { resolveStudy } from '../../src/study/study.js';
import { preactivations, shareWithin } from '../../src/theory/share-within.js';

describe('channelShares', () => {
  // one row per position, one column per channel
  const matrix = (...rows: number[][]) => ({
    data: Float32Array.from(rows.flat()),
    rows: rows.length,
    columns: rows[0]!.length,
  });

  it('counts constant, unbent and faint channels', () => {
    const before = channelRanges(matrix([-1, 1, -1, 2, 0.01], [-2, 3, 1, 2, 0.02]));
    const after = channelRanges(matrix([0, 1, 0, 2, 0.01], [0, 3, 1, 2, 0.02]));
    expect(channelShares(after, before, [[0, Infinity]])).toEqual({
      silent: 2 / 5, // the first is 0, the fourth 2
      neverBent: 3 / 5, // the second, fourth and fifth
      dormant: 2 / 5, // the first and the fifth: 0.015 is less than a fortieth of the mean, 0.9
    });
    expect(channelShares(after, before).neverBent).toBeNull();
    expect(channelShares(after).neverBent).toBeNull();
  });

  it('takes a layer of zeros as silent and dormant', () => {
    expect(channelShares(channelRanges(matrix([0, 0], [0, 0])))).toMatchObject({ silent: 1, dormant: 1 });
  });
});

describe('the shares in the rows of a study', () => {
  const study = resolveStudy({
    blocks: ['pointwise', 'inverted-depthwise'],
    activations: ['relu', 'leakyRelu', 'hardSwish', 'silu', 'linear'],
    ratios: [0.5],
    layers: 40,
    taps: ['expand', 'output'],
    protocol: { channels: '64:64' },
  });
  const rules = studyRules(study);
  const rowsOf = (block: 'pointwise' | 'inverted-depthwise', layer: number) =>
    measureLayer(rules, { block, dimensionRatio: 0.5, layer }, { engine: 'auto' });

  beforeAll(() => useBackend('auto'));

  it('are those of the features before and after the activation', () => {
    for (const layer of [0, 1]) {
      const address = { seed: 0, block: 'inverted-depthwise', dimensionRatio: 0.5, index: layer } as const;
      const drawn = drawLayer(address, layerRules(study.protocol));
      const channelsOf = (name: 'linear' | 'relu', tap: 'expand' | 'output') => {
        const { data, rows, columns } = layerFeatures(drawn, activations[name], [tap])[tap]!;
        return Array.from({ length: rows }, (_, i) => data.subarray(i * columns, (i + 1) * columns));
      };
      const inputs = channelsOf('linear', 'expand');
      const share = (count: number) => count / inputs.length;
      const positive = inputs.filter((channel) => channel.every((x) => x >= 0)).length;
      const negative = inputs.filter((channel) => channel.every((x) => x <= 0)).length;
      const rows = rowsOf('inverted-depthwise', layer);
      const at = (activation: string, tap: string) =>
        rows.find((row) => row.activation === activation && row.tap === tap);
      expect(at('relu', 'expand')).toMatchObject({ silent: share(negative), neverBent: share(positive) });
      expect(at('leakyRelu', 'expand')).toMatchObject({ silent: 0, neverBent: share(positive + negative) });
      expect(at('linear', 'expand')).toMatchObject({ silent: 0, neverBent: 1 });
      expect(at('silu', 'expand')).toMatchObject({ silent: 0, neverBent: null });
      // nothing follows the projection
      for (const { tap, neverBent } of rows) if (tap === 'output') expect(neverBent).toBeNull();
    }
  });

  it('have the mean that theory expects', () => {
    const rows = Array.from({ length: 40 }, (_, layer) => rowsOf('pointwise', layer)).flat();
    const mean = (activation: string, key: 'silent' | 'neverBent') => {
      const values = rows.filter((row) => row.activation === activation).map((row) => row[key] ?? NaN);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    const spread = preactivations({ dIn: 32, dOut: 64 }, study.protocol);
    const [columns] = rows.map((row) => row.columns);
    const expected = shareWithin([-Infinity, 0], spread, columns ?? NaN);
    expect(expected).toBeGreaterThan(0.03);
    // 2,560 channels: a standard error of 0.005
    expect(Math.abs(mean('relu', 'silent') - expected)).toBeLessThan(0.02);
    expect(Math.abs(mean('relu', 'neverBent') - expected)).toBeLessThan(0.02);
    expect(mean('hardSwish', 'neverBent')).toBeLessThan(mean('relu', 'neverBent'));
  });

  it('are not there without metrics', () => {
    const bare = studyRules(resolveStudy({ ...study, metrics: false }));
    const [row] = measureLayer(
      bare,
      { block: 'pointwise', dimensionRatio: 0.5, layer: 0 },
      { engine: 'auto' },
    );
    expect(row).toMatchObject({ silent: null, neverBent: null, dormant: null, effectiveRank: null });
  });
});
