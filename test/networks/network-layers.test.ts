import { describe, expect, it } from 'vitest';
import { networkLayers } from '../../src/networks/network-layers.js';
import type { LayerShape } from '../../src/networks/network-layer.js';
import { networkNamed } from '../../src/networks/network-named.js';

const layersOf = (name: string) => networkLayers(networkNamed(name));

describe('networkLayers', () => {
  it('hands on what each layer puts out to the next', () => {
    for (const name of [
      'rexnet-1.0',
      'rexnet-lite-0.7',
      'efficientnet-b3',
      'mobilenet-v1',
      'cifar:20-30-40',
    ]) {
      const layers = layersOf(name);
      const shapes = new Map<string, LayerShape>([['images', layers[0]!.inputShape]]);
      expect(layers[0]).toMatchObject({ inputs: ['images'], inputChannels: [3] });
      for (const layer of layers) {
        const read = layer.inputs.map((input) => shapes.get(input)!);
        expect(read[0]).toEqual(layer.inputShape);
        expect(read.map(([channels]) => channels)).toEqual(layer.inputChannels);
        shapes.set(layer.name, layer.outputShape);
      }
      expect(layers.at(-1)!.outputShape).toEqual([name.startsWith('cifar') ? 100 : 1000]);
    }
  });

  it('puts the squeeze-excitation of ReXNet before the activation, with normalization', () => {
    const block = layersOf('rexnet-1.0').filter((layer) => layer.block === 5);
    expect(block.map(({ name, activation, taps }) => [name, activation, taps.join()])).toEqual([
      ['block5.expand', 'silu', 'expand'],
      ['block5.spatial', 'linear', ''],
      ['block5.squeeze', 'linear', ''],
      ['block5.reduce', 'relu', ''],
      ['block5.excite', 'sigmoid', ''],
      ['block5.scale', 'relu6', 'spatial'],
      ['block5.project', 'linear', 'project'],
      ['block5.shortcut', 'linear', 'output'],
    ]);
    expect(block.map((layer) => layer.normalization !== null)).toEqual([
      true,
      true,
      false,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(block.at(-1)).toMatchObject({ channelsIn: 50, channelsOut: 61 });
    expect(block[3]).toMatchObject({ channelsIn: 300, channelsOut: 25, bias: true });
  });

  it('puts that of EfficientNet after the activation, reduced from the channels that enter the block', () => {
    const block = layersOf('efficientnet-b0').filter((layer) => layer.block === 3);
    expect(block.map(({ role, activation, taps }) => [role, activation, taps.join()])).toEqual([
      ['expand', 'silu', 'expand'],
      ['spatial', 'silu', 'spatial'],
      ['squeeze', 'linear', ''],
      ['reduce', 'silu', ''],
      ['excite', 'sigmoid', ''],
      ['scale', 'linear', ''],
      ['project', 'linear', 'project'],
      ['shortcut', 'linear', 'output'],
    ]);
    expect(block[3]).toMatchObject({ channelsIn: 144, channelsOut: 6, normalization: null });
  });

  it('names what each layer of a block reads, and the channels that a shortcut covers', () => {
    const block = layersOf('rexnet-1.0').filter((layer) => layer.block === 5);
    expect(block.map(({ role, kind, inputs, inputChannels }) => [role, kind, inputs, inputChannels])).toEqual(
      [
        ['expand', 'convolution', ['block4.project'], [50]],
        ['spatial', 'depthwise', ['block5.expand'], [300]],
        ['squeeze', 'pool', ['block5.spatial'], [300]],
        ['reduce', 'convolution', ['block5.squeeze'], [300]],
        ['excite', 'convolution', ['block5.reduce'], [25]],
        ['scale', 'multiply', ['block5.spatial', 'block5.excite'], [300, 300]],
        ['project', 'convolution', ['block5.scale'], [300]],
        ['shortcut', 'add', ['block5.project', 'block4.project'], [61, 50]],
      ],
    );
  });

  it('has every tap of a block once', () => {
    for (const name of ['rexnet-1.0', 'efficientnet-b0', 'mobilenet-v2', 'rexnet-plain', 'cifar:16-16']) {
      const network = networkNamed(name);
      const layers = networkLayers(network);
      for (const [i, { expansion }] of network.blocks.entries()) {
        const taps = layers.filter((layer) => layer.block === i + 1).flatMap((layer) => layer.taps);
        const expected = ['spatial', 'project', 'output'];
        expect(taps).toEqual(expansion === 1 ? expected : ['expand', ...expected]);
      }
    }
  });

  it('has the sizes the paper prints for ReXNet x1.0', () => {
    const outputs = layersOf('rexnet-1.0').filter((layer) => layer.taps.includes('output'));
    expect(outputs.map((layer) => layer.outputShape.slice(0, 2).join('x')).join(' ')).toBe(
      '16x112 27x56 38x56 50x28 61x28 72x14 84x14 95x14 106x14 117x14 128x14 140x7 151x7 162x7 174x7 185x7',
    );
  });
});
