import { beforeAll, describe, expect, it } from 'vitest';
import { activations } from '../../src/layers/activations.js';
import { useBackend } from '../../src/layers/backend.js';
import { blockNames, type BlockName } from '../../src/layers/blocks.js';
import { layerFeatures } from '../../src/layers/features.js';
import { drawLayer } from '../../src/layers/layer.js';
import { layerRules } from '../../src/layers/layer-rules.js';
import { resolveLayerProtocol, type LayerProtocol } from '../../src/layers/protocol.js';
import { rank } from '../../src/rank/rank.js';
import { centerRows } from '../../src/spectrum/center.js';
import { linearRankBound } from '../../src/theory/linear-rank-bound.js';

beforeAll(() => useBackend('wasm').then(() => undefined));

const cases: readonly Partial<LayerProtocol>[] = [
  {},
  { bias: 'none' },
  { bias: 'none', normalization: 'batch', inputs: 'normal' },
  { normalization: 'batch', inputs: 'normal' },
  { bias: 'none', normalization: 'running:0.1', inputs: 'normal' },
  { normalizationShift: 'normal' },
  { normalizationShift: 'normal', normalization: 'batch', inputs: 'normal' },
  { normalizationShift: 'normal', normalization: 'batch', inputs: 'normal', shortcut: false },
  { normalizationShift: 'uniform', normalization: 'batch', inputs: 'normal', spatial: 5 },
  { normalizationShift: 'normal', normalization: 'none', bias: 'none' },
  { shortcut: false },
  { shortcut: false, normalization: 'batch', inputs: 'normal' },
  { shortcut: false, bias: 'none', normalization: 'running:0.1' },
  { spatial: 5, normalization: 'running:0.5' },
  { spatial: 5 },
  { spatial: 5, bias: 'none' },
  { spatial: 5, padding: 'valid' },
  { spatial: 5, normalization: 'batch', inputs: 'normal' },
  { spatial: 5, normalization: 'batch', inputs: 'normal', shortcut: false },
  { expansion: 0.5 },
  { expansion: 0.5, spatial: 5, shortcut: false },
  { expansion: 6, spatial: 5 },
];

const LAYERS = 64;
/**
 * Above the float32 roundings of singular features (4e-8 σ₁ in a pointwise layer), below most products of square
 * matrices. Centred features keep the roundings of the means they have lost.
 */
const tolerance = (center: boolean) => (center ? 'relative:1e-5' : 'relative:1e-6');

/**
 * Expects layers without activations to have the rank of its bound. The bound is the same for all of them, so the first
 * rank that reaches it is taken. A layer, most of all one of several square matrices, may be so near to a singular one
 * that the tolerance hides a dimension.
 */
function expectBound(block: BlockName, dimensionRatio: number, protocol: LayerProtocol, center: boolean) {
  let [measured, bound] = [0, 0];
  for (let index = 0; index < LAYERS && (index === 0 || measured < bound); index++) {
    const layer = drawLayer({ seed: 0, block, dimensionRatio, index }, protocol);
    const features = layerFeatures(layer, activations.linear).output!;
    bound = linearRankBound(block, layer.sizes, { ...protocol, center });
    const own = rank(center ? centerRows(features) : features, { tolerance: tolerance(center) }).rank;
    measured = Math.max(measured, own);
  }
  const at = `dimension ratio ${dimensionRatio}: linearRankBound(${block}) is ${bound}`;
  if (measured < bound) expect.fail(`${at}, the largest rank of ${LAYERS} layers only ${measured}`);
  if (measured > bound) expect.fail(`${at}, but a layer has rank ${measured}`);
}

describe.each(blockNames)('the linear bound of %s', (block) => {
  it.each(cases)('is what layers without activations have: %j', (choices) => {
    const protocol = resolveLayerProtocol({
      weights: 'normal',
      channels: '60:60',
      samples: '8x',
      ...choices,
    });
    for (const dimensionRatio of [0.05, 0.1, 0.5, 1]) expectBound(block, dimensionRatio, protocol, false);
  });
});

describe.each(blockNames)('the linear bound of centred features of %s', (block) => {
  it.each<Partial<LayerProtocol>>([
    {},
    { bias: 'none' },
    { shortcut: false },
    { normalization: 'batch', inputs: 'normal', normalizationShift: 'normal' },
    { spatial: 5 },
    { spatial: 5, normalization: 'batch', inputs: 'normal', shortcut: false },
    { samples: '30' },
  ])('is what layers without activations have: %j', (choices) => {
    const given = { weights: 'normal', channels: '60:60', samples: '8x', ...choices };
    const protocol = resolveLayerProtocol(given);
    for (const dimensionRatio of [0.1, 1]) expectBound(block, dimensionRatio, protocol, true);
  });
});

it('is the same from a parsed protocol, with and without means', () => {
  const protocol = resolveLayerProtocol({ normalization: 'running:0.1', bias: 'normal', spatial: 5 });
  const sizes = { dIn: 6, dOut: 60, hidden: 20, columns: 500 };
  for (const block of blockNames) {
    const [text, centred] = [false, true].map((center) =>
      linearRankBound(block, sizes, { ...protocol, center }),
    );
    expect(linearRankBound(block, sizes, layerRules(protocol))).toBe(text);
    expect(linearRankBound(block, sizes, { ...layerRules(protocol), center: true })).toBe(centred);
    expect(centred).toBeLessThan(text!);
  }
});

it('refuses an invalid notation', () => {
  const protocol = { ...resolveLayerProtocol(), bias: 'gaussian' };
  expect(() => linearRankBound('pointwise', { dIn: 1, dOut: 2, hidden: 2, columns: 9 }, protocol)).toThrow(
    'invalid bias',
  );
});

it('is never more than N', () => {
  const protocol = resolveLayerProtocol();
  expect(linearRankBound('pointwise', { dIn: 50, dOut: 60, hidden: 60, columns: 7 }, protocol)).toBe(7);
});
