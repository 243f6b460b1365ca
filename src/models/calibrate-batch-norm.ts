import { entryOf } from '../lookups.js';
import { tf } from '../layers/tensors.js';
import type { NetworkLayer, Normalization } from '../networks/network-layer.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import { activate, applyStep } from './apply-step.js';
import { buildStep, disposeStep } from './network-model.js';
import { checkParameters, type Parameter, type Parameters } from './parameters.js';
import { walkTensors } from './run-network.js';

/**
 * Returns the parameters with the statistics of every normalization taken from these images. Layer after layer gets the
 * mean and variance of its features, so on these images the network does what it would do in training. An untrained
 * network with the usual mean 0 and variance 1 puts out signals that vanish or grow with depth.
 *
 * @param images [images, height, width, channels]
 * @throws RangeError where the parameters are not those of the network
 * @example
 * const parameters = calibrateBatchNorm(network, drawParameters(network), images);
 */
export function calibrateBatchNorm(
  network: Network,
  parameters: Parameters,
  images: tf.Tensor4D,
): Parameters {
  const settled = new Map(checkParameters(network, parameters));
  const scores = walkTensors(networkLayers(network), images, (layer, inputs) => {
    const step = buildStep({ ...layer, normalization: null, activation: 'linear' }, settled);
    const plain = applyStep(step, inputs);
    disposeStep(step);
    const { normalization } = layer;
    const y = normalization ? normalized(layer, normalization, plain, settled) : plain;
    const out = tf.tidy(() => activate(y, layer.activation));
    if (out !== y) y.dispose();
    return out;
  });
  scores.dispose();
  return settled;
}

/**
 * Sets the layer's mean and variance to those of its features and returns the normalized features. The given tensor is
 * freed.
 */
function normalized(
  { name, channelsOut }: NetworkLayer,
  { epsilon }: Normalization,
  plain: tf.Tensor,
  parameters: Map<string, Parameter>,
): tf.Tensor {
  const { mean, variance } = channelMoments(plain.dataSync<'float32'>(), channelsOut);
  const shape = [channelsOut];
  parameters.set(`${name}.mean`, { shape, data: mean });
  parameters.set(`${name}.variance`, { shape, data: variance });
  const gamma = entryOf(parameters, `${name}.gamma`).data;
  const beta = entryOf(parameters, `${name}.beta`).data;
  const scale = gamma.map((value, i) => value / Math.sqrt(variance[i]! + epsilon));
  const shift = beta.map((value, i) => value - mean[i]! * scale[i]!);
  const y = tf.tidy(() => tf.add(tf.mul(plain, tf.tensor1d(scale)), tf.tensor1d(shift)));
  plain.dispose();
  return y;
}

/** Returns mean and biased variance of each channel, summed in float64; channels come last. */
function channelMoments(
  data: Float32Array,
  channels: number,
): { mean: Float32Array; variance: Float32Array } {
  const count = data.length / channels;
  const sums = new Float64Array(channels);
  for (let i = 0, c = 0; i < data.length; i++) {
    sums[c]! += data[i]!;
    if (++c === channels) c = 0;
  }
  const mean = sums.map((sum) => sum / count);
  const squares = new Float64Array(channels);
  for (let i = 0, c = 0; i < data.length; i++) {
    squares[c]! += (data[i]! - mean[c]!) ** 2;
    if (++c === channels) c = 0;
  }
  return { mean: Float32Array.from(mean), variance: Float32Array.from(squares, (sum) => sum / count) };
}
