import { tf } from '../layers/tensors.js';
import { activations } from '../layers/activations.js';
import type { NetworkLayer } from '../networks/network-layer.js';
import type { Step } from './network-model.js';

/** What later layers of a block look back at. */
export interface LookBack {
  /** What entered the block. */
  entry: tf.Tensor4D | undefined;
  /** What entered the block's squeeze. */
  squeezed: tf.Tensor4D | undefined;
}

/** Returns what a layer puts out, activation included; x is [images, height, width, channels] or [images, channels]. */
export function applyStep(step: Step, x: tf.Tensor, back: LookBack): tf.Tensor {
  return tf.tidy(() => {
    const { layer, filter } = step;
    const { activation } = layer;
    if (!filter) return activate(rearrange(layer, x, back), activation);
    const fused = activation === 'relu' || activation === 'relu6' ? activation : 'linear';
    const y = convolve(step, x, fused);
    return fused === activation ? y : activate(y, activation);
  });
}

/** Convolution with bias, and the activation where backends do it in the same go. */
function convolve({ layer, filter }: Step, x: tf.Tensor, activation: 'linear' | 'relu' | 'relu6'): tf.Tensor {
  const { weights, bias } = filter!;
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

/** The layers without weights. */
function rearrange(layer: NetworkLayer, x: tf.Tensor, { entry, squeezed }: LookBack): tf.Tensor {
  if (layer.kind === 'pool') return tf.mean(x, [1, 2], layer.role === 'squeeze');
  if (layer.kind === 'scale') return tf.mul(squeezed!, x);
  const missing = layer.channelsOut - layer.channelsIn;
  if (missing === 0) return tf.add(x, entry!);
  const added = tf.pad(entry!, [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, missing],
  ]);
  return tf.add(x, added);
}

export function activate(x: tf.Tensor, name: NetworkLayer['activation']): tf.Tensor {
  return name === 'linear' ? x : activations[name](x);
}
