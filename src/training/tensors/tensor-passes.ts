import { entryOf } from '../../lookups.js';
import { tf } from '../../layers/tensors.js';
import { activate, combine } from '../../models/apply-step.js';
import type { NetworkLayer, Normalization } from '../../networks/network-layer.js';
import { layerEdges } from '../../networks/walk-layers.js';
import { activationSlope } from './activation-slope.js';
import { convolutionTensor, convolutionTensorGradient } from './convolution-tensor.js';

/** Parameters, or their gradients, by name. */
export type NamedTensors = ReadonlyMap<string, tf.Tensor>;

/** The data that a layer's forward pass leaves for its backward pass. */
export interface TensorTrace {
  readonly layer: NetworkLayer;
  /** Places among the features, in the order of the layer's inputs. */
  readonly inputs: readonly number[];
  /** Mean and variance over the batch, and (x - mean) / deviation, where the layer normalizes. */
  readonly normalized: {
    readonly mean: tf.Tensor;
    readonly variance: tf.Tensor;
    readonly standard: tf.Tensor;
    readonly deviation: tf.Tensor;
  } | null;
  /** The derivative of the activation; null for a linear one. */
  readonly slope: tf.Tensor | null;
}

/**
 * Returns the images and the output of each layer. With `traces` the normalizations use the batch's own moments, and
 * the data for the backward pass is added there; without, they use the running statistics.
 */
export function tensorForward(
  layers: readonly NetworkLayer[],
  values: NamedTensors,
  images: tf.Tensor4D,
  traces: TensorTrace[] | null,
): tf.Tensor[] {
  const features: tf.Tensor[] = [images];
  const edges = layerEdges(layers);
  for (const [i, layer] of layers.entries()) {
    const inputs = edges.inputs[i]!;
    const plain = operate(
      layer,
      values,
      inputs.map((place) => features[place]!),
    );
    const { name, normalization, activation } = layer;
    const normalized = normalization
      ? standardise(name, normalization, values, plain, traces !== null)
      : null;
    const z = normalized ? shifted(layer, values, normalized.standard) : plain;
    if (traces === null || activation === 'linear') {
      features.push(tf.tidy(() => activate(z, activation)));
      traces?.push({ layer, inputs, normalized, slope: null });
    } else {
      const { value, slope } = activationSlope(z, activation);
      features.push(value);
      traces.push({ layer, inputs, normalized, slope });
    }
  }
  return features;
}

/** Returns the gradient of every trained parameter, given that of the scores. */
export function tensorBackward(
  traces: readonly TensorTrace[],
  features: readonly tf.Tensor[],
  values: NamedTensors,
  dScores: tf.Tensor,
): Map<string, tf.Tensor> {
  const gradients = new Map<string, tf.Tensor>();
  const dFeatures: (tf.Tensor | undefined)[] = features.map(() => undefined);
  dFeatures[traces.length] = dScores;
  const add = (place: number, gradient: tf.Tensor) => {
    const sum = dFeatures[place];
    dFeatures[place] = sum ? tf.add(sum, gradient) : gradient;
  };
  for (let i = traces.length - 1; i >= 0; i--) {
    const { layer, inputs, normalized, slope } = traces[i]!;
    const { name, bias } = layer;
    const given = dFeatures[i + 1] ?? tf.zerosLike(features[i + 1]!);
    let dy = slope ? tf.mul(given, slope) : given;
    if (normalized) {
      const { dx, dGamma, dBeta } = normalizationGradient(dy, normalized, entryOf(values, `${name}.gamma`));
      gradients.set(`${name}.gamma`, dGamma).set(`${name}.beta`, dBeta);
      dy = dx;
    }
    // the mean that a normalization takes off takes a bias off too
    if (bias) gradients.set(`${name}.bias`, normalized ? tf.zeros([layer.channelsOut]) : overChannels(dy));
    const read = inputs.map((place) => features[place]!);
    const { dWeights, dInputs } = operationGradient(layer, values, read, dy);
    if (dWeights) gradients.set(`${name}.weight`, dWeights);
    for (const [k, place] of inputs.entries()) {
      // the gradient of the images is not needed
      if (place > 0) add(place, dInputs[k]!());
    }
  }
  return gradients;
}

