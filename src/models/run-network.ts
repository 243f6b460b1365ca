import { tf } from '../layers/tensors.js';
import { invalid, messageOf } from '../errors.js';
import type { NetworkLayer } from '../networks/network-layer.js';
import { walkLayers } from '../networks/walk-layers.js';
import { applyStep } from './apply-step.js';
import type { NetworkModel, Step } from './network-model.js';

/**
 * Called with the output of a layer: [images, height, width, channels] or [images, channels]. The tensor is freed
 * afterwards.
 */
export type Visit = (layer: NetworkLayer, output: tf.Tensor) => void;

/**
 * Returns the network's output for images, [images, classes], before any softmax. The features of every layer can be
 * seen on the way. Tensors are freed as soon as no later layer needs them.
 *
 * @param images [images, height, width, channels]; height and width are usually the network's resolution, but any are
 * accepted
 * @throws RangeError for another number of channels
 * @example
 * const scores = runNetwork(model, tf.zeros([1, 224, 224, 3]));
 */
export function runNetwork(model: NetworkModel, images: tf.Tensor4D, visit?: Visit): tf.Tensor2D {
  const { shape } = images;
  if (shape?.length !== 4 || shape.includes(0))
    throw invalid('images', shape ?? images, 'a tensor [images, height, width, channels], none of them 0');
  const channels = shape[3];
  const { inputChannels } = model.network;
  if (channels !== inputChannels) throw invalid('channels of the images', channels, String(inputChannels));
  return runSteps(model.steps, images, visit) as tf.Tensor2D;
}

/** Returns the output of the last of some steps, for layers in any arrangement. The images are not changed. */
export function runSteps(steps: readonly Step[], images: tf.Tensor4D, visit?: Visit): tf.Tensor {
  const layers = steps.map(({ layer }) => layer);
  return walkTensors(layers, images, (_, inputs, i) => applyStep(steps[i]!, inputs), visit);
}

/** Returns the output of the last layer; `apply` computes each layer. Tensors are freed after their last use. */
export function walkTensors(
  layers: readonly NetworkLayer[],
  images: tf.Tensor4D,
  apply: (layer: NetworkLayer, inputs: readonly tf.Tensor[], index: number) => tf.Tensor,
  visit?: Visit,
): tf.Tensor {
  return walkLayers<tf.Tensor>(layers, tf.clone(images), {
    apply: (layer, inputs, i) => applied(layer, inputs, () => apply(layer, inputs, i)),
    free: (x) => x.dispose(),
    visit,
  });
}

/**
 * Returns the layer's output. If the backend fails, for example without enough memory, the error names the layer and
 * its input.
 */
function applied(layer: NetworkLayer, inputs: readonly tf.Tensor[], compute: () => tf.Tensor): tf.Tensor {
  try {
    return compute();
  } catch (cause) {
    const shapes = inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ');
    const failed = `${layer.name} does not run on features ${shapes}`;
    throw new Error(`${failed}; fewer images or a lower resolution need less memory: ${messageOf(cause)}`, {
      cause,
    });
  }
}
