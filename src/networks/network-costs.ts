import { invalid } from '../errors.js';
import type { Network } from './network.js';
import type { NetworkLayer } from './network-layer.js';
import { networkLayers } from './network-layers.js';

/** The costs of a layer or a network for one image. */
export interface Costs {
  /** Weights, biases, and the scale and shift of each normalization; not its running mean and variance. */
  readonly params: number;
  /**
   * Multiply-accumulates of convolutions and linear layers, those of squeeze-excitations included. Biases,
   * normalizations, activations, pooling, scaling and additions are not counted. Twice this is about the FLOPs.
   */
  readonly macs: number;
  /**
   * Operations that `macs` leaves out, one per element. They count each normalized element, each element put through an
   * activation other than `linear`, and each element pooled, scaled or added in a shortcut.
   */
  readonly elementwise: number;
}

/**
 * Returns the parameters and multiply-accumulates of a network, exactly, without building anything.
 *
 * @throws RangeError that names the layer, where a count exceeds the integers that a number holds exactly
 * @example
 * networkCosts(networkNamed('rexnet-1.0')); // { params: 4796873, macs: 398370392, elementwise: ... }
 */
export function networkCosts(network: Network): Costs {
  return layersCosts(networkLayers(network), network.name);
}

/**
 * Returns the exact total costs of layers.
 * @param name of the network they make up, for errors
 * @throws RangeError as {@link networkCosts}
 */
export function layersCosts(layers: readonly NetworkLayer[], name: string): Costs {
  const costs = sumCosts(layers);
  if (!isExact(costs)) throw inexact(layers, name, costs);
  return costs;
}

/** Returns the network if its costs are exact, and so all sizes of its layers. @throws RangeError as `networkCosts` */
export function checkCosts(network: Network): Network {
  networkCosts(network);
  return network;
}

/** Returns the costs without a check, for a search among networks that may be too large; exact to 2^53. */
export function countCosts(network: Network): Costs {
  return sumCosts(networkLayers(network));
}

function sumCosts(layers: readonly NetworkLayer[]): Costs {
  let params = 0;
  let macs = 0;
  let elementwise = 0;
  for (const layer of layers) {
    params += layerParams(layer);
    macs += layerMacs(layer);
    elementwise += layerElementwise(layer);
  }
  return { params, macs, elementwise };
}

/** Returns the costs of one layer of {@link networkLayers}. */
export function layerCosts(layer: NetworkLayer): Costs {
  return { params: layerParams(layer), macs: layerMacs(layer), elementwise: layerElementwise(layer) };
}

function isExact(costs: Costs): boolean {
  return Object.values(costs).every(Number.isSafeInteger);
}

/** Names the first layer that is too large, or the whole network if no single layer is. */
function inexact(layers: readonly NetworkLayer[], name: string, total: Costs): RangeError {
  const layer = layers.find((one) => !isExact(layerCosts(one)));
  const { params, macs } = layer ? layerCosts(layer) : total;
  const counts = `${params} parameters, ${macs} MACs`;
  const allowed = 'counts below 2^53, up to which they are exact';
  return layer
    ? invalid(`size of ${layer.name}`, counts, allowed)
    : invalid('size of network', `${name}: ${counts}`, allowed);
}

function layerParams(layer: NetworkLayer): number {
  const { channelsOut, bias, normalization } = layer;
  return weightsOf(layer) + (bias ? channelsOut : 0) + (normalization ? 2 * channelsOut : 0);
}

function layerMacs(layer: NetworkLayer): number {
  return weightsOf(layer) * positionsOf(layer.outputShape);
}

function layerElementwise(layer: NetworkLayer): number {
  const { kind, channelsOut, normalization, activation, inputShape, outputShape, inputChannels } = layer;
  const positions = positionsOf(outputShape);
  const normalized = (normalization ? 1 : 0) + (activation === 'linear' ? 0 : 1);
  const own =
    kind === 'pool'
      ? channelsOut * positionsOf(inputShape)
      : kind === 'add' || kind === 'multiply'
        ? combinedChannels(inputChannels) * positions
        : 0;
  return own + normalized * channelsOut * positions;
}

/** Channels that a sum or product combines: those of all inputs but the first. */
function combinedChannels([, ...others]: readonly number[]): number {
  return others.reduce((sum, channels) => sum + channels, 0);
}

/** The numbers in the filters: kernel x kernel x input channels of a group x output channels. */
function weightsOf({ kind, kernel, channelsIn, channelsOut, groups }: NetworkLayer): number {
  if (kind === 'pool' || kind === 'multiply' || kind === 'add') return 0;
  return kernel * kernel * (channelsIn / groups) * channelsOut;
}

function positionsOf(shape: NetworkLayer['outputShape']): number {
  return shape.length === 1 ? 1 : shape[1] * shape[2];
}
