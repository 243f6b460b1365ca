import { isDeepStrictEqual } from 'node:util';
import { networkNamed } from '../networks/network-named.js';
import type { Network } from '../networks/network.js';
import { table5Networks, type Table5Network } from './table-5.js';

/**
 * Returns the row of the paper's Table 5 for a network, or undefined. A network at another resolution or with another
 * number of classes has no row, because the accuracies do not hold for it.
 */
export function publishedNetwork(network: Network): Table5Network | undefined {
  return table5Networks().find(
    ({ name }) => name === network.name && isDeepStrictEqual(networkNamed(name), network),
  );
}
