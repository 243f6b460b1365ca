import * as tf from '@tensorflow/tfjs-core';
import { invalid } from '../errors.js';
import type { Matrix } from '../spectrum/matrix.js';
import type { Activation } from './activations.js';
import { blockNamed, tapsOf, type Tap } from './blocks.js';
import { openConvolutions } from './convolutions.js';
import type { Layer } from './layer.js';

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
  return Object.fromEntries(Object.entries(features!).map(([tap, matrix]) => [tap, transpose(matrix)]));
}

/** The features of a layer at the taps that were asked for. */
export type Features = Partial<Record<Tap, Matrix>>;

/**
 * Yields the features of the layer with each nonlinearity in turn, as tensors have them: one row a sample or position,
 * one column a channel, which is the transpose of what `layerFeatures` returns, with the same bits and the same rank.
 * The layer's numbers go to the backend once, and what comes before the first nonlinearity is computed once.
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
  const { convolve, close } = openConvolutions(layer);
  const x = tf.tensor4d(input, [sizes.images, protocol.spatial, protocol.spatial, sizes.dIn]);
  const held: tf.Tensor[] = [x];
  try {
    const first = tf.tidy(() => convolve[0]!(x));
    held.push(first);
    for (const activation of activations) {
      const features: Features = {};
      const keep = (tap: Tap, tensor: tf.Tensor4D) => {
        if (taps.includes(tap)) features[tap] = toMatrix(tensor, sizes.columns);
      };
      tf.tidy(() => {
        let y = tf.clone(first); // a nonlinearity may dispose of what it is given
        block.convolutions.forEach(({ tap, activated }, i) => {
          if (i > 0) y = convolve[i]!(y);
          if (activated) y = activate(y, activation);
          keep(tap, y);
        });
        if (block.shortcut) keep('output', protocol.shortcut ? addShortcut(x, y) : y);
      });
      yield features;
    }
  } finally {
    tf.dispose(held);
    close();
  }
}

function activate(x: tf.Tensor4D, activation: Activation): tf.Tensor4D {
  const y = activation(x);
  if (!tf.util.arraysEqual(y.shape, x.shape)) {
    throw invalid('shape of the nonlinearity', y.shape, `the shape it was given, ${x.shape.join(' x ')}`);
  }
  return y as tf.Tensor4D;
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

/** [image, row, column, channel] to one row a position, the first `count` positions. */
function toMatrix(tensor: tf.Tensor4D, count: number): Matrix {
  const columns = tensor.shape[3];
  const data = tensor.dataSync<'float32'>();
  return { data: data.subarray(0, count * columns), rows: count, columns };
}

function transpose({ data, rows, columns }: Matrix): Matrix {
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = data[row * columns + column]!;
    }
  }
  return { data: turned, rows: columns, columns: rows };
}
