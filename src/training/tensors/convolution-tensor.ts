import { tf } from '../../layers/tensors.js';
import type { NetworkLayer } from '../../networks/network-layer.js';

/** Names of the kernels that compute the gradients of a convolution's input and of its weights. */
const kernelsOf = {
  convolution: ['Conv2DBackpropInput', 'Conv2DBackpropFilter'],
  depthwise: ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
} as const;

/** The names of all these kernels; backends for inference lack some. */
export const gradientKernels = Object.values(kernelsOf).flat();

/** Returns the output of a layer with weights, before its bias; depthwise and linear ones too. */
export function convolutionTensor(layer: NetworkLayer, x: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  const { kind, stride } = layer;
  if (kind === 'linear') return tf.matMul(x, weights);
  const [images, filter] = [padded(layer, x), weights as tf.Tensor4D];
  return kind === 'depthwise'
    ? tf.depthwiseConv2d(images, filter, stride, 'valid')
    : tf.conv2d(images, filter, stride, 'valid');
}

/** Returns the gradient of the weights, and a function that computes that of the input. */
export function convolutionTensorGradient(
  layer: NetworkLayer,
  dy: tf.Tensor,
  x: tf.Tensor,
  weights: tf.Tensor,
): { readonly dWeights: tf.Tensor; readonly dx: () => tf.Tensor } {
  const { kind, stride, padding } = layer;
  if (kind === 'linear') {
    return { dWeights: tf.matMul(x, dy, true), dx: () => tf.matMul(dy, weights, false, true) };
  }
  const common = { strides: [stride, stride], pad: 'valid', dilations: [1, 1], dataFormat: 'NHWC' };
  const [ofInput, ofWeights] = kernelsOf[kind === 'depthwise' ? kind : 'convolution'];
  const dWeights = tf.tidy(() =>
    run(ofWeights, { x: padded(layer, x), dy }, { ...common, filterShape: weights.shape }),
  );
  const dx = () =>
    tf.tidy(() => {
      const [images, height, width, channels] = x.shape as [number, number, number, number];
      const inputShape = [images, height + 2 * padding, width + 2 * padding, channels];
      const whole = run(ofInput, { dy, filter: weights }, { ...common, inputShape });
      return padding > 0 ? tf.slice(whole, [0, padding, padding, 0], x.shape) : whole;
    });
  return { dWeights, dx };
}

function run(kernel: string, inputs: Record<string, tf.Tensor>, attributes: object): tf.Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes as never);
}

/** `same` would mean other zeros than these if the stride is more than 1. */
function padded({ padding }: NetworkLayer, x: tf.Tensor): tf.Tensor4D {
  const around: [number, number] = [padding, padding];
  const sides: [number, number][] = [[0, 0], around, around, [0, 0]];
  return (padding > 0 ? tf.pad(x, sides) : x) as tf.Tensor4D;
}
