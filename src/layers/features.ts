import * as tf from '@tensorflow/tfjs-core';
import { invalid } from '../errors.js';
import type { Matrix } from '../spectrum/matrix.js';
import type { Activation } from './activations.js';
import { blockNamed, tapsOf, type Tap } from './blocks.js';
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
): Features {
  const [features] = featuresOfEach(layer, [activation], taps);
  return features!;
}

/** The features of a layer at the taps that were asked for. */
export type Features = Partial<Record<Tap, Matrix>>;

/**
 * Yields the features of the layer with each nonlinearity in turn, as `layerFeatures` does, bit for bit. The layer's
 * numbers go to the backend once, and what comes before the first nonlinearity is computed once.
 * @throws as `layerFeatures`
 */
export function* featuresOfEach(
  layer: Layer,
  activations: readonly Activation[],
  taps: readonly Tap[] = ['output'],
): Generator<Features> {
  const block = blockNamed(layer.address.block);
  for (const tap of taps) {
    if (!tapsOf(block).includes(tap))
      throw invalid('tap', tap, `${tapsOf(block).join(', ')} for ${layer.address.block}`);
  }
  const { sizes, protocol, input } = layer;
  const held = tf.tidy(() => {
    const x = tf.tensor4d(input, [sizes.images, protocol.spatial, protocol.spatial, sizes.dIn]);
    const filters = layer.convolutions.map(toFilter);
    return { x, filters, first: normalized(x, filters[0]!, protocol) };
  });
  try {
    for (const activation of activations) {
      const features: Features = {};
      const keep = (tap: Tap, tensor: tf.Tensor4D) => {
        if (taps.includes(tap)) features[tap] = toMatrix(tensor, sizes.columns);
      };
      tf.tidy(() => {
        let y = tf.clone(held.first); // a nonlinearity may dispose of what it is given
        block.convolutions.forEach(({ tap, activated }, i) => {
          if (i > 0) y = normalized(y, held.filters[i]!, protocol);
          if (activated) y = activate(y, activation);
          keep(tap, y);
        });
        if (block.shortcut) keep('output', protocol.shortcut ? addShortcut(held.x, y) : y);
      });
      yield features;
    }
  } finally {
    tf.dispose(held);
  }
}

/** A convolution's numbers on the backend. */
type Filter = {
  readonly weights: tf.Tensor4D;
  readonly bias: tf.Tensor1D | undefined;
  readonly scale: tf.Tensor1D | undefined;
  readonly depthwise: boolean;
};

function toFilter({ shape, weights, bias, scale }: ConvolutionParameters): Filter {
  const { window, inputs, outputs, depthwise } = shape;
  return {
    weights: tf.tensor4d(weights, [window, window, inputs, depthwise ? 1 : outputs]),
    bias: bias ? tf.tensor1d(bias) : undefined,
    scale: scale ? tf.tensor1d(scale) : undefined,
    depthwise,
  };
}

/** Convolution, bias and normalization. */
function normalized(
  x: tf.Tensor4D,
  { weights, bias, scale, depthwise }: Filter,
  protocol: LayerProtocol,
): tf.Tensor4D {
  const convolved =
    weights.shape[0] === 1 ? mixChannels(x, weights, depthwise) : convolve(x, weights, depthwise, protocol);
  const y = normalize(bias ? tf.add<tf.Tensor4D>(convolved, bias) : convolved, protocol.normalization);
  return scale ? tf.mul(y, scale) : y;
}

function convolve(
  x: tf.Tensor4D,
  weights: tf.Tensor4D,
  depthwise: boolean,
  { padding }: LayerProtocol,
): tf.Tensor4D {
  return depthwise ? tf.depthwiseConv2d(x, weights, 1, padding) : tf.conv2d(x, weights, 1, padding);
}

/** A convolution with a window of one pixel: as a matrix product or, depthwise, an elementwise one it takes less time. */
function mixChannels(x: tf.Tensor4D, weights: tf.Tensor4D, depthwise: boolean): tf.Tensor4D {
  const [, , inputs, outputs] = weights.shape;
  const [images, height, width] = x.shape;
  if (depthwise) return tf.mul(x, tf.reshape(weights, [inputs]));
  const y = tf.matMul(tf.reshape(x, [-1, inputs]), tf.reshape(weights, [inputs, outputs]));
  return tf.reshape(y, [images, height, width, outputs]);
}

function activate(x: tf.Tensor4D, activation: Activation): tf.Tensor4D {
  const y = activation(x);
  if (!tf.util.arraysEqual(y.shape, x.shape)) {
    throw invalid('shape of the nonlinearity', y.shape, `the shape it was given, ${x.shape.join(' x ')}`);
  }
  return y as tf.Tensor4D;
}

/** What batch normalization adds to a variance: PyTorch's default (Keras has 1e-3). */
const EPSILON = 1e-5;

/** Batch normalization with shift 0 (Ioffe and Szegedy, 2015), before its scale; the variance is the biased one. */
function normalize(x: tf.Tensor4D, mode: LayerProtocol['normalization']): tf.Tensor4D {
  if (mode === 'none') return x;
  if (mode === 'inference') return tf.div(x, Math.sqrt(1 + EPSILON));
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.div(mode === 'batch' ? tf.sub(x, mean) : x, tf.sqrt(tf.add(variance, EPSILON)));
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
  const all = tf.reshape(tensor, [-1, channels]);
  const positions = all.shape[0] === columns ? all : tf.slice(all, [0, 0], [columns, channels]);
  return { data: tf.transpose(positions).dataSync<'float32'>(), rows: channels, columns };
}
