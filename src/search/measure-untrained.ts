import { tf } from '../layers/tensors.js';
import { calibrateBatchNorm } from '../models/calibrate-batch-norm.js';
import type { Parameters } from '../models/parameters.js';
import type { Network } from '../networks/network.js';
import { plainBatch } from '../training/data/batches.js';
import type { TrainingData } from '../training/data/labelled-images.js';
import { byteTable, channelMoments } from '../training/data/standardise.js';
import { firstParameters } from '../training/first-parameters.js';
import type { Recipe } from '../training/recipe.js';
import { createEngine, type TrainingEngineName } from '../training/training-engines.js';
import { naswot } from './naswot.js';

/** Images of the batch on which untrained networks are measured: the first training images. */
const BATCH = 64;

/** The measurements of an untrained network. */
export interface Untrained {
  /** The first parameters, with the statistics of every normalization settled on the batch. */
  readonly parameters: Parameters;
  readonly gradientNorm: number;
  readonly naswot: number | null;
}

/**
 * Measures a network before training, on the first 64 training images without augmentation. It returns the norm of the
 * loss's gradient and NASWOT's score. Normalizations use the statistics of these images, as in a training step.
 */
export function measureUntrained(
  network: Network,
  { train }: TrainingData,
  recipe: Recipe,
  engineName: TrainingEngineName,
): Untrained {
  const drawn = firstParameters(network, recipe);
  const count = Math.min(BATCH, train.count);
  const batch = plainBatch(train, byteTable(channelMoments(train)), 0, count);
  const engine = createEngine(engineName, { network, batch: count, parameters: drawn, averaged: false });
  let squares = 0;
  try {
    engine.step(batch.images, batch.labels, { ...recipe, learningRate: 0, averageDecay: 0 });
    for (const gradient of engine.gradients().values())
      for (let i = 0; i < gradient.length; i++) squares += gradient[i]! ** 2;
  } finally {
    engine.dispose();
  }
  const { resolution, inputChannels } = network;
  const images = tf.tensor4d(batch.images, [count, resolution, resolution, inputChannels]);
  try {
    const parameters = calibrateBatchNorm(network, drawn, images);
    return { parameters, gradientNorm: Math.sqrt(squares), naswot: naswot(network, parameters, images) };
  } finally {
    images.dispose();
  }
}
