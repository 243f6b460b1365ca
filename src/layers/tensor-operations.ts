import { tf } from './tensors.js';
import { invalid } from '../errors.js';
import type { Activation } from './activations.js';
import type { LayerOperations } from './layer-operations.js';
import type { ConvolutionParameters, Layer } from './layer.js';
import { normalize } from './normalization.js';
import type { LayerProtocol } from './protocol.js';

/** Loads a layer into the active tensor backend, once for any number of activations. */
export function openTensorOperations(layer: Layer): LayerOperations<tf.Tensor4D> {
  const { convolutions, protocol, sizes, input } = layer;
  const x = tf.tensor4d(input, [sizes.images, protocol.spatial, protocol.spatial, sizes.dIn]);
  const opened = convolutions.map((convolution) => openTensorConvolution(convolution, layer));
  const held: tf.Tensor[] = [x];
  return {
    input: x,
    convolve: opened.map(({ convolve }) => convolve),
    activate: activateTensor,
    addShortcut: (y) => addTensors(x, y),
    read: (y, count) => {
      const columns = y.shape[3];
      return { data: y.dataSync<'float32'>().slice(0, count * columns), rows: count, columns };
    },
    keep: (compute) => {
      const y = tf.tidy(compute);
      held.push(y);
      return y;
    },
    within,
    close: () => {
      tf.dispose(held);
      opened.forEach(({ close }) => close());
    },
  };
}

/** Runs `compute` and returns its result; all other tensors made inside are freed. */
export function within<R>(compute: () => R): R {
  let result!: R;
  tf.tidy(() => {
    result = compute();
  });
  return result;
}

/** A convolution of tensors, with its memory on the backend. */
export interface TensorConvolution {
  /** Convolution, bias and normalization with its scale and shift: [image, row, column, channel] to the same. */
  readonly convolve: (x: tf.Tensor4D) => tf.Tensor4D;
  readonly close: () => void;
}

/** Loads the weights and biases of a convolution into the active tensor backend. */
export function openTensorConvolution(
  { shape, weights, bias, scale, shift }: ConvolutionParameters,
  { protocol, normalization }: Pick<Layer, 'protocol' | 'normalization'>,
): TensorConvolution {
  const { window, inputs, outputs, depthwise } = shape;
  const filter = tf.tensor4d(weights, [window, window, inputs, depthwise ? 1 : outputs]);
  const biases = bias && tf.tensor1d(bias);
  const scales = scale && tf.tensor1d(scale);
  const shifts = shift && tf.tensor1d(shift);
  return {
    convolve: (x) => {
      const sums = apply(x, filter, depthwise, protocol);
      const y = normalize(biases ? tf.add<tf.Tensor4D>(sums, biases) : sums, normalization);
      const scaled = scales ? tf.mul<tf.Tensor4D>(y, scales) : y;
      return shifts ? tf.add<tf.Tensor4D>(scaled, shifts) : scaled;
    },
    close: () => tf.dispose([filter, biases, scales, shifts].filter((tensor) => tensor !== null)),
  };
}

/**
 * Returns f(x) in float32. @throws RangeError for an activation that changes the shape or returns anything but real
 * numbers
 */
export function activateTensor(x: tf.Tensor4D, activation: Activation): tf.Tensor4D {
  const y = activation(tf.clone(x)); // an activation may dispose of its argument
  if (!tf.util.arraysEqual(y.shape, x.shape)) {
    throw invalid('shape of the activation', y.shape, `the shape it was given, ${x.shape.join(' x ')}`);
  }
  if (!real.includes(y.dtype)) throw invalid('numbers of the activation', y.dtype, real.join(', '));
  return tf.cast(y, 'float32') as tf.Tensor4D;
}

const real: readonly tf.DataType[] = ['float32', 'int32', 'bool'];

/**
 * Applies a convolution. A window of one pixel is computed as a matrix product or, if depthwise, an elementwise
 * product, which is faster.
 */
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

/** Adds x to the first channels of y. If y is smaller, the middle of x is added. */
export function addTensors(x: tf.Tensor4D, y: tf.Tensor4D): tf.Tensor4D {
  const [, height, width, channels] = y.shape;
  const cut = (x.shape[1] - height) / 2;
  const middle = cut > 0 ? tf.slice(x, [0, cut, cut, 0], [-1, height, width, -1]) : x;
  const missing = channels - x.shape[3];
  const none: [number, number] = [0, 0];
  return tf.add(y, missing > 0 ? tf.pad(middle, [none, none, none, [0, missing]]) : middle);
}
