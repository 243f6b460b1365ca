import { entryOf } from '../lookups.js';
import { tf } from '../layers/tensors.js';
import type { NetworkLayer } from '../networks/network-layer.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import { checkParameters, type ParameterRole, type Parameters } from './parameters.js';

/** A network with its weights on a tensor backend, ready to run. */
export interface NetworkModel {
  readonly network: Network;
  readonly steps: readonly Step[];
  /** Frees the tensors. */
  dispose(): void;
}

/** A layer with its tensors; `filter` is null for one without weights. */
export interface Step {
  readonly layer: NetworkLayer;
  readonly filter: { readonly weights: tf.Tensor; readonly bias: tf.Tensor1D } | null;
}

/**
 * Returns the network with these parameters on the active tensor backend, for inference. Each normalization is one with
 * its convolution, whose weights are multiplied by gamma / sqrt(variance + epsilon) (in float64, rounded once).
 *
 * @throws RangeError that lists every name and shape that does not match
 * @example
 * await useBackend('auto');
 * const model = buildNetwork(network, drawParameters(network));
 */
export function buildNetwork(network: Network, parameters: Parameters): NetworkModel {
  checkParameters(network, parameters);
  const steps = networkLayers(network).map((layer) => buildStep(layer, parameters));
  return { network, steps, dispose: () => steps.forEach(disposeStep) };
}

/** Frees the tensors of a step. */
export function disposeStep({ filter }: Step): void {
  if (filter) tf.dispose([filter.weights, filter.bias]);
}

/** Returns one layer with its tensors. */
export function buildStep(layer: NetworkLayer, parameters: Parameters): Step {
  const given = parameters.get(`${layer.name}.weight`);
  if (!given) return { layer, filter: null };
  const { channelsOut, kind } = layer;
  const { scale, shift } = affineOf(layer, parameters);
  const weights = new Float32Array(given.data.length);
  // channels come last, except that a depthwise filter has one more axis of length 1, which changes nothing
  for (let i = 0; i < weights.length; i++) weights[i] = given.data[i]! * scale[i % channelsOut]!;
  const single = kind === 'convolution' && layer.kernel === 1 && layer.stride === 1;
  return {
    layer,
    filter: {
      weights: tf.tensor(weights, single ? given.shape.slice(2) : [...given.shape]),
      bias: tf.tensor1d(Float32Array.from(shift)),
    },
  };
}

/** Returns bias and normalization as one: y scale + shift. */
function affineOf(
  { name, channelsOut, bias, normalization }: NetworkLayer,
  parameters: Parameters,
): { scale: Float64Array; shift: Float64Array } {
  const of = (role: ParameterRole) => entryOf(parameters, `${name}.${role}`).data;
  const scale = new Float64Array(channelsOut).fill(1);
  const shift = Float64Array.from(bias ? of('bias') : new Float32Array(channelsOut));
  if (normalization) {
    const [gamma, beta, mean, variance] = [of('gamma'), of('beta'), of('mean'), of('variance')];
    for (let i = 0; i < channelsOut; i++) {
      scale[i] = gamma[i]! / Math.sqrt(variance[i]! + normalization.epsilon);
      shift[i] = (shift[i]! - mean[i]!) * scale[i]! + beta[i]!;
    }
  }
  return { scale, shift };
}
