import { describe, expect, it } from 'vitest';
import { networkLike } from '../../src/designs/network-like.js';
import { networkNamed } from '../../src/networks/network-named.js';
import { channelsOf } from '../../src/networks/network.js';

const unnamed = (network: object) => ({ ...network, name: '' });

describe('networkLike', () => {
  it.each(['rexnet-1.0', 'rexnet-0.9', 'rexnet-lite-1.0', 'mobilenet-v1', 'rexnet-plain-1.0'])(
    'gives %s back from its own channels',
    (name) => {
      const network = networkNamed(name);
      expect(unnamed(networkLike(network, network.blocks.length)(channelsOf(network)))).toEqual(
        unnamed(network),
      );
    },
  );

  it.each([2, 3])('stretches ReXNet as the authors’ depth %i', (depth) => {
    const deep = networkNamed(`rexnet-1.0:depth=${depth}`);
    const stretched = networkLike(networkNamed('rexnet-1.0'), 16 * depth)(channelsOf(deep));
    expect(unnamed(stretched)).toEqual(unnamed(deep));
  });

  it('keeps every stride and kind of block, however few or many blocks', () => {
    for (const name of ['rexnet-1.0', 'mobilenet-v2', 'efficientnet-b3']) {
      const network = networkNamed(name);
      for (let blocks = 7; blocks < 70; blocks++) {
        const like = networkLike(network, blocks)(Array.from({ length: blocks }, (_, i) => 10 + i));
        expect(like.blocks).toHaveLength(blocks);
        const strides = (from: typeof like) => from.blocks.map(({ stride }) => stride).filter((s) => s > 1);
        expect(strides(like)).toEqual(strides(network));
        const excited = like.blocks.map(({ squeezeExcitation }) => squeezeExcitation !== null);
        expect(new Set(excited)).toEqual(new Set(network.blocks.map((b) => b.squeezeExcitation !== null)));
      }
    }
  });

  it('adds shortcuts to growing channels where the pattern has shortcuts', () => {
    const shortcuts = (name: string) =>
      networkLike(
        networkNamed(name),
        17,
      )(Array.from({ length: 17 }, (_, i) => 40 + i)).blocks.map((b) => b.shortcut);
    expect(shortcuts('mobilenet-v2').filter((shortcut) => shortcut === 'partial')).toHaveLength(13);
    expect(new Set(shortcuts('mobilenet-v1'))).toEqual(new Set(['none']));
  });

  it('refuses channels that do not fit', () => {
    const build = networkLike(networkNamed('rexnet-1.0'), 6);
    expect(() => build([1, 2, 3])).toThrow(/^invalid channels: 1-2-3 \(allowed: 6, one per block\)/);
    expect(() => build([6, 5, 4, 3, 2, 1])).toThrow(/never decreases/);
    expect(() => networkLike(networkNamed('rexnet-1.0'), 0)).toThrow(/^invalid blocks: 0 /);
  });
});
