import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { activationNames } from '../../src/activations/definitions.js';
import { activationNamed, activations } from '../../src/layers/activations.js';
import { useBackend } from '../../src/layers/backend.js';
import { backendNames, type BackendName } from '../../src/layers/backend-names.js';
import { blockNames, blocks, tapsOf, type BlockName, type Tap } from '../../src/layers/blocks.js';
import { layerFeatures } from '../../src/layers/features.js';
import { layerRules } from '../../src/layers/layer-rules.js';
import { drawLayer, type ConvolutionParameters, type Layer } from '../../src/layers/layer.js';
import { resolveLayerProtocol, type LayerProtocol } from '../../src/layers/protocol.js';

interface Case {
  block: BlockName;
  protocol: Partial<LayerProtocol>;
  sizes: Layer['sizes'];
  input: string;
  convolutions: {
    kernel: number;
    depthwise: boolean;
    inputs: number;
    outputs: number;
    weights: string;
    bias: string | null;
  }[];
  features: Record<string, Partial<Record<Tap, string>>>;
}

const { cases } = JSON.parse(readFileSync(join(__dirname, 'fixtures/features.json'), 'utf8')) as {
  cases: Case[];
};

describe.each(backendNames)('layerFeatures on the %s backend', (backend) => {
  useHere(backend);

  it.each(
    cases.map(
      (fixture, i) => [`${i} ${fixture.block} ${JSON.stringify(fixture.protocol)}`, fixture] as const,
    ),
  )('agrees with PyTorch to float32 rounding: case %s', (_, fixture) => {
    const layer = layerOf(fixture);
    for (const [name, taps] of Object.entries(fixture.features)) {
      const features = layerFeatures(layer, activationNamed(name), Object.keys(taps) as Tap[]);
      for (const [tap, text] of Object.entries(taps)) {
        const { data, rows, columns } = features[tap as Tap]!;
        const expected = decode(text);
        expect([data.length, columns]).toEqual([expected.length, fixture.sizes.columns]);
        expect(rows).toBe(tap === 'expand' || tap === 'spatial' ? fixture.sizes.hidden : fixture.sizes.dOut);
        expect(worst(data, expected), `${name} at ${tap}`).toBeLessThan(tolerance(fixture));
      }
    }
  });

  it('divides by the deviation without centring, and multiplies by the scale', () => {
    const drawn = (normalization: 'none' | 'deviation' | 'inference') => {
      const given = { channels: '8:8', normalization, normalizationScale: 'uniform' } as const;
      const protocol = resolveLayerProtocol({ ...given, samples: '40' });
      return drawLayer({ seed: 3, block: 'pointwise', dimensionRatio: 0.5, index: 0 }, protocol);
    };
    const [raw, layer, inference] = [drawn('none'), drawn('deviation'), drawn('inference')];
    expect(raw.convolutions[0]!.scale).toBeNull();
    const scale = layer.convolutions[0]!.scale!;
    expect(inference.convolutions[0]!.scale).toEqual(scale);
    const plain = layerFeatures(raw, activations.linear).output!.data;
    const expected = [...scale].flatMap((gamma, row) => {
      const values = [...plain.subarray(40 * row, 40 * row + 40)];
      const mean = values.reduce((sum, x) => sum + x, 0) / 40;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 40;
      return values.map((x) => (gamma * x) / Math.sqrt(variance + 1e-5));
    });
    expect(worst(layerFeatures(layer, activations.linear).output!.data, expected)).toBeLessThan(1e-5);
    const scaled = [...plain].map((x, i) => (scale[Math.floor(i / 40)]! * x) / Math.sqrt(1 + 1e-5));
    expect(worst(layerFeatures(inference, activations.linear).output!.data, scaled)).toBeLessThan(1e-6);
  });

  it.each(['normal:0.5', 'uniform:2'])(
    'adds a shift to each normalized channel: %s',
    (normalizationShift) => {
      const drawn = (choices: Partial<LayerProtocol>) => {
        const given = { channels: '9:9', normalization: 'batch', samples: '40', ...choices } as const;
        const address = { seed: 3, block: 'pointwise', dimensionRatio: 0.5, index: 0 } as const;
        return drawLayer(address, resolveLayerProtocol(given));
      };
      expect(drawn({}).convolutions[0]!.shift).toBeNull();
      expect(drawn({ normalizationShift, normalization: 'none' }).convolutions[0]!.shift).toBeNull();
      const layer = drawn({ normalizationShift });
      const shift = layer.convolutions[0]!.shift!;
      const plain = layerFeatures(drawn({}), activations.linear).output!.data;
      const expected = plain.map((x, i) => x + shift[Math.floor(i / 40)]!);
      expect(new Set(shift).size).toBe(9);
      expect(layerFeatures(layer, activations.linear).output!.data).toEqual(expected);
    },
  );

  it.each([0.1, 0.19, 1])('normalizes by running statistics with a share of %f', (share) => {
    const drawn = (normalization: 'none' | `running:${number}`) => {
      const protocol = resolveLayerProtocol({
        channels: '8:8',
        normalization,
        normalizationScale: 'one',
        samples: '40',
      });
      const layer = drawLayer({ seed: 3, block: 'pointwise', dimensionRatio: 0.5, index: 0 }, protocol);
      return layerFeatures(layer, activations.linear).output!.data;
    };
    const raw = drawn('none');
    const expected = Array.from({ length: 8 }, (_, row) => {
      const values = [...raw.subarray(40 * row, 40 * row + 40)];
      const mean = values.reduce((sum, x) => sum + x, 0) / 40;
      const unbiased = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 39;
      return values.map((x) => (x - share * mean) / Math.sqrt(1 - share + share * unbiased + 1e-5));
    }).flat();
    expect(worst(drawn(`running:${share}`), expected)).toBeLessThan(1e-5);
  });

  it.each(blockNames)('gives the same features as every other backend: %s', async (block) => {
    const given = { channels: '24:24', spatial: 3, samples: '2x', normalizationShift: 'normal' };
    const protocol = resolveLayerProtocol(given);
    const layer = drawLayer({ seed: 5, block, dimensionRatio: 0.5, index: 0 }, protocol);
    const taps = tapsOf(blocks[block]);
    for (const name of activationNames) {
      const here = layerFeatures(layer, activations[name], taps);
      await useBackend('cpu');
      const reference = layerFeatures(layer, activations[name], taps);
      await useBackend(backend);
      for (const tap of taps)
        expect(worst(here[tap]!.data, reference[tap]!.data), `${name} at ${tap}`).toBeLessThan(1e-5);
    }
  });

  it('computes Softplus without overflow or cancellation', () => {
    const x = [-80, -20, -12, -1, -1e-4, 0, 1, 20, 100];
    const y = activations.softplus(tf.tensor1d(x)).dataSync();
    x.forEach((value, i) => {
      const exact = Math.log1p(Math.exp(-Math.abs(value))) + Math.max(value, 0);
      expect(Math.abs(y[i]! / exact - 1), `at ${value}`).toBeLessThan(16 * 2 ** -24);
    });
  });

  it('leaves no tensor behind', () => {
    const layer = layerOf(cases.at(-1)!);
    const before = tf.memory().numTensors;
    layerFeatures(layer, activations.mish, ['expand', 'output']);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("takes what a user's own function gives for float32, also of whole numbers", () => {
    const protocol = resolveLayerProtocol({ channels: '6:6', spatial: 3, samples: '2x' });
    const layer = drawLayer(
      { seed: 5, block: 'inverted-depthwise', dimensionRatio: 0.5, index: 0 },
      protocol,
    );
    const steps = (x: tf.Tensor) => tf.cast(tf.greater(x, 0), 'float32');
    const expected = layerFeatures(layer, steps, ['expand', 'output']);
    for (const type of ['int32', 'bool'] as const) {
      const features = layerFeatures(layer, (x) => tf.cast(steps(x), type), ['expand', 'output']);
      expect(features).toEqual(expected);
    }
    const words = (x: tf.Tensor) => tf.tensor(Array<string>(x.size).fill('a'), x.shape, 'string');
    expect(() => layerFeatures(layer, words)).toThrow(
      'invalid numbers of the activation: string (allowed: float32, int32, bool)',
    );
  });

  it("runs a user's own function of a tensor", () => {
    const layer = layerOf(cases[0]!);
    const linear = layerFeatures(layer, activations.linear).output!;
    const cubed = layerFeatures(layer, (x) => tf.pow(x, 3)).output!;
    expect(
      worst(
        cubed.data,
        linear.data.map((x) => x ** 3),
      ),
    ).toBeLessThan(1e-5);
  });
});

describe('layerFeatures', () => {
  it.each(['conv3x3', 'inverted-conv3x3', 'inverted-depthwise'] as const)(
    'needs only the middle of a kernel over one pixel: %s',
    async (block) => {
      await useBackend('wasm');
      const protocol = resolveLayerProtocol({ channels: '20:20' });
      const layer = drawLayer({ seed: 1, block, dimensionRatio: 0.5, index: 0 }, protocol);
      const whole = layer.convolutions.map((convolution) => {
        const { kernel, window, inputs, outputs, depthwise } = convolution.shape;
        expect(window).toBe(1);
        const size = inputs * (depthwise ? 1 : outputs);
        const weights = new Float32Array(kernel * kernel * size).fill(7);
        weights.set(convolution.weights, Math.floor((kernel * kernel) / 2) * size);
        return { ...convolution, weights, shape: { ...convolution.shape, window: kernel } };
      });
      const part = layerFeatures(layer, activations.silu).output!;
      const full = layerFeatures({ ...layer, convolutions: whole }, activations.silu).output!;
      expect(worst(part.data, full.data)).toBeLessThan(60 * 2 ** -24);
    },
  );

  it('has whole kernels over more pixels, without padding, and where weights depend on each other', () => {
    const windowOf = (protocol: Partial<LayerProtocol>) => {
      const resolved = resolveLayerProtocol({ channels: '8:8', ...protocol });
      const layer = drawLayer({ seed: 1, block: 'conv3x3', dimensionRatio: 0.5, index: 0 }, resolved);
      return layer.convolutions[0]!.shape.window;
    };
    expect(windowOf({ spatial: 2 })).toBe(3);
    expect(windowOf({ spatial: 3, padding: 'valid' })).toBe(3);
    expect(windowOf({ weights: 'orthogonal' })).toBe(3);
  });

  it('refuses an activation that is no function', () => {
    expect(() => layerFeatures(layerOf(cases[0]!), 'relu' as never)).toThrow(
      'invalid activation: relu (allowed: a function of a tensor, such as activations.relu)',
    );
  });

  it('refuses a tap the block does not have', () => {
    const layer = layerOf(cases[0]!);
    expect(() => layerFeatures(layer, activations.relu, ['expand'])).toThrow(
      'invalid tap: expand (allowed: output for pointwise)',
    );
  });

  it.each(backendNames.slice(1))('refuses numbers that do not fit, on the %s backend', async (backend) => {
    await useBackend(backend);
    const layer = layerOf(cases.find(({ block }) => block === 'inverted-depthwise')!);
    const [first, second, third] = layer.convolutions as [
      ConvolutionParameters,
      ConvolutionParameters,
      ConvolutionParameters,
    ];
    const refusal = (change: Partial<Layer>) => {
      try {
        layerFeatures({ ...layer, ...change }, activations.relu);
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };
    expect(refusal({})).toBe('none');
    expect(refusal({ input: layer.input.subarray(1) })).toMatch(
      /^invalid length of the input: \d+ \(allowed: \d+\)$/,
    );
    const longer = { ...third, weights: new Float32Array(third.weights.length + 1) };
    expect(refusal({ convolutions: [first, second, longer] })).toMatch(
      /^invalid number of weights of convolution 3/,
    );
    const biased = { ...first, bias: new Float32Array(1) };
    expect(refusal({ convolutions: [biased, second, third] })).toMatch(
      /^invalid number of biases of convolution 1/,
    );
    const scaled = { ...second, scale: new Float32Array(1) };
    expect(refusal({ convolutions: [first, scaled, third] })).toMatch(
      /^invalid number of scales of convolution 2/,
    );
    const shifted = { ...second, shift: new Float32Array(1) };
    expect(refusal({ convolutions: [first, shifted, third] })).toMatch(
      /^invalid number of shifts of convolution 2/,
    );
    expect(refusal({ convolutions: [second, first, third] })).toMatch(/^invalid inputs of convolution 1/);
    await useBackend('wasm');
  });

  it('refuses an activation that changes the shape', () => {
    const layer = layerOf(cases[0]!);
    expect(() => layerFeatures(layer, (x) => tf.sum(x))).toThrow(/^invalid shape of the activation/);
  });

  it('refuses an unknown activation and lists the known ones', () => {
    expect(() => activationNamed('swoosh')).toThrow(
      `unknown activation: swoosh (allowed: ${activationNames.join(', ')})`,
    );
    expect(() => activationNamed('toString')).toThrow(/^unknown activation: toString/);
  });

  it('refuses an unknown backend', async () => {
    await expect(useBackend('cuda' as BackendName)).rejects.toThrow(
      'unknown backend: cuda (allowed: auto, tfjs-node, wasm, cpu)',
    );
  });
});

/**
 * Runs the tests of this block on a backend. The plain packages must start everywhere; native TensorFlow is an
 * optional one, and where it is not installed its tests are reported as skipped.
 */
function useHere(backend: BackendName): void {
  let reason = '';
  beforeAll(async () => {
    try {
      await useBackend(backend);
    } catch (error) {
      if (backend !== 'tfjs-node') throw error;
      reason = (error as Error).message;
    }
  });
  beforeEach(({ skip }) => skip(reason !== '', reason));
}

function layerOf({ block, protocol: given, sizes, input, convolutions }: Case): Layer {
  const { protocol, normalization } = layerRules(resolveLayerProtocol(given));
  return {
    address: { seed: 0, block, dimensionRatio: sizes.dIn / sizes.dOut, index: 0 },
    protocol,
    normalization,
    sizes,
    input: decode(input),
    convolutions: convolutions.map(({ weights, bias, ...shape }) => ({
      shape: { ...shape, window: shape.kernel },
      weights: decode(weights),
      bias: bias === null ? null : decode(bias),
      scale: null,
      shift: null,
    })),
  };
}

function decode(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}

/** The largest difference, relative to the largest entry of what was expected. */
function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return largest === 0 ? difference : difference / largest;
}

/**
 * Returns the allowed rounding error of float32. A sum of n products is off by at most n u times the sum of their
 * sizes, u = 2^-24. Three convolutions of at most 54 terms and a division by a standard deviation make some tens of u.
 */
function tolerance({ convolutions }: Case): number {
  return 40 * convolutions.length * 2 ** -24;
}
