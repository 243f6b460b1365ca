import { describe, expect, it } from 'vitest';
import { channelsOf } from '../../src/networks/network.js';
import { mobileNetV1 } from '../../src/networks/mobilenet-v1.js';
import { mobileNetV2 } from '../../src/networks/mobilenet-v2.js';
import { networkFamilies } from '../../src/networks/network-families.js';
import { networkNamed, usualNetworks } from '../../src/networks/network-named.js';
import { rexNet } from '../../src/networks/rexnet.js';
import { rexNetLite } from '../../src/networks/rexnet-lite.js';

describe('networkNamed', () => {
  it.each([
    ['rexnet-1.0', 'rexnet-1.0'],
    ['rexnet', 'rexnet-1.0'],
    ['rexnet-1.25:depth=1.2', 'rexnet-1.25:depth=1.2'],
    ['rexnet-lite-1', 'rexnet-lite-1.0'],
    ['rexnet-plain', 'rexnet-plain-1.0'],
    ['mobilenet-v1', 'mobilenet-v1-1.0'],
    ['mobilenet-v2-.75', 'mobilenet-v2-0.75'],
    ['efficientnet-b7', 'efficientnet-b7'],
    ['cifar:34-34-45-55-66', 'cifar:34-34-45-55-66'],
  ])('reads %s as %s', (given, name) => {
    expect(networkNamed(given).name).toBe(name);
    expect(networkNamed(name)).toEqual(networkNamed(given));
  });

  it.each([
    ['resnet-50', /^unknown network: resnet-50 \(near: rexnet-W; allowed: rexnet-W, /],
    ['vgg-16', /^unknown network: vgg-16 \(allowed: rexnet-W, /],
    ['mobilnet-v2-0.75', / \(near: mobilenet-v2-W; /],
    ['MobileNetV2', / \(near: mobilenet-v2-W; /],
    ['mobilenet-v3', / \(near: mobilenet-v1-W, mobilenet-v2-W; /],
    ['MobileNetV2-1.0', / \(near: mobilenet-v2-1\.0; /],
    ['rexnet1.0', / \(near: rexnet-1\.0; /],
    ['rexnet-1.o', / \(near: rexnet-1\.0; /],
    ['ReXNet x1.l', / \(near: rexnet-1\.1; /],
    ['rexnet lite 1,3', / \(near: rexnet-lite-1\.3; /],
    ['rexnet_O.9:depth=2', / \(near: rexnet-0\.9:depth=2; /],
    ['rexnet-1.0:deep=2', / \(near: rexnet-W; /],
    ['EfficientNetBO', / \(near: efficientnet-b0; /],
    ['cifar-34-34', / \(near: cifar:34-34; /],
    ['rexnet_0.0001', / \(near: rexnet-W; /],
    ['efficientnet-b99', /^unknown network: efficientnet-b99 \(near: efficientnet-b0 to -b7; /],
    ['rexnet_1.0', / \(near: rexnet-1\.0; /],
    ['cifar10:3-4', / \(near: cifar:C-C-...-C; /],
    ['constructor', /^unknown network: constructor \(allowed: /],
    ['__proto__', /^unknown network: __proto__ \(allowed: /],
    ['rexnet-1e300', /^invalid width: 1e300 \(allowed: a number above 0, at most 100\)/],
    ['mobilenet-v2-1e9', /^invalid width: 1e9 /],
    [
      'rexnet-lite-1e-320',
      /^invalid size of stem: Infinity parameters, Infinity MACs \(allowed: counts below 2\^53/,
    ],
    ['cifar:99999999999999999999999', /^invalid channels: 1e\+23 /],
    [`cifar:${Array(1001).fill(5).join('-')}`, /^invalid blocks: 1001 \(allowed: at most 1000\)/],
    [
      `cifar:${Array(1000).fill(65_536).join('-')}`,
      /^invalid size of network: cifar:65536-.*MACs.*below 2\^53/,
    ],
    ['rexnet-wide', /^unknown network: rexnet-wide /],
    ['rexnet-1.0:height=2', /^unknown network/],
    ['mobilenet-v1:depth=2', /^unknown network/],
    ['efficientnet-b8', /^unknown network/],
    ['rexnet-0', /^invalid width: 0 \(allowed: a number above 0, at most 100\)/],
    ['mobilenet-v2--1', /^invalid width: -1 /],
    ['rexnet-0.0001', /^invalid width: 0.0001 \(allowed: large enough to leave the head/],
    ['rexnet-plain-2', /^invalid width: 2 /],
    ['rexnet-1.0:depth=0', /^invalid depth: 0 /],
    ['cifar:', /^invalid channels: '' /],
    ['cifar', /^invalid channels: '' /],
    ['cifar:34-a', /^invalid channels: 34-a /],
    ['cifar:0-34', /^invalid channels: 0 /],
    ['cifar:34-45-44', /^invalid channels: 45-44 at block 3 \(allowed: a list that never decreases\)/],
  ])('refuses %s', (name, message) => {
    expect(() => networkNamed(name)).toThrow(RangeError);
    expect(() => networkNamed(name)).toThrow(message);
  });

  it.each([
    [{ width: 2 }, 'unknown option: width (allowed: resolution, classes)'],
    [{ resolutoin: 3 }, 'unknown option: resolutoin (near: resolution; allowed: resolution, classes)'],
    [JSON.parse('{"__proto__": 1}'), 'unknown option: __proto__'],
    [{ toString: 1 }, 'unknown option: toString'],
    [null, 'invalid options: null'],
  ])('refuses the settings %j', (settings, message) => {
    expect(() => networkNamed('rexnet', settings as never)).toThrow(message);
    for (const family of [rexNet, rexNetLite, mobileNetV1, mobileNetV2]) {
      if (settings && !('width' in settings))
        expect(() => family(settings as never)).toThrow(message.slice(0, 25));
    }
  });

  it('refuses an impossible resolution or number of classes', () => {
    expect(() => networkNamed('rexnet', { resolution: 0 })).toThrow(/^invalid resolution: 0 /);
    expect(() => networkNamed('rexnet', { classes: 1.5 })).toThrow(/^invalid classes: 1.5 /);
    expect(() => networkNamed(1 as never)).toThrow(/^unknown network: 1 \(allowed: /);
  });

  it('has the channels of ReXNet x1.0 as printed, in another depth the same ends', () => {
    expect(channelsOf(networkNamed('rexnet-1.0')).join('-')).toBe(
      '16-27-38-50-61-72-84-95-106-117-128-140-151-162-174-185',
    );
    const deeper = channelsOf(networkNamed('rexnet-1.0:depth=2'));
    expect(deeper).toHaveLength(32);
    expect([deeper[0], deeper.at(-1)]).toEqual([16, 190]);
  });

  it('reads every usual name of every family, and names each network so', () => {
    expect(usualNetworks.length).toBeGreaterThan(20);
    for (const name of usualNetworks) expect(networkNamed(name).name).toBe(name);
    for (const { stem, formats, usual } of networkFamilies) {
      for (const name of [...formats, ...usual]) expect(name.startsWith(stem)).toBe(true);
    }
  });

  it('survives JSON', () => {
    const network = networkNamed('rexnet-1.3');
    expect(JSON.parse(JSON.stringify(network))).toEqual(network);
  });
});
