import { describe, expect, it } from 'vitest';
import { readBias, readWeights } from '../../src/layers/initialisation.js';
import { readInputs } from '../../src/layers/inputs.js';
import { layerRules } from '../../src/layers/layer-rules.js';
import { resolveLayerProtocol } from '../../src/layers/protocol.js';
import { preactivations } from '../../src/theory/share-within.js';
import { createStream } from '../../src/random/stream.js';

const shape = { kernel: 3, window: 3, inputs: 40, outputs: 50, depthwise: false };
const depthwise = { ...shape, outputs: 40, depthwise: true };
const spreadOf = (numbers: ArrayLike<number>) => {
  const mean = Array.from(numbers).reduce((sum, x) => sum + x, 0) / numbers.length;
  return {
    mean,
    variance: Array.from(numbers).reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length,
  };
};

describe('the variance of weights', () => {
  const rules = ['normal', 'normal:0.3', 'uniform', 'uniform:2', 'kaiming-normal', 'kaiming-normal:fan-out'];
  const others = [
    'kaiming-uniform',
    'kaiming-uniform:fan-out',
    'xavier-normal',
    'xavier-uniform',
    'pytorch',
    'orthogonal',
    'normal:2/fan-in',
    'uniform:3/inputs',
    'normal:0.5/outputs',
    'uniform:1/fan-out',
  ];
  it.each([...rules, ...others])('is that of the weights drawn by %s', (rule) => {
    for (const it of rule === 'orthogonal' ? [shape] : [shape, depthwise]) {
      const count = 9 * it.inputs * (it.depthwise ? 1 : it.outputs);
      const repeated = it.depthwise ? 50 : 1;
      const drawn = Array.from({ length: repeated }, (_, i) =>
        Array.from(readWeights(rule)!.fill(createStream(i, 'weights'), new Float32Array(count), it)),
      ).flat();
      expect(spreadOf(drawn).variance / readWeights(rule)!.variance(it)).toBeCloseTo(1, 1);
    }
  });

  it('is of weights and biases alone, which know their text', () => {
    expect(readBias('none')).toBe(null);
    expect(readBias('uniform:2')!.variance(shape)).toBe(4 / 3);
    expect(readBias('uniform:2')!.mean(shape)).toBe(0);
    expect(readWeights('file:x')).toBeUndefined();
    for (const rule of [...rules, ...others]) expect(readWeights(rule)!.text).toBe(rule);
  });
});

describe('mean and variance of inputs', () => {
  it.each([
    ...['normal', 'normal:3', 'normal:0.5', 'uniform', 'uniform:0.1', 'uniform:255'],
    ...['half-normal', 'half-normal:2', 'half-normal:0.25'],
  ])('are those of %s', (rule) => {
    const inputs = readInputs(rule)!;
    if ('file' in inputs) throw new Error('a distribution was expected');
    const drawn = inputs.fill(createStream(0, 'inputs'), new Float32Array(100_000));
    const [mean, variance] = [inputs.mean(), inputs.variance()];
    expect(inputs.text).toBe(rule);
    const found = spreadOf(drawn);
    expect(Math.abs(found.mean - mean)).toBeLessThan(0.02 * Math.sqrt(variance));
    expect(found.variance / variance).toBeCloseTo(1, 1);
  });

  it.each(['file:images.npy', 'normal:0', 'uniform:-1', 'half-normal:x', 'normal:Infinity', 'uniform:1e40'])(
    'are not known of %s',
    (inputs) => {
      const protocol = { ...resolveLayerProtocol({ normalization: 'none' }), inputs };
      const error = inputs.startsWith('file') ? 'unknown inputs: ' : `invalid inputs: ${inputs} (allowed: `;
      expect(() => preactivations({ dIn: 4, dOut: 8 }, protocol)).toThrow(error);
      expect(readInputs(inputs) === undefined).toBe(!inputs.startsWith('file'));
      if (!inputs.startsWith('file'))
        expect(() => layerRules(protocol)).toThrow(`invalid inputs: ${inputs} (allowed: normal[:SD], `);
    },
  );
});
