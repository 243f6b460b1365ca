import { lastOf } from '../lookups.js';
import { gramSumBytes } from '../spectrum/wasm/gram/gram-sum.js';
import type { NetworkPlace } from './measured-places.js';

/**
 * Returns the places in groups, in their order; the Gram matrices of a group fit into memory together. A place that
 * needs more forms its own group. The images run through the network once per group.
 */
export function groupPlaces(places: readonly NetworkPlace[], memoryBytes: number): NetworkPlace[][] {
  const groups: NetworkPlace[][] = [];
  let left = 0;
  for (const place of places) {
    const bytes = gramSumBytes(place.layer.channelsOut);
    if (groups.length === 0 || bytes > left) {
      groups.push([]);
      left = memoryBytes;
    }
    lastOf(groups).push(place);
    left -= bytes;
  }
  return groups;
}
