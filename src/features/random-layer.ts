import type { ActivationName } from '../activations/definitions.js';
import type { LayerKind } from '../formats/model-file.js';
import { activations } from '../layers/activations.js';
import { useBackend } from '../layers/backend.js';
import { tf } from '../layers/tensors.js';
import { fillNormal } from '../random/distributions.js';
import { createStream } from '../random/stream.js';
import { GramSum } from '../spectrum/wasm/gram/gram-sum.js';

/** The most columns per channel; more hardly change a ratio. */
const COLUMNS_PER_CHANNEL = 4;
/** The most inputs of a row; with more, its outputs are practically independent of those of other rows. */
const MAX_INPUTS = 4096;
/** Columns computed at once. */
const PIECE = 1024;

/** The sizes of a layer, and its activation. */
export interface RandomLayerSizes {
  readonly kind: LayerKind;
  readonly fanIn: number;
  readonly channels: number;
  readonly columns: number;
  /** Null for features before the activation. */
  readonly activation: ActivationName | null;
}

/** Returns the number of columns of the random layer, for a layer with `columns` columns. */
export function randomColumns({ channels, columns }: Pick<RandomLayerSizes, 'channels' | 'columns'>): number {
  return Math.max(1, Math.min(columns, COLUMNS_PER_CHANNEL * channels));
}

/**
 * Returns the features f(W x) of a random layer of these sizes. Weights are independent and normal with variance 1 /
 * fan-in, inputs standard normal. So every channel has mean 0 and variance 1 before the activation, as after a
 * normalization. A depthwise convolution has inputs of its own for each channel. Sampled rather than predicted
 * (`predictRankRatios`), since that knows neither centred features nor the effective rank.
 */
export async function randomLayer(sizes: RandomLayerSizes, seed: number): Promise<GramSum> {
  await useBackend('auto');
  const { kind, channels, activation } = sizes;
  const fanIn = Math.min(sizes.fanIn, MAX_INPUTS);
  const columns = randomColumns(sizes);
  const stream = createStream(seed, `random layer/${kind}/${fanIn}/${channels}`);
  const normal = (rows: number, width: number, scale = 1) => {
    const data = fillNormal(stream, new Float32Array(rows * width));
    return tf.tidy(() => tf.mul(tf.tensor2d(data, [rows, width]), scale) as tf.Tensor2D);
  };
  const sum = new GramSum(channels, { means: true });
  const isDepthwise = kind === 'depthwise convolution';
  const weights = isDepthwise ? undefined : normal(fanIn, channels, 1 / Math.sqrt(fanIn));
  try {
    for (let from = 0; from < columns; from += PIECE) {
      const count = Math.min(PIECE, columns - from);
      const inputs = normal(count, isDepthwise ? channels : fanIn);
      const features = tf.tidy(() => {
        const before = weights ? tf.matMul(inputs, weights) : inputs;
        return activation === null ? tf.clone(before) : activations[activation](before);
      });
      sum.addRows({ data: await features.data<'float32'>(), rows: count, columns: channels });
      tf.dispose([inputs, features]);
    }
  } finally {
    weights?.dispose();
  }
  return sum;
}
