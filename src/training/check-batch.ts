import { invalid } from '../errors.js';
import type { Network } from '../networks/network.js';

/**
 * Returns the number of images, which must have the network's size.
 * @throws RangeError for a length that is not a whole number of images, more than the batch, or labels that do not fit
 */
export function checkBatch(
  network: Network,
  batch: number,
  images: Float32Array,
  labels?: Int32Array,
): number {
  const { resolution, inputChannels, head } = network;
  const count = images.length / (resolution * resolution * inputChannels);
  if (!Number.isInteger(count) || count < 1 || count > batch) {
    const size = `${resolution} x ${resolution} x ${inputChannels}`;
    throw invalid('images', `${images.length} numbers`, `1 to ${batch} images of ${size} numbers`);
  }
  if (labels && labels.length !== count)
    throw invalid('labels', `${labels.length} labels`, `${count}, one per image`);
  const wrong = labels?.find((label) => !(label >= 0 && label < head.classes));
  if (wrong !== undefined) throw invalid('label', wrong, `classes from 0 to ${head.classes - 1}`);
  return count;
}
