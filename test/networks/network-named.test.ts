import { describe, expect, it } from 'vitest';
import { channelsOf } from '../../src/networks/network.js';
import { networkNamed } from '../../src/networks/network-named.js';

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
    ['resnet-50', /^unknown network: resnet-50 \(allowed: rexnet-W, /],
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

  it('refuses an impossible resolution or number of classes', () => {
    expect(() => networkNamed('rexnet', { resolution: 0 })).toThrow(/^invalid resolution: 0 /);
    expect(() => networkNamed('rexnet', { classes: 1.5 })).toThrow(/^invalid classes: 1.5 /);
  });

  it('has the channels of ReXNet x1.0 as printed, in another depth the same ends', () => {
    expect(channelsOf(networkNamed('rexnet-1.0')).join('-')).toBe(
      '16-27-38-50-61-72-84-95-106-117-128-140-151-162-174-185',
    );
    const deeper = channelsOf(networkNamed('rexnet-1.0:depth=2'));
    expect(deeper).toHaveLength(32);
    expect([deeper[0], deeper.at(-1)]).toEqual([16, 190]);
  });

  it('survives JSON', () => {
    const network = networkNamed('rexnet-1.3');
    expect(JSON.parse(JSON.stringify(network))).toEqual(network);
  });
});