/** Returns the output of a layer before normalization and activation. */
function operate(layer: NetworkLayer, values: NamedTensors, inputs: readonly tf.Tensor[]): tf.Tensor {
  const { name, bias } = layer;
  return tf.tidy(() => {
    const weights = values.get(`${name}.weight`);
    if (!weights) return combine(layer, inputs);
    const y = convolutionTensor(layer, inputs[0]!, weights);
    return bias ? tf.add(y, entryOf(values, `${name}.bias`)) : y;
  });
}

/** The gradients of a layer's weights, if it has any, and of its inputs, which are computed when called. */
interface OperationGradient {
  readonly dWeights?: tf.Tensor | undefined;
  readonly dInputs: readonly (() => tf.Tensor)[];
}

function operationGradient(
  layer: NetworkLayer,
  values: NamedTensors,
  inputs: readonly tf.Tensor[],
  dy: tf.Tensor,
): OperationGradient {
  const { name, kind, inputChannels } = layer;
  if (kind === 'add') return { dInputs: inputChannels.map((channels) => () => firstChannels(dy, channels)) };
  const x = inputs[0]!;
  if (kind === 'pool') return { dInputs: [() => poolGradient(dy, x)] };
  if (kind === 'multiply')
    return { dInputs: [() => tf.mul(dy, inputs[1]!), () => tf.sum(tf.mul(dy, x), [1, 2], true)] };
  const { dx, dWeights } = convolutionTensorGradient(layer, dy, x, entryOf(values, `${name}.weight`));
  return { dWeights, dInputs: [dx] };
}

function standardise(
  name: string,
  { epsilon }: Normalization,
  values: NamedTensors,
  x: tf.Tensor,
  training: boolean,
): NonNullable<TensorTrace['normalized']> {
  return tf.tidy(() => {
    const { mean, variance } = training
      ? tf.moments(x, allButLast(x))
      : {
          mean: tf.clone(entryOf(values, `${name}.mean`)),
          variance: tf.clone(entryOf(values, `${name}.variance`)),
        };
    const deviation = tf.sqrt(tf.add(variance, epsilon));
    return { mean, variance, deviation, standard: tf.div(tf.sub(x, mean), deviation) };
  });
}

function shifted({ name }: NetworkLayer, values: NamedTensors, standard: tf.Tensor): tf.Tensor {
  return tf.tidy(() =>
    tf.add(tf.mul(standard, entryOf(values, `${name}.gamma`)), entryOf(values, `${name}.beta`)),
  );
}

function normalizationGradient(
  dy: tf.Tensor,
  { standard, deviation }: NonNullable<TensorTrace['normalized']>,
  gamma: tf.Tensor,
) {
  return tf.tidy(() => {
    const positions = dy.size / gamma.size;
    const dBeta = overChannels(dy);
    const dGamma = overChannels(tf.mul(dy, standard));
    const mean = tf.div(tf.add(dBeta, tf.mul(standard, dGamma)), positions);
    return { dx: tf.mul(tf.sub(dy, mean), tf.div(gamma, deviation)), dGamma, dBeta };
  });
}

function poolGradient(dy: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const [images, height, width, channels] = x.shape as [number, number, number, number];
  const share = tf.div(tf.reshape(dy, [images, 1, 1, channels]), height * width);
  return tf.add(tf.zerosLike(x), share);
}

function firstChannels(dy: tf.Tensor, channels: number): tf.Tensor {
  const size = dy.shape.map((length, axis) => (axis === dy.rank - 1 ? channels : length));
  return tf.slice(
    dy,
    dy.shape.map(() => 0),
    size,
  );
}

/** The sum over everything but the channels, which come last. */
function overChannels(x: tf.Tensor): tf.Tensor {
  return tf.sum(x, allButLast(x));
}

function allButLast(x: tf.Tensor): number[] {
  return x.shape.map((_, axis) => axis).slice(0, -1);
}
