import * as tf from '@tensorflow/tfjs-core';
import { openChannelMixer } from './channel-mixer.js';
import type { ConvolutionParameters, Layer } from './layer.js';
import type { LayerProtocol } from './protocol.js';

/** Convolution, bias and normalization with its scale: [image, row, column, channel] to the same. */
export type Convolve = (x: tf.Tensor4D) => tf.Tensor4D;

/** A layer's convolutions, with their numbers where they are computed. */
export interface OpenConvolutions {
  /** In the block's order. */
  readonly convolve: readonly Convolve[];
  /** Gives back what they hold. */
  close(): void;
}

/**
 * Brings the weights and biases of a layer to where they are computed, once for any number of nonlinearities: the
 * active tensor backend, or for windows of one pixel what is faster and gives the same bits.
 */
export function openConvolutions({ convolutions, protocol, sizes }: Layer): OpenConvolutions {
  const isMix = ({ shape }: ConvolutionParameters) => shape.window === 1 && !shape.depthwise;
  const mixed = convolutions.filter(isMix).map(({ shape, weights, bias }) => {
    return { ...shape, weights, bias, divisor: divisorOf(protocol) };
  });
  const mixer = openChannelMixer(mixed, sizes.images * protocol.spatial ** 2);
  let next = 0;
  const opened = convolutions.map((convolution) =>
    open(convolution, protocol, mixer && isMix(convolution) ? mixer.mix[next++] : undefined),
  );
  return {
    convolve: opened.map(({ convolve }) => convolve),
    close: () => {
      opened.forEach(({ close }) => close());
      mixer?.close();
    },
  };
}

/** `mix` does the convolution, adds the bias and divides by `divisorOf` what normalization divides by. */
function open(
  { shape, weights, bias, scale }: ConvolutionParameters,
  protocol: LayerProtocol,
  mix: Convolve | undefined,
): { convolve: Convolve; close: () => void } {
  const { window, inputs, outputs, depthwise } = shape;
  const { normalization } = protocol;
  const scales = scale && tf.tensor1d(scale);
  const scaled = (y: tf.Tensor4D) => (scales ? tf.mul<tf.Tensor4D>(y, scales) : y);
  if (mix) {
    const rest = normalization === 'inference' ? 'none' : normalization;
    return { convolve: (x) => scaled(normalize(mix(x), rest)), close: () => tf.dispose(scales ?? []) };
  }
  const filter = tf.tensor4d(weights, [window, window, inputs, depthwise ? 1 : outputs]);
  const biases = bias && tf.tensor1d(bias);
  return {
    convolve: (x) => {
      const y = apply(x, filter, depthwise, protocol);
      return scaled(normalize(biases ? tf.add<tf.Tensor4D>(y, biases) : y, normalization));
    },
    close: () => tf.dispose([filter, biases, scales].filter((tensor) => tensor !== null)),
  };
}

/** With a window of one pixel as a matrix product or, depthwise, an elementwise one, which take less time. */
function apply(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  depthwise: boolean,
  { padding }: LayerProtocol,
): tf.Tensor4D {
  const [window, , inputs, outputs] = filter.shape;
  if (window > 1)
    return depthwise ? tf.depthwiseConv2d(x, filter, 1, padding) : tf.conv2d(x, filter, 1, padding);
  if (depthwise) return tf.mul(x, tf.reshape(filter, [inputs]));
  const [images, height, width] = x.shape;
  const y = tf.matMul(tf.reshape(x, [-1, inputs]), tf.reshape(filter, [inputs, outputs]));
  return tf.reshape(y, [images, height, width, outputs]);
}

/** What batch normalization adds to a variance: PyTorch's default (Keras has 1e-3). */
const EPSILON = 1e-5;

/** What normalization divides by, where that is the same for all. */
const divisorOf = ({ normalization }: LayerProtocol) =>
  normalization === 'inference' ? Math.sqrt(1 + EPSILON) : 1;

/** Batch normalization with shift 0 (Ioffe and Szegedy, 2015), before its scale; the variance is the biased one. */
function normalize(x: tf.Tensor4D, mode: LayerProtocol['normalization']): tf.Tensor4D {
  if (mode === 'none') return x;
  if (mode === 'inference') return tf.div(x, Math.sqrt(1 + EPSILON));
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.div(mode === 'batch' ? tf.sub(x, mean) : x, tf.sqrt(tf.add(variance, EPSILON)));
}
