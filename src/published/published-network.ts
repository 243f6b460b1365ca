import { isDeepStrictEqual } from 'node:util';
import { networkNamed } from '../networks/network-named.js';
import type { Network } from '../networks/network.js';
import { table5Networks, type Table5Network } from './table-5.js';

/**
 * Returns what the paper's Table 5 prints for a network, or undefined if it does not have it: another network, or one
 * of its networks at another resolution or with another number of classes, for which its accuracies do not hold.
 */
export function publishedNetwork(network: Network): Table5Network | undefined {
  return table5Networks().find(
    ({ name }) => name === network.name && isDeepStrictEqual(networkNamed(name), network),
  );
}
