import { tf } from '../layers/tensors.js';
import { invalid, messageOf } from '../errors.js';
import type { NetworkLayer } from '../networks/network-layer.js';
import { applyStep, type LookBack } from './apply-step.js';
import type { NetworkModel, Step } from './network-model.js';

/** Sees what a layer puts out, [images, height, width, channels] or [images, channels]; the tensor is freed after it. */
export type Visit = (layer: NetworkLayer, output: tf.Tensor) => void;

/**
 * Returns what the network puts out for images, [images, classes], before any softmax. The features of every layer
 * can be seen on the way. Tensors are freed as soon as no later layer needs them.
 *
 * @param images [images, height, width, channels]; height and width are usually the network's resolution, but any are
 * accepted
 * @throws RangeError for another number of channels
 * @example
 * const scores = runNetwork(model, tf.zeros([1, 224, 224, 3]));
 */
export function runNetwork(model: NetworkModel, images: tf.Tensor4D, visit: Visit = () => {}): tf.Tensor2D {
  const { shape } = images;
  if (shape?.length !== 4 || shape.includes(0))
    throw invalid('images', shape ?? images, 'a tensor [images, height, width, channels], none of them 0');
  const channels = shape[3];
  const { inputChannels } = model.network;
  if (channels !== inputChannels) throw invalid('channels of the images', channels, String(inputChannels));
  return walkSteps(model.steps, images, applyStep, visit) as tf.Tensor2D;
}

/** Returns the last step's output; `apply` computes each step. The images are left as they were. */
export function walkSteps<S extends Pick<Step, 'layer'>>(
  steps: readonly S[],
  images: tf.Tensor4D,
  apply: (step: S, x: tf.Tensor, back: LookBack) => tf.Tensor,
  visit: Visit = () => {},
): tf.Tensor {
  const back: LookBack = { entry: undefined, squeezed: undefined };
  let x: tf.Tensor = tf.clone(images);
  let block: number | null = null;
  try {
    for (const step of steps) {
      const { layer } = step;
      if (layer.block !== block) {
        block = layer.block;
        tf.dispose(back.entry ?? []);
        back.entry = block === null ? undefined : (tf.clone(x) as tf.Tensor4D);
      }
      if (layer.role === 'squeeze') back.squeezed = tf.clone(x) as tf.Tensor4D;
      const y = applied(layer, x, () => apply(step, x, back));
      x.dispose();
      x = y;
      if (layer.role === 'scale') {
        tf.dispose(back.squeezed ?? []);
        back.squeezed = undefined;
      }
      visit(layer, x);
    }
    return x;
  } catch (error) {
    x.dispose();
    throw error;
  } finally {
    tf.dispose([back.entry ?? [], back.squeezed ?? []]);
  }
}

/** Returns the layer's output; a failure of the backend, as for want of memory, names the layer and what it was given. */
function applied(layer: NetworkLayer, x: tf.Tensor, compute: () => tf.Tensor): tf.Tensor {
  try {
    return compute();
  } catch (cause) {
    const failed = `${layer.name} does not run on features [${x.shape.join(', ')}]`;
    throw new Error(`${failed}; fewer images or a lower resolution need less memory: ${messageOf(cause)}`, {
      cause,
    });
  }
}
