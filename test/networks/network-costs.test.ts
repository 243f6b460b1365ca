import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { networkCosts } from '../../src/networks/network-costs.js';
import { networkNamed } from '../../src/networks/network-named.js';

const published = JSON.parse(readFileSync('test/networks/fixtures/network-costs.json', 'utf8')) as {
  rows: [network: string, resolution: number, params: number, macs: number][];
};

/** `ReXNet-lite x1.5` is `rexnet-lite-1.5`. */
const nameOf = (network: string) => network.toLowerCase().replace('netv', 'net-v').replace(' x', '-');

describe('networkCosts', () => {
  it.each(published.rows)('counts %s at %i to the last digit', (network, resolution, params, macs) => {
    const description = networkNamed(nameOf(network));
    expect(description.resolution).toBe(resolution);
    expect(networkCosts(description)).toMatchObject({ params, macs });
  });

  // torchvision's `num_params` of the same networks
  it.each([
    ['efficientnet-b2', 9_109_994],
    ['efficientnet-b4', 19_341_616],
    ['efficientnet-b5', 30_389_784],
    ['efficientnet-b6', 43_040_704],
    ['efficientnet-b7', 66_347_960],
  ])('counts the parameters of %s as torchvision does', (name, params) => {
    expect(networkCosts(networkNamed(name)).params).toBe(params);
  });

  it('counts rexnet-plain to the digits the paper prints', () => {
    const { params, macs } = networkCosts(networkNamed('rexnet-plain-1.0'));
    expect((params / 1e6).toFixed(1)).toBe('3.4');
    expect((macs / 1e9).toFixed(2)).toBe('0.56');
  });

  it('follows resolution and classes', () => {
    const whole = networkCosts(networkNamed('mobilenet-v1'));
    const fewer = networkCosts(networkNamed('mobilenet-v1', { classes: 10 }));
    expect(whole.params - fewer.params).toBe(990 * 1025);
    const small = networkCosts(networkNamed('mobilenet-v1', { resolution: 112 }));
    expect(small.params).toBe(whole.params);
    // all but the classifier work on a quarter of the positions: 112 is 2 x 56, down to 7 x 7 -> 4 x 4
    expect(small.macs).toBeLessThan(whole.macs / 3.5);
  });
});
