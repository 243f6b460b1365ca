import { invalid } from '../errors.js';
import { entryOf } from '../lookups.js';
import { checkMismatches, shapeMismatches } from './mismatches.js';
import type { NetworkLayer } from '../networks/network-layer.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';

/** A tensor as plain numbers, row-major. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The tensors of a network by their names; see {@link parameterShapes}. */
export type Parameters = ReadonlyMap<string, Parameter>;

/** The role of a parameter in its layer; `mean` and `variance` are the normalization's running statistics. */
export type ParameterRole = 'weight' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance';

export interface ParameterShape {
  /** The layer's name and the role: `block1.expand.weight`. */
  readonly name: string;
  readonly layer: NetworkLayer;
  readonly role: ParameterRole;
  /**
   * The shape of a parameter, as TensorFlow has it. Weights are [height, width, input channels, output channels], of a
   * depthwise convolution [height, width, channels, 1], of a linear layer [inputs, outputs]; all others are [channels].
   */
  readonly shape: readonly number[];
}

/**
 * Returns the name and shape of every tensor of a network, in forward order.
 *
 * @example
 * parameterShapes(networkNamed('rexnet-1.0'))[0]; // { name: 'stem.weight', shape: [3, 3, 3, 32], ... }
 */
export function parameterShapes(network: Network): ParameterShape[] {
  return networkLayers(network).flatMap(layerParameters);
}

/** Returns those of one layer; none for a layer without weights. */
export function layerParameters(layer: NetworkLayer): ParameterShape[] {
  const { name, bias, normalization, channelsOut } = layer;
  const weight = weightShape(layer);
  if (weight === undefined) return [];
  const roles: ParameterRole[] = [
    ...(bias ? (['bias'] as const) : []),
    ...(normalization ? (['gamma', 'beta', 'mean', 'variance'] as const) : []),
  ];
  return [
    { name: `${name}.weight`, layer, role: 'weight', shape: weight },
    ...roles.map((role) => ({ name: `${name}.${role}`, layer, role, shape: [channelsOut] })),
  ];
}

/**
 * Returns the parameters if they are those of the network. They have every name, no other, every shape, finite numbers
 * and no negative variance.
 * @throws RangeError that lists the names and shapes that do not match, or names the tensor with an invalid number
 */
export function checkParameters(network: Network, parameters: Parameters): Parameters {
  if (!(parameters instanceof Map)) throw invalid('weights', parameters, 'a Map of tensors by their names');
  const places = parameterShapes(network);
  const expected = new Map(places.map(({ name, shape }) => [name, shape]));
  const found = new Map([...parameters].map(([name, { shape }]) => [name, shape]));
  const mismatches = shapeMismatches(expected, found);
  for (const [name, { shape, data }] of parameters) {
    const length = sizeOf(shape);
    if (expected.has(name) && data.length !== length) {
      mismatches.shapes.push(`${name} has ${data.length} numbers, its shape [${shape.join(', ')}] ${length}`);
    }
  }
  checkMismatches(network.name, mismatches);
  for (const { name, role } of places) checkNumbers(name, role, entryOf(parameters, name).data);
  return parameters;
}

/**
 * Checks the numbers of a tensor; `name` is its name in the file.
 * @throws RangeError for a number that is not finite, or a negative variance
 */
export function checkNumbers(name: string, role: ParameterRole, data: Float32Array): void {
  const min = role === 'variance' ? 0 : -Infinity;
  const wrong = data.findIndex((value) => !(value >= min && Number.isFinite(value)));
  if (wrong < 0) return;
  const allowed = role === 'variance' ? 'finite numbers from 0, as variances are' : 'finite float32 numbers';
  throw invalid(`number of ${name}`, `${data[wrong]} at ${wrong}`, allowed);
}

/** Returns the number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function weightShape({ kind, kernel, channelsIn, channelsOut }: NetworkLayer): number[] | undefined {
  if (kind === 'convolution') return [kernel, kernel, channelsIn, channelsOut];
  if (kind === 'depthwise') return [kernel, kernel, channelsIn, 1];
  if (kind === 'linear') return [channelsIn, channelsOut];
  return undefined;
}
