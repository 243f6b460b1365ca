import { describe, expect, it } from 'vitest';
import { networkFromJson } from '../../src/networks/network-json.js';
import { networkCosts } from '../../src/networks/network-costs.js';
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

  it('counts exactly up to 2^53, and never in part', () => {
    const wide = { channels: 65_536, expansion: 1024, kind: 'inverted-conv3x3' };
    const { params } = networkCosts(networkFromJson({ resolution: 1, blocks: [wide], head: { classes: 1 } }));
    expect(params).toBe(
      928 + 32 * 32768 + 9 * 32768 ** 2 + 2 * 2 * 32768 + 32768 * 65536 + 2 * 65536 + 65537,
    );
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
    [
      { name: 'own', blocks, layers: [], params: 1, macs: 1 },
      /^invalid network: own \(allowed: a description .*`network --description`/,
    ],
    [{ blocks, depth: 3 }, /^unknown key of network: depth \(allowed: name, /],
    [{ blocks: [{ channels: 16, width: 3 }] }, /^unknown key of blocks\[0\]: width /],
    [{ blocks, stem: { activation: 'swish' } }, /^unknown stem.activation: swish \(allowed: linear, /],
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
    [
      { blocks: [{ channels: 16, expansion: 1e308 }] },
      /^invalid blocks\[0\].expansion: 1e\+308 \(allowed: at most 2\^53/,
    ],
    [
      { blocks: [{ channels: 16, expansion: 1e9 }] },
      /^invalid size of block1.expand: .* MACs \(allowed: .* below 2\^53/,
    ],
    [
      { resolution: 8192, inputChannels: 65_536, stem: { channels: 65_536, kernel: 31 }, blocks },
      /^invalid size of stem: 4127463702528 parameters, \d+ MACs/,
    ],
    [
      { resolution: 4096, stem: { stride: 1 }, blocks: Array(40).fill({ channels: 2048, kind: 'conv3x3' }) },
      /^invalid size of network: network: \d+ parameters, \d+ MACs/,
    ],
    [{ blocks: Array(10_001).fill({ channels: 1 }) }, /^invalid blocks: .*\(allowed: a list of 1 to 10000\)/],
    [
      { blocks: [{ channels: 16, kind: 'toString' }] },
      /^unknown blocks\[0\].kind: toString \(allowed: inverted-/,
    ],
    [{ blocks: [{ channels: 16, constructor: 1 }] }, /^unknown key of blocks\[0\]: constructor /],
    [JSON.parse('{"__proto__": {"blocks": [{"channels": 16}]}}'), /^unknown key of network: __proto__ /],
    [{ blocks, stem: [] }, /^invalid stem: \[\] \(allowed: an object with channels, /],
  ])('refuses %j', (value, message) => {
    expect(() => networkFromJson(value)).toThrow(message);
  });
});
