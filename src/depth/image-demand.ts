import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import { measuredPlaces } from './measured-places.js';

/**
 * Positions per channel at which a rank has settled. Fewer positions than channels bound the rank, and up to about five
 * per channel they still lower it at a tolerance of 1%. At eight the effective rank changes by less than 0.02 of the
 * channels (docs/bottlenecks.md).
 */
export const SETTLED_POSITIONS = 8;
const FEWEST_IMAGES = 16;

/**
 * Maximum size of the features of a batch: 64 MB. `SETTLING_NUMBERS` is that of the images that settle normalizations.
 */
const BATCH_NUMBERS = 2 ** 24;
const SETTLING_NUMBERS = 2 ** 26;
const MAX_BATCH = 256;
const MAX_SETTLING = 32;

/**
 * Returns the number of images that gives every tap eight positions per channel, at least 16. With these a rank has
 * settled.
 */
export function imagesNeeded(network: Network): number {
  const needed = measuredPlaces(network).map(({ layer, positions }) =>
    Math.ceil((SETTLED_POSITIONS * layer.channelsOut) / positions),
  );
  return Math.max(FEWEST_IMAGES, ...needed);
}

/** Returns the default batch size: the largest that keeps the features within 64 MB, at most 256. */
export function usualBatch(network: Network): number {
  return Math.max(1, Math.min(MAX_BATCH, Math.floor(BATCH_NUMBERS / largestFeatures(network))));
}

/** Returns the number of images that settle the normalizations: 32, or fewer to keep the features within 256 MB. */
export function settlingImages(network: Network): number {
  return Math.max(1, Math.min(MAX_SETTLING, Math.floor(SETTLING_NUMBERS / largestFeatures(network))));
}

/** Numbers in the largest features of one image. */
function largestFeatures(network: Network): number {
  return Math.max(
    ...networkLayers(network).map(({ outputShape }) =>
      (outputShape as readonly number[]).reduce((product, length) => product * length, 1),
    ),
  );
}
