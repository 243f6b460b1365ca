import { settlingImages } from '../depth/image-demand.js';
import { tf } from '../layers/tensors.js';
import { calibrateBatchNorm } from '../models/calibrate-batch-norm.js';
import type { Parameters } from '../models/parameters.js';
import type { Network } from '../networks/network.js';
import { plainBatch } from './data/batches.js';
import type { TrainingData } from './data/labelled-images.js';
import { byteTable, channelMoments } from './data/standardise.js';
import { firstParameters } from './first-parameters.js';
import type { Recipe } from './recipe.js';

/**
 * Returns the network before training, for measuring its ranks. Each normalization has the mean and variance of its
 * features on the first training images. Runs on the active tensor backend.
 *
 * @example
 * const before = await tapRanks(network, data)(untrainedParameters(network, data, recipe));
 */
export function untrainedParameters(
  network: Network,
  { train }: TrainingData,
  recipe: Pick<Recipe, 'seed' | 'weights' | 'classifier'>,
): Parameters {
  const { resolution, inputChannels } = network;
  const count = Math.min(train.count, settlingImages(network));
  const { images } = plainBatch(train, byteTable(channelMoments(train)), 0, count);
  const tensor = tf.tensor4d(images, [count, resolution, resolution, inputChannels]);
  try {
    return calibrateBatchNorm(network, firstParameters(network, recipe), tensor);
  } finally {
    tensor.dispose();
  }
}
