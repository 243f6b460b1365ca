import { describe, expect, it } from 'vitest';
import { activationNames } from '../../../src/activations/definitions.js';
import { drawParameters } from '../../../src/models/draw-parameters.js';
import { networkLayers } from '../../../src/networks/network-layers.js';
import type { Network } from '../../../src/networks/network.js';
import { fillNormal } from '../../../src/random/distributions.js';
import { createStream } from '../../../src/random/stream.js';
import { crossEntropy } from '../../../src/training/twin/cross-entropy.js';
import { backwardPass, forwardPass } from '../../../src/training/twin/network-passes.js';
import { everyPart } from '../networks.js';

const IMAGES = 3;

/** The loss as a function of the parameters, with every scale, shift and bias away from 0 and 1. */
function lossOf(network: Network) {
  const layers = networkLayers(network);
  const random = (name: string, length: number) =>
    fillNormal(createStream(3, `gradients/${name}`), new Float64Array(length));
  const values = new Map(
    [...drawParameters(network, { seed: 5 })].map(([name, { data }]) => {
      const own = Float64Array.from(data);
      if (!name.endsWith('.weight')) random(name, own.length).forEach((x, i) => (own[i]! += 0.2 * x));
      return [name, own] as const;
    }),
  );
  const { resolution, inputChannels, head } = network;
  const images = random('images', IMAGES * resolution * resolution * inputChannels);
  const labels = Int32Array.of(0, 3, 1);
  const run = () => {
    const trace = forwardPass(layers, values, images, IMAGES, true);
    return { trace, ...crossEntropy(trace.features.at(-1)!, labels, head.classes, 0.1) };
  };
  return { values, run };
}

/** Central differences of fourth order. */
function slope(data: Float64Array, i: number, h: number, loss: () => number): number {
  const at = data[i]!;
  const of = (x: number) => ((data[i] = at + x), loss());
  const value = (8 * (of(h) - of(-h)) - (of(2 * h) - of(-2 * h))) / (12 * h);
  data[i] = at;
  return value;
}

/** Returns by how much gradients differ from central differences, relative to the largest of each parameter. */
function gradientErrors(network: Network, perParameter: number, h = 2e-4): [string, number][] {
  const { values, run } = lossOf(network);
  const { trace, gradient } = run();
  const gradients = backwardPass(trace, values, gradient);
  return [...gradients].map(([name, own]) => {
    const data = values.get(name)!;
    const size = own.reduce((most, g) => Math.max(most, Math.abs(g)), 1e-2);
    const step = Math.max(1, Math.floor(data.length / perParameter));
    let worst = 0;
    for (let i = step >> 1; i < data.length; i += step) {
      worst = Math.max(worst, Math.abs(slope(data, i, h, () => run().loss) - own[i]!) / size);
    }
    return [name, worst];
  });
}

describe('backwardPass', () => {
  it('has the gradient of every parameter of every kind of layer', () => {
    const network = everyPart();
    const errors = gradientErrors(network, 1);
    const trained = [...drawParameters(network).keys()].filter((name) => !/\.(mean|variance)$/.test(name));
    expect(errors.map(([name]) => name).sort()).toEqual(trained.sort());
    expect(errors.filter(([, error]) => !(error < 1e-6))).toEqual([]);
  });

  it.each(activationNames)('goes through %s', (activation) => {
    const { blocks, ...network } = everyPart(activation);
    const kinks = /relu|hard|elu/i.test(activation) && activation !== 'gelu';
    // so short that no value crosses a kink
    const errors = gradientErrors(
      { ...network, resolution: 5, blocks: blocks.slice(0, 1) },
      1,
      kinks ? 2e-6 : 2e-4,
    );
    expect(errors.filter(([, error]) => !(error < 1e-6))).toEqual([]);
  });
});
