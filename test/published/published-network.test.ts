import { describe, expect, it } from 'vitest';
import { networkNamed } from '../../src/networks/network-named.js';
import { publishedNetwork } from '../../src/published/published-network.js';
import { table5Networks } from '../../src/published/table-5.js';

describe('publishedNetwork', () => {
  it('finds every network of Table 5, also after JSON', () => {
    for (const row of table5Networks()) {
      const network = networkNamed(row.name);
      expect(publishedNetwork(network)).toEqual(row);
      expect(publishedNetwork(JSON.parse(JSON.stringify(network)))).toEqual(row);
    }
  });

  it('finds none for another network, another resolution, other classes, or the name alone', () => {
    expect(publishedNetwork(networkNamed('mobilenet-v2'))).toBeUndefined();
    expect(publishedNetwork(networkNamed('rexnet', { resolution: 192 }))).toBeUndefined();
    expect(publishedNetwork(networkNamed('efficientnet-b0', { classes: 10 }))).toBeUndefined();
    expect(publishedNetwork({ ...networkNamed('rexnet-0.5'), name: 'rexnet-1.0' })).toBeUndefined();
  });
});
