import * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionParameters, Layer } from './layer.js';
import { normalize } from './normalization.js';
import { openPixelConvolutions } from './pixel-convolutions.js';
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
 * active tensor backend, or for windows of one pixel kernels of our own, which are faster.
 */
export function openConvolutions({ convolutions, protocol, sizes }: Layer): OpenConvolutions {
  const ofOnePixel = convolutions.filter(({ shape }) => shape.window === 1);
  const positions = sizes.images * protocol.spatial ** 2;
  const pixels =
    ofOnePixel.length > 0 ? openPixelConvolutions(ofOnePixel, protocol.normalization, positions) : undefined;
  const rest = pixels ? convolutions.filter(({ shape }) => shape.window > 1) : convolutions;
  const opened = new Map(rest.map((convolution) => [convolution, open(convolution, protocol)]));
  return {
    convolve: convolutions.map(
      (convolution) =>
        opened.get(convolution)?.convolve ?? pixels!.convolve[ofOnePixel.indexOf(convolution)]!,
    ),
    close: () => {
      opened.forEach(({ close }) => close());
      pixels?.close();
    },
  };
}

function open(
  { shape, weights, bias, scale }: ConvolutionParameters,
  protocol: LayerProtocol,
): { convolve: Convolve; close: () => void } {
  const { window, inputs, outputs, depthwise } = shape;
  const filter = tf.tensor4d(weights, [window, window, inputs, depthwise ? 1 : outputs]);
  const biases = bias && tf.tensor1d(bias);
  const scales = scale && tf.tensor1d(scale);
  return {
    convolve: (x) => {
      const sums = apply(x, filter, depthwise, protocol);
      const y = normalize(biases ? tf.add<tf.Tensor4D>(sums, biases) : sums, protocol.normalization);
      return scales ? tf.mul<tf.Tensor4D>(y, scales) : y;
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
