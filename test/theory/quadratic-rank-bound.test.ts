import { expect, it } from 'vitest';
import { activations } from '../../src/layers/activations.js';
import { useBackend } from '../../src/layers/backend.js';
import { layerFeatures } from '../../src/layers/features.js';
import { drawLayer } from '../../src/layers/layer.js';
import { resolveLayerProtocol } from '../../src/layers/protocol.js';
import { rank } from '../../src/rank/rank.js';
import { quadraticRankBound } from '../../src/theory/quadratic-rank-bound.js';

it.each(['none', 'uniform:0.2'])('is the rank after hard swish within (-3, 3), bias %s', async (bias) => {
  await useBackend('wasm');
  const choices = { weights: 'uniform:0.2', bias, inputs: 'uniform', normalization: 'none' } as const;
  const protocol = resolveLayerProtocol({ ...choices, channels: '100:100', samples: '4x' });
  for (const dIn of [1, 2, 5, 9, 14]) {
    const layer = drawLayer({ seed: 3, block: 'pointwise', dimensionRatio: dIn / 100, index: 0 }, protocol);
    const features = layerFeatures(layer, activations.hardSwish).output!;
    expect(rank(features, { tolerance: 'relative:3e-7' }).rank).toBe(
      quadraticRankBound(layer.sizes, bias !== 'none'),
    );
  }
});

it('counts the monomials up to degree 2', () => {
  const wide = { dOut: 1e6, columns: 1e6 };
  expect([1, 2, 3].map((dIn) => quadraticRankBound({ dIn, ...wide }, true))).toEqual([3, 6, 10]);
  expect(quadraticRankBound({ dIn: 9, dOut: 20, columns: 15 }, false)).toBe(15);
});
