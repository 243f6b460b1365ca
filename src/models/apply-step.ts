import { tf } from '../layers/tensors.js';
import { activations } from '../layers/activations.js';
import type { NetworkLayer } from '../networks/network-layer.js';
import type { Step } from './network-model.js';

/**
 * Returns the output of a layer, including its activation.
 *
 * @param inputs in the order of the layer's `inputs`: [images, height, width, channels] or [images, channels]
 */
export function applyStep({ layer, filter }: Step, inputs: readonly tf.Tensor[]): tf.Tensor {
  return tf.tidy(() => {
    const { activation } = layer;
    if (!filter) return activate(combine(layer, inputs), activation);
    const fused = activation === 'relu' || activation === 'relu6' ? activation : 'linear';
    const y = convolve(layer, filter, inputs[0]!, fused);
    return fused === activation ? y : activate(y, activation);
  });
}

/** Convolution with bias, and the activation if backends fuse it. */
function convolve(
  layer: NetworkLayer,
  { weights, bias }: NonNullable<Step['filter']>,
  x: tf.Tensor,
  activation: 'linear' | 'relu' | 'relu6',
): tf.Tensor {
  const { kind, kernel, stride, padding, channelsIn, channelsOut } = layer;
  if (weights.rank === 2) {
    // A convolution with one pixel as a matrix product takes less time.
    const rows = tf.reshape(x, [-1, channelsIn]) as tf.Tensor2D;
    const y = tf.fused.matMul({ a: rows, b: weights as tf.Tensor2D, bias, activation });
    return tf.reshape(y, [...x.shape.slice(0, -1), channelsOut]);
  }
  // With stride 1 and an odd kernel `same` means as many zeros on each side; with a larger stride it does not.
  const padded = stride > 1 && padding > 0 ? pad(x as tf.Tensor4D, padding) : (x as tf.Tensor4D);
  const options = {
    x: padded,
    filter: weights as tf.Tensor4D,
    strides: stride,
    pad: (stride === 1 && kernel > 1 ? 'same' : 'valid') as 'same' | 'valid',
    bias,
    activation,
  };
  return kind === 'depthwise' ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
}

function pad(x: tf.Tensor4D, by: number): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [by, by],
    [by, by],
    [0, 0],
  ]);
}

/** Returns the output of a layer without weights, before its activation. */
export function combine(
  { kind, outputShape, inputChannels, channelsOut }: NetworkLayer,
  inputs: readonly tf.Tensor[],
): tf.Tensor {
  if (kind === 'pool') return tf.mean(inputs[0]!, [1, 2], outputShape.length === 3);
  if (kind === 'multiply') return tf.mul(inputs[0]!, inputs[1]!);
  return inputs.map((x, i) => widen(x, channelsOut - inputChannels[i]!)).reduce((sum, x) => tf.add(sum, x));
}

/** Returns the features with channels of zeros appended. */
function widen(x: tf.Tensor, missing: number): tf.Tensor {
  if (missing === 0) return x;
  return tf.pad(
    x,
    x.shape.map((_, axis) => [0, axis === x.rank - 1 ? missing : 0] as [number, number]),
  );
}

export function activate(x: tf.Tensor, name: NetworkLayer['activation']): tf.Tensor {
  return name === 'linear' ? x : activations[name](x);
}
