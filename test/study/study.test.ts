import { describe, expect, it } from 'vitest';
import { blockNames } from '../../src/layers/blocks.js';
import { layerCount, readRatios, resolveStudy, studyFields, tapsAt } from '../../src/study/study.js';
import { protocolFields } from '../../src/study/protocol.js';

describe('resolveStudy', () => {
  it('is the published grid by default', () => {
    const study = resolveStudy();
    expect(study.blocks).toEqual(['pointwise', 'conv3x3', 'inverted-conv3x3', 'inverted-depthwise']);
    expect(study.activations).toEqual([
      'linear',
      'relu6',
      'relu',
      'leakyRelu',
      'elu',
      'softplus',
      'hardSwish',
      'silu',
    ]);
    expect(study.ratios).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(layerCount(study)).toBe(320 * study.layers);
  });

  it('survives JSON and itself', () => {
    const study = resolveStudy({
      seed: 5,
      protocol: { tolerances: ['torch:rtol=0.001,atol=0.01', 'energy:0.99'] },
    });
    expect(resolveStudy(JSON.parse(JSON.stringify(study)))).toEqual(study);
  });

  it('reads what flags give: lists as text, numbers as digits', () => {
    const given = { blocks: 'pointwise, conv3x3', ratios: '0.1:0.3:0.1', layers: '7', spectra: 'true' };
    expect(resolveStudy(given as never)).toMatchObject({
      blocks: ['pointwise', 'conv3x3'],
      ratios: [0.1, 0.2, 0.3],
      layers: 7,
      spectra: true,
    });
  });

  it.each([
    [{ blocks: ['dense'] }, `unknown block: dense (allowed: ${blockNames.join(', ')})`],
    [{ activations: ['swoosh'] }, 'unknown activation: swoosh (allowed: linear, relu6, relu, '],
    [{ activations: [] }, 'invalid activations: []'],
    [{ ratios: [0] }, 'invalid ratios: [0] (allowed: numbers in (0, 1], as a list or as FROM:TO:STEP)'],
    [{ ratios: [0.5, 1.1] }, 'invalid ratios: [0.5,1.1]'],
    [{ ratios: '0.1:1' }, 'invalid ratios: 0.1:1'],
    [{ ratios: '1:0.1:0.1' }, 'invalid ratios: 1:0.1:0.1'],
    [{ ratios: '0.1,' }, 'invalid ratios: 0.1,'],
    [{ layers: 0 }, 'invalid layers: 0 (allowed: a whole number >= 1)'],
    [{ layers: '2.5' }, 'invalid layers: 2.5'],
    [{ seed: -1 }, 'invalid seed: -1 (allowed: a whole number from 0 to 2^53 - 1)'],
    [{ taps: ['middle'] }, 'unknown tap: middle (allowed: expand, spatial, project, output)'],
    [{ taps: ['expand'] }, 'invalid taps: ["expand"] (allowed: output for pointwise)'],
    [
      { layer: 3 },
      'unknown study key: layer (near: layers; allowed: blocks, activations, ratios, layers, taps, seed, spectra, metrics, protocol)',
    ],
    [
      { protocol: { weight: 'normal' } },
      'unknown protocol key: weight (near: weights; allowed: weights, bias, ',
    ],
    [{ protocol: { tolerances: ['relative'] } }, 'invalid tolerance: relative'],
    [{ protocol: { tolerances: ['tight'] } }, 'unknown tolerance: tight (allowed: numpy, torch'],
    [
      { blocks: ['pointwise'], ratios: [0.1, 1], protocol: { channels: '16:20000', samples: 'd_out' } },
      'invalid size of a layer: 4578 MiB of memory at once, for pointwise at ratio 1 with 20000 output channels, 20000 columns and 1 x 1 pixels (allowed: 4096 MiB, the memory',
    ],
    // a small layer of so many channels, of which the Gram matrix does not fit
    [
      { blocks: ['pointwise'], ratios: [0.01], protocol: { channels: '16:19500', samples: 'd_out' } },
      'invalid size of a layer: 4352 MiB',
    ],
    [{ blocks: ['conv3x3'], protocol: { spatial: 10000 } }, 'invalid size of a layer: 390634 MiB'],
    [
      { blocks: ['inverted-depthwise'], protocol: { samples: '1000000000' } },
      'invalid size of a layer: 19531250 MiB',
    ],
    [{ protocol: { padding: 'valid' } }, 'invalid spatial size: 1 (allowed: more than 2 with valid padding'],
  ])('refuses %j', (given, message) => {
    expect(() => resolveStudy(given as never)).toThrow(message);
  });

  it("takes a user's own activations by name", () => {
    expect(resolveStudy({ activations: ['relu', 'cube'] }, ['cube']).activations).toEqual(['relu', 'cube']);
  });

  it('leaves a tap out for blocks that do not have it', () => {
    const study = resolveStudy({ taps: ['output', 'expand'] });
    expect(tapsAt(study, 'pointwise')).toEqual(['output']);
    expect(tapsAt(study, 'inverted-depthwise')).toEqual(['expand', 'output']);
  });

  it('says of every field what it is and why its default is what it is', () => {
    for (const field of Object.values({ ...studyFields, ...protocolFields })) {
      expect(field.meaning).toMatch(/\w/);
      expect(field.why.length).toBeGreaterThan(10);
      expect(field.read(field.default)).toEqual(field.default);
    }
  });
});

describe('readRatios', () => {
  it('includes both ends and rounds what floating point adds', () => {
    expect(readRatios('0.1:1:0.1')).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(readRatios('0.05:0.2:0.05')).toEqual([0.05, 0.1, 0.15, 0.2]);
    expect(readRatios('0.5:0.5:0.1')).toEqual([0.5]);
    expect(readRatios('0.5,0.25')).toEqual([0.25, 0.5]);
    expect(readRatios(0.5)).toEqual([0.5]);
  });

  it('refuses lists in the list, however deep', () => {
    let deep: unknown = 0.5;
    for (let i = 0; i < 10_000; i++) deep = [deep];
    expect(readRatios([[0.5]])).toBeUndefined();
    expect(readRatios([deep])).toBeUndefined();
    expect(() => resolveStudy({ protocol: { normalization: deep } as never })).toThrow(
      'invalid normalization: a list that JSON cannot hold (allowed: none',
    );
  });
});
