import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { createStream, fillUniform } from 'rankscope';

/** A Keras model of TensorFlow.js as its loader takes it. */
export type Artifacts = Parameters<
  Extract<Parameters<typeof loadLayersModel>[0], { save?: unknown }>['save'] & object
>[0];

/**
 * Writes the random twin of a Keras model into a folder. Kernels and biases have their own entries in a random order.
 * Normalizations have scale 1, shift 0, and the mean and variance of their inputs on these images, layer after layer.
 *
 * @param load returns the model's artifacts
 * @param images [images, height, width, channels]
 */
export async function writeTwin(
  load: () => Promise<Artifacts>,
  images: Tensor,
  folder: string,
  seed: number,
): Promise<void> {
  const model = await loadLayersModel({ load });
  for (const layer of model.layers) {
    const weights = layer.getWeights();
    if (weights.length === 0) continue;
    if (layer.getClassName() === 'BatchNormalization') settle(layer as unknown as Normalization);
    else
      layer.setWeights(
        weights.map((weight, i) => {
          const stream = createStream(seed, `twin/${layer.name}/${i}`);
          const entries = weight.dataSync();
          const keys = fillUniform(stream, new Float64Array(entries.length));
          const order = Uint32Array.from(keys, (_, at) => at).sort((a, b) => keys[a]! - keys[b]!);
          return tf.tensor(
            Float32Array.from(order, (at) => entries[at]!),
            weight.shape,
          );
        }),
      );
  }
  tf.dispose(model.predict(images, { batchSize: images.shape[0]! }));
  await mkdir(folder, { recursive: true });
  await model.save({
    save: async ({ modelTopology, weightSpecs, weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      await writeFile(join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
      await writeFile(
        join(folder, 'model.json'),
        JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }),
      );
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } };
    },
  });
  model.dispose();
}

interface Normalization {
  getWeights(): Tensor[];
  setWeights(weights: Tensor[]): void;
  call(inputs: Tensor | Tensor[], options: object): Tensor | Tensor[];
}

/** Makes a normalization take the moments of what it is given first. */
function settle(layer: Normalization): void {
  const call = layer.call.bind(layer);
  layer.call = (inputs, options) => {
    layer.call = call;
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const axes = x.shape.map((_, axis) => axis).slice(0, -1);
    const { mean, variance } = tf.moments(x, axes);
    const [gamma, beta] = layer.getWeights() as [Tensor, Tensor];
    layer.setWeights([tf.onesLike(gamma), tf.zerosLike(beta), mean, variance]);
    return call(inputs, options);
  };
}
