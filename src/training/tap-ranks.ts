import { imagesNeeded } from '../depth/image-demand.js';
import { measureDepth } from '../depth/measure-depth.js';
import type { ImageSource } from '../images/image-source.js';
import type { Parameters } from '../models/parameters.js';
import type { Network } from '../networks/network.js';
import { plainBatch } from './data/batches.js';
import type { TrainingData } from './data/labelled-images.js';
import { byteTable, channelMoments } from './data/standardise.js';
import type { TapRank } from './training-rows.js';

/**
 * Returns a function that measures the ranks of a network along its depth. It takes the first test images: as many as
 * `imagesNeeded` says, or all. It runs on the active tensor backend.
 *
 * @example
 * await trainNetwork(network, data, recipe, { ranks: tapRanks(network, data, ['relative:0.001']) });
 */
export function tapRanks(
  network: Network,
  data: TrainingData,
  tolerances?: readonly string[],
): (parameters: Parameters) => Promise<TapRank[]> {
  const images = testImageSource(data, imagesNeeded(network));
  return async (parameters) => {
    const rows = await measureDepth(network, images, { parameters, tolerances });
    return rows.map(({ layer, tap, channels, positions, rank, rankRatio, effectiveRank, tolerance }) => {
      return { layer, tap, channels, positions, rank, rankRatio, effectiveRank, tolerance };
    });
  };
}

/** Returns the first test images, at most `most`, standardised as in training. */
export function testImageSource({ train, test }: TrainingData, max: number): ImageSource {
  const count = Math.min(max, test.count);
  const table = byteTable(channelMoments(train));
  return {
    count,
    words: `the first ${count} test images`,
    read: (from, many) => Promise.resolve(plainBatch(test, table, from, many).images),
  };
}
