import { describe, expect, it } from 'vitest';
import { activations } from '../../src/layers/activations.js';
import { useBackend } from '../../src/layers/backend.js';
import { layerFeatures } from '../../src/layers/features.js';
import { drawLayer } from '../../src/layers/layer.js';
import { resolveLayerProtocol, type LayerProtocol } from '../../src/layers/protocol.js';
import { upperTail } from '../../src/statistics/normal.js';
import { preactivations, shareWithin } from '../../src/theory/share-within.js';
import fixture from './fixtures/shares.json';

describe('the normal distribution', () => {
  it.each(fixture.tails)('has the tail at %d that scipy has', (x, tail) => {
    expect(Math.abs(upperTail(x!) / tail! - 1)).toBeLessThan(1e-12);
  });
});

describe('shareWithin', () => {
  it.each(fixture.shares)(
    'of (%d, %d), spreads %d and %d, N = %d is as scipy integrates it',
    (...numbers) => {
      const [low, high, between, within, samples, share] = numbers;
      const range = [low ?? -Infinity, high ?? Infinity] as const;
      const found = shareWithin(range, { between: between!, within: within! }, samples!);
      expect(Math.abs(found - share!)).toBeLessThan(1e-9);
    },
  );

  it('is a power of the normal probability for batch statistics', () => {
    expect(shareWithin([-Infinity, 0], { between: 0, within: 1 }, 10)).toBeCloseTo(2 ** -10, 12);
  });

  it.each([
    { inputs: 'uniform', weights: 'uniform', bias: 'normal' },
    { inputs: 'half-normal', weights: 'kaiming-normal', bias: 'normal:0.5' },
    { inputs: 'normal', weights: 'xavier-uniform', bias: 'uniform:2' },
    { inputs: 'uniform', weights: 'uniform', bias: 'none', normalization: 'running:0.4', samples: '160' },
  ])('is the share that random layers have: $inputs inputs, $weights weights', async (choices) => {
    await useBackend('wasm');
    const protocol = resolveLayerProtocol({
      normalization: 'none',
      samples: '16',
      ...choices,
      channels: '64:64',
    } as Partial<LayerProtocol>);
    let [silent, total] = [0, 0];
    for (let index = 0; index < 60; index++) {
      const layer = drawLayer({ seed: 0, block: 'pointwise', dimensionRatio: 0.5, index }, protocol);
      const { data, rows, columns } = layerFeatures(layer, activations.linear).output!;
      for (let row = 0; row < rows; row++) {
        if (data.subarray(row * columns, (row + 1) * columns).every((x) => x <= 0)) silent++;
      }
      total += rows;
    }
    const predicted = shareWithin(
      [-Infinity, 0],
      preactivations({ dIn: 32, dOut: 64 }, protocol),
      Number(protocol.samples),
    );
    // four standard errors of a share, doubled since channels of a layer share their inputs
    const error = 8 * Math.sqrt((predicted * (1 - predicted)) / total);
    expect(Math.abs(silent / total - predicted)).toBeLessThan(error);
  });
});
