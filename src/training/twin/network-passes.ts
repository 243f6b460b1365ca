import { entryOf } from '../../lookups.js';
import type { Vector } from './vector.js';
import type { NetworkLayer, Normalization } from '../../networks/network-layer.js';
import { layerEdges } from '../../networks/walk-layers.js';
import { activated, activationGradient } from './activation.js';
import { addBias, biasGradient } from './bias.js';
import { convolution, convolutionGradient, type ConvolutionShape } from './convolution.js';
import { depthwise, depthwiseGradient } from './depthwise.js';
import { momentsOf, type Moments, normalizationGradient, normalize } from './normalization.js';
import { pool, poolGradient } from './pool.js';
import { scale, scaleGradient } from './scale.js';
import { shortcut, shortcutGradient } from './shortcut.js';

/** Tensors by parameter name. */
export type Tensors = ReadonlyMap<string, Vector>;

/** The data that a layer's forward pass leaves for its backward pass. */
export interface LayerTrace {
  readonly layer: NetworkLayer;
  /** Places among the features, in the order of the layer's inputs. */
  readonly inputs: readonly number[];
  /** Before the normalization. */
  readonly plain: Vector;
  /** The statistics that the layer normalizes by: in training those of the batch, else the running ones. */
  readonly normalization: (Normalization & { readonly moments: Moments }) | null;
  /** Before the activation. */
  readonly normalized: Vector;
}

export interface NetworkTrace {
  readonly images: number;
  /** The images, then the output of each layer. */
  readonly features: readonly Vector[];
  readonly layers: readonly LayerTrace[];
}

/** Returns the output of every layer; the last features are the scores. */
export function forwardPass(
  layers: readonly NetworkLayer[],
  values: Tensors,
  input: Vector,
  images: number,
  training: boolean,
): NetworkTrace {
  const features = [input];
  const traces: LayerTrace[] = [];
  const edges = layerEdges(layers);
  for (const [i, layer] of layers.entries()) {
    const inputs = edges.inputs[i]!;
    const read = inputs.map((place) => features[place]!);
    const plain = operate(layer, values, read, images);
    const { name, channelsOut, activation } = layer;
    const normalization = layer.normalization && {
      ...layer.normalization,
      moments: training ? momentsOf(plain, channelsOut) : runningOf(values, name),
    };
    let normalized = plain;
    if (normalization) {
      const [gamma, beta] = [entryOf(values, `${name}.gamma`), entryOf(values, `${name}.beta`)];
      normalized = normalize(plain, normalization.moments, gamma, beta, normalization.epsilon);
    }
    features.push(activated(normalized, activation));
    traces.push({ layer, inputs, plain, normalization, normalized });
  }
  return { images, features, layers: traces };
}

/** Returns the gradient of every trained parameter, given that of the scores. */
export function backwardPass(trace: NetworkTrace, values: Tensors, dScores: Vector): Map<string, Vector> {
  const { features, layers, images } = trace;
  const gradients = new Map<string, Vector>();
  const dFeatures = features.map(({ length }) => new Float64Array(length));
  dFeatures[layers.length] = dScores;
  const add = (place: number, gradient: Vector) => {
    const sum = dFeatures[place]!;
    for (let i = 0; i < sum.length; i++) sum[i]! += gradient[i]!;
  };
  for (let i = layers.length - 1; i >= 0; i--) {
    const { layer, inputs, plain, normalization, normalized } = layers[i]!;
    const { name, bias, channelsOut, activation } = layer;
    let dy = activationGradient(dFeatures[i + 1]!, normalized, activation);
    if (normalization) {
      const { moments, epsilon } = normalization;
      const gamma = entryOf(values, `${name}.gamma`);
      const { dx, dGamma, dBeta } = normalizationGradient(dy, plain, moments, gamma, epsilon);
      gradients.set(`${name}.gamma`, dGamma).set(`${name}.beta`, dBeta);
      dy = dx;
    }
    if (bias) {
      // the mean that a normalization takes off takes a bias off too
      const zero = new Float64Array(channelsOut);
      gradients.set(`${name}.bias`, normalization ? zero : biasGradient(dy, channelsOut));
    }
    const read = inputs.map((place) => features[place]!);
    const { dWeights, dInputs } = operationGradient(layer, values, read, dy, images);
    if (dWeights) gradients.set(`${name}.weight`, dWeights);
    for (const [k, place] of inputs.entries()) add(place, dInputs[k]!);
  }
  return gradients;
}

/** Returns the output of a layer before normalization and activation. */
function operate(layer: NetworkLayer, values: Tensors, inputs: readonly Vector[], images: number): Vector {
  const { name, kind, channelsIn, channelsOut, inputChannels, bias } = layer;
  const x = inputs[0]!;
  if (kind === 'pool') return pool(x, images, channelsIn);
  if (kind === 'multiply') return scale(x, inputs[1]!, channelsOut);
  if (kind === 'add') {
    const zeros: Vector = new Float64Array((x.length / inputChannels[0]!) * channelsOut);
    return inputs.reduce((sum, entry, k) => {
      return shortcut(sum, entry, { entry: inputChannels[k]!, x: channelsOut });
    }, zeros);
  }
  const weights = entryOf(values, `${name}.weight`);
  const y = (kind === 'depthwise' ? depthwise : convolution)(x, weights, shapeOf(layer, images));
  return bias ? addBias(y, entryOf(values, `${name}.bias`)) : y;
}

/** Returns the gradients of a layer's inputs, and of its weights if it has any. */
function operationGradient(
  layer: NetworkLayer,
  values: Tensors,
  inputs: readonly Vector[],
  dy: Vector,
  images: number,
): { dWeights?: Vector; dInputs: readonly Vector[] } {
  const { name, kind, channelsIn, channelsOut, inputChannels } = layer;
  if (kind === 'add')
    return { dInputs: inputChannels.map((entry) => shortcutGradient(dy, { entry, x: channelsOut })) };
  const x = inputs[0]!;
  if (kind === 'pool') return { dInputs: [poolGradient(dy, x.length / (images * channelsIn), channelsIn)] };
  if (kind === 'multiply') {
    const { dx, dWeights } = scaleGradient(dy, x, inputs[1]!, channelsOut);
    return { dInputs: [dx, dWeights] };
  }
  const gradient = kind === 'depthwise' ? depthwiseGradient : convolutionGradient;
  const { dx, dWeights } = gradient(dy, x, entryOf(values, `${name}.weight`), shapeOf(layer, images));
  return { dWeights, dInputs: [dx] };
}

function runningOf(values: Tensors, name: string): Moments {
  return { mean: entryOf(values, `${name}.mean`), variance: entryOf(values, `${name}.variance`) };
}

/** A linear layer is a convolution of one pixel. */
function shapeOf(layer: NetworkLayer, images: number): ConvolutionShape {
  const { inputShape, outputShape, channelsIn, channelsOut, kernel, stride, padding } = layer;
  const [, size = 1] = inputShape;
  const [, outSize = 1] = outputShape;
  return { images, size, outSize, channelsIn, channelsOut, kernel, stride, padding };
}
