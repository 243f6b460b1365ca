import * as tf from '@tensorflow/tfjs-core';
import { invalid } from '../errors.js';
import type { Matrix } from '../spectrum/matrix.js';
import type { Activation } from './activations.js';
import { blockNamed, tapsOf, type Convolution, type Tap } from './blocks.js';
import type { ConvolutionParameters, Layer } from './layer.js';
import type { LayerProtocol } from './protocol.js';

/**
 * Returns what the layer puts out with a nonlinearity, at each of the taps asked for: a matrix of one row a
 * channel and N columns (samples or positions; image by image, row by row), float32. Runs on the tensor
 * backend that is active, see `useBackend`.
 *
 * @param taps the taps of the layer's block; all are read in one pass. Default: the output.
 * @throws RangeError for a tap the block does not have, or a nonlinearity that changes the tensor's shape
 * @example
 * await useBackend('auto');
 * const layer = drawLayer(address, protocol);
 * const { output } = layerFeatures(layer, activations.silu);
 */
export function layerFeatures(
  layer: Layer,
  activation: Activation,
  taps: readonly Tap[] = ['output'],
): Partial<Record<Tap, Matrix>> {
  const block = blockNamed(layer.address.block);
  for (const tap of taps) {
    if (!tapsOf(block).includes(tap))
      throw invalid('tap', tap, `${tapsOf(block).join(', ')} for ${layer.address.block}`);
  }
  const { protocol, sizes, input } = layer;
  const features: Partial<Record<Tap, Matrix>> = {};
  const keep = (tap: Tap, tensor: tf.Tensor4D) => {
    if (taps.includes(tap)) features[tap] = toMatrix(tensor, sizes.columns);
  };
  tf.tidy(() => {
    const x = tf.tensor4d(input, [sizes.images, protocol.spatial, protocol.spatial, sizes.dIn]);
    const y = block.convolutions.reduce((tensor, convolution, i) => {
      const next = apply(tensor, convolution, layer.convolutions[i]!, protocol, activation);
      keep(convolution.tap, next);
      return next;
    }, x);
    if (block.shortcut) keep('output', protocol.shortcut ? addShortcut(x, y) : y);
  });
  return features;
}

/** Convolution, bias, normalization and, where the block has one, the nonlinearity. */
function apply(
  x: tf.Tensor4D,
  { depthwise, activated }: Convolution,
  { shape, weights, bias }: ConvolutionParameters,
  protocol: LayerProtocol,
  activation: Activation,
): tf.Tensor4D {
  const { window, inputs, outputs } = shape;
  const filter = tf.tensor4d(weights, [window, window, inputs, depthwise ? 1 : outputs]);
  const convolved = depthwise
    ? tf.depthwiseConv2d(x, filter, 1, protocol.padding)
    : tf.conv2d(x, filter, 1, protocol.padding);
  const biased = bias ? tf.add<tf.Tensor4D>(convolved, tf.tensor1d(bias)) : convolved;
  const normalized = normalize(biased, protocol.normalization);
  if (!activated) return normalized;
  const y = activation(normalized);
  if (!tf.util.arraysEqual(y.shape, normalized.shape)) {
    throw invalid(
      'shape of the nonlinearity',
      y.shape,
      `the shape it was given, ${normalized.shape.join(' x ')}`,
    );
  }
  return y as tf.Tensor4D;
}

/** What batch normalization adds to a variance: PyTorch's default (Keras has 1e-3). */
const EPSILON = 1e-5;

/** Batch normalization with scale 1 and shift 0 (Ioffe and Szegedy, 2015); the variance is the biased one. */
function normalize(x: tf.Tensor4D, mode: LayerProtocol['normalization']): tf.Tensor4D {
  if (mode === 'none') return x;
  if (mode === 'inference') return tf.div(x, Math.sqrt(1 + EPSILON));
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, EPSILON)));
}

/** Adds x to the first d_in channels of y; where valid padding made y smaller, the middle of x. */
function addShortcut(x: tf.Tensor4D, y: tf.Tensor4D): tf.Tensor4D {
  const cut = (x.shape[1] - y.shape[1]) / 2;
  const middle = cut > 0 ? tf.slice(x, [0, cut, cut, 0], [-1, y.shape[1], y.shape[2], -1]) : x;
  const missing = y.shape[3] - x.shape[3];
  return tf.add(
    y,
    missing > 0
      ? tf.pad(middle, [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, missing],
        ])
      : middle,
  );
}

/** [image, row, column, channel] to one row a channel, the first `columns` positions. */
function toMatrix(tensor: tf.Tensor4D, columns: number): Matrix {
  const channels = tensor.shape[3];
  const positions = tf.slice(tf.reshape(tensor, [-1, channels]), [0, 0], [columns, channels]);
  return { data: tf.transpose(positions).dataSync<'float32'>(), rows: channels, columns };
}
