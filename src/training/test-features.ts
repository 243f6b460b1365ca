import { tf } from '../layers/tensors.js';
import { buildNetwork } from '../models/network-model.js';
import type { Parameters } from '../models/parameters.js';
import { runNetwork } from '../models/run-network.js';
import type { Network } from '../networks/network.js';
import { lastOf } from '../lookups.js';
import { usualBatch } from '../depth/image-demand.js';
import type { Matrix } from '../spectrum/matrix.js';
import { plainBatch } from './data/batches.js';
import type { TrainingData } from './data/labelled-images.js';
import { byteTable, channelMoments } from './data/standardise.js';

/**
 * Returns the final features of the test images: one row per channel, one column per image. The classifier reads these
 * features. Images are standardised as in training. Runs on the active tensor backend.
 *
 * @example
 * metrics(singularValues(testFeatures(network, data, parameters))).nuclearNorm;
 */
export function testFeatures(
  network: Network,
  { train, test }: TrainingData,
  parameters: Parameters,
): Matrix {
  const table = byteTable(channelMoments(train));
  const model = buildNetwork(network, parameters);
  const { inputs, channelsIn: rows } = lastOf(model.steps).layer;
  const data = new Float32Array(rows * test.count);
  const { resolution, inputChannels } = network;
  const batch = usualBatch(network);
  try {
    for (let from = 0; from < test.count; from += batch) {
      const count = Math.min(batch, test.count - from);
      const { images } = plainBatch(test, table, from, count);
      const tensor = tf.tensor4d(images, [count, resolution, resolution, inputChannels]);
      const scores = runNetwork(model, tensor, (layer, output) => {
        if (!inputs.includes(layer.name)) return;
        const values = output.dataSync<'float32'>();
        for (let i = 0; i < count; i++)
          for (let c = 0; c < rows; c++) data[c * test.count + from + i] = values[i * rows + c]!;
      });
      tf.dispose([tensor, scores]);
    }
  } finally {
    model.dispose();
  }
  return { data, rows, columns: test.count };
}
