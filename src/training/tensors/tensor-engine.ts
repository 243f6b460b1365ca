import { entryOf, lastOf } from '../../lookups.js';
import { networkLayers } from '../../networks/network-layers.js';
import { tf } from '../../layers/tensors.js';
import type { TrainingEngineOptions, TrainingEngine } from '../engine.js';
import { crossEntropy } from '../twin/cross-entropy.js';
import { createFloat64Engine } from '../twin/float64-engine.js';
import type { Tensors } from '../twin/network-passes.js';
import type { Vector } from '../twin/vector.js';
import { tensorBackward, tensorForward, type TensorTrace } from './tensor-passes.js';

/**
 * Returns an engine whose passes run in float32 on the active tensor backend; parameters are kept and updated in float64.
 * See `prepareTensorGradients`.
 *
 * @throws RangeError where the parameters are not those of the network
 */
export function createTensorEngine(options: TrainingEngineOptions): TrainingEngine {
  const { network } = options;
  const layers = networkLayers(network);
  const { resolution, inputChannels, head } = network;
  const shapes = new Map([...options.parameters].map(([name, { shape }]) => [name, shape]));
  const tensorsOf = (values: Tensors) =>
    new Map(
      [...values].map(([name, data]) => [
        name,
        tf.tensor(Float32Array.from(data), [...entryOf(shapes, name)]),
      ]),
    );
  const imagesOf = (images: Float32Array) =>
    tf.tensor4d(images, [
      images.length / (resolution ** 2 * inputChannels),
      ...[resolution, resolution, inputChannels],
    ] as [number, number, number, number]);
  return createFloat64Engine(options, {
    train: (values, images, labels, smoothing) =>
      tidied(() => {
        const tensors = tensorsOf(values);
        const traces: TensorTrace[] = [];
        const features = tensorForward(layers, tensors, imagesOf(images), traces);
        const scores = numbersOf(lastOf(features));
        const { gradient, ...result } = crossEntropy(scores, labels, head.classes, smoothing);
        const dScores = tf.tensor2d(Float32Array.from(gradient), [labels.length, head.classes]);
        const gradients = tensorBackward(traces, features, tensors, dScores);
        return {
          ...result,
          gradients: new Map([...gradients].map(([name, tensor]) => [name, numbersOf(tensor)])),
          moments: traces.flatMap(({ layer: { name }, normalized }) =>
            normalized ? [momentsOf(name, normalized)] : [],
          ),
        };
      }),
    scores: (values, images) =>
      tidied(() => numbersOf(lastOf(tensorForward(layers, tensorsOf(values), imagesOf(images), null)))),
  });
}

function momentsOf(name: string, { mean, variance, standard }: NonNullable<TensorTrace['normalized']>) {
  const positions = standard.size / mean.size;
  return { name, positions, moments: { mean: numbersOf(mean), variance: numbersOf(variance) } };
}

/** Runs `compute`, frees the tensors made inside, and returns its result, which holds no tensor. */
function tidied<T>(compute: () => T): T {
  tf.engine().startScope();
  try {
    return compute();
  } finally {
    tf.engine().endScope();
  }
}

function numbersOf(x: tf.Tensor): Vector {
  return Float64Array.from(x.dataSync<'float32'>());
}
