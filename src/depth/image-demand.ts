import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import { measuredPlaces } from './measured-places.js';

/**
 * With fewer positions than channels a rank is bounded by them, and up to about five a channel they still lower it at a
 * tolerance of 1%; the effective rank then moves by less than 0.02 of the channels (docs/bottlenecks.md).
 */
export const SETTLED_POSITIONS = 8;
const FEWEST_IMAGES = 16;

/** Numbers in the largest features of a batch, and of the images that settle normalizations: 64 and 256 MB. */
const BATCH_NUMBERS = 2 ** 24;
const SETTLING_NUMBERS = 2 ** 26;
const MOST_BATCH = 256;
const MOST_SETTLING = 32;

/** Returns how many images give every tap of a network eight positions a channel, at which its rank has settled; at least 16. */
export function imagesNeeded(network: Network): number {
  const needed = measuredPlaces(network).map(({ layer, positions }) =>
    Math.ceil((SETTLED_POSITIONS * layer.channelsOut) / positions),
  );
  return Math.max(FEWEST_IMAGES, ...needed);
}

/** Returns how many images are run at once unless told: as many as keep the largest features within 64 MB, at most 256. */
export function usualBatch(network: Network): number {
  return Math.max(1, Math.min(MOST_BATCH, Math.floor(BATCH_NUMBERS / largestFeatures(network))));
}

/** Returns how many images settle the normalizations: 32, or as many as keep the largest features within 256 MB. */
export function settlingImages(network: Network): number {
  return Math.max(1, Math.min(MOST_SETTLING, Math.floor(SETTLING_NUMBERS / largestFeatures(network))));
}

/** Numbers in the largest features of one image. */
function largestFeatures(network: Network): number {
  return Math.max(
    ...networkLayers(network).map(({ outputShape }) =>
      (outputShape as readonly number[]).reduce((product, length) => product * length, 1),
    ),
  );
}
