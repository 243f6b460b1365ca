import { describe, expect, it } from 'vitest';
import { networkFromJson } from '../../src/networks/network-json.js';
import { networkNamed } from '../../src/networks/network-named.js';

describe('networkFromJson', () => {
  it.each([
    'rexnet-0.7',
    'rexnet-lite',
    'rexnet-plain',
    'mobilenet-v1',
    'mobilenet-v2-1.4',
    'efficientnet-b5',
    'cifar:8',
  ])('reads %s as it was written', (name) => {
    const network = networkNamed(name);
    expect(networkFromJson(JSON.parse(JSON.stringify(network)))).toEqual(network);
  });

  it('fills in what is not given', () => {
    const network = networkFromJson({
      blocks: [
        { channels: 16, expansion: 1 },
        { channels: 24, stride: 2 },
        { channels: 32, squeezeExcitation: {} },
      ],
    });
    expect(network.stem).toEqual({ channels: 32, kernel: 3, stride: 2, activation: 'relu6' });
    expect(network.blocks.map(({ expansion, shortcut }) => [expansion, shortcut])).toEqual([
      [1, 'none'],
      [6, 'none'],
      [6, 'partial'],
    ]);
    const { squeezeExcitation } = networkNamed('rexnet').blocks.at(-1)!;
    expect(network.blocks[2]!.squeezeExcitation).toEqual(squeezeExcitation);
    expect(network.head).toEqual({ convolution: null, hidden: null, classes: 1000 });
  });

  const blocks = [{ channels: 16 }];
  it.each([
    [[], /^invalid network: \[\] \(allowed: an object with name, resolution, /],
    [{}, /^missing blocks: not given/],
    [{ blocks: [] }, /^invalid blocks: \[\]/],
    [{ blocks: [{}] }, /^missing blocks\[0\].channels: not given \(allowed: an integer from 1 to 65536\)/],
    [{ blocks: [{ channels: 1.5 }] }, /^invalid blocks\[0\].channels: 1.5 /],
    [{ blocks, depth: 3 }, /^unknown key: depth \(allowed: name, /],
    [{ blocks: [{ channels: 16, width: 3 }] }, /^unknown key of blocks\[0\]: width /],
    [{ blocks, stem: { activation: 'swish' } }, /^invalid stem.activation: swish \(allowed: linear, /],
    [{ blocks, head: { hidden: {} } }, /^missing head.hidden.channels/],
    [{ blocks: [{ channels: 16, kernel: 4 }] }, /^invalid blocks\[0\].kernel: 4 /],
    [{ blocks: [{ channels: 16, kind: 'conv3x3', kernel: 5 }] }, /^invalid blocks\[0\].kernel: 5 /],
    [{ blocks: [{ channels: 16, kind: 'separable', expansion: 6 }] }, /^invalid blocks\[0\].expansion: 6 /],
    [{ blocks: [{ channels: 16, expansion: 0.001 }] }, /^invalid blocks\[0\].expansion: 0.001 /],
    [
      { blocks: [{ channels: 16, kind: 'pointwise', squeezeExcitation: {} }] },
      /^invalid blocks\[0\].squeezeExc/,
    ],
    [
      { blocks: [{ channels: 16, shortcut: 'partial' }] },
      /^invalid blocks\[0\].shortcut: partial, with 32 channels in, 16 out/,
    ],
    [{ blocks: [{ channels: 48, shortcut: 'full' }] }, /^invalid blocks\[0\].shortcut: full, with 32 /],
  ])('refuses %j', (value, message) => {
    expect(() => networkFromJson(value)).toThrow(message);
  });
});
