import { invalid } from '../errors.js';
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

/** What a parameter is in its layer; `mean` and `variance` are the normalization's running statistics. */
export type ParameterRole = 'weight' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance';

export interface ParameterShape {
  /** The layer's name and the role: `block1.expand.weight`. */
  readonly name: string;
  readonly layer: NetworkLayer;
  readonly role: ParameterRole;
  /**
   * Weights are [height, width, input channels, output channels], of a depthwise convolution [height, width, channels,
   * 1], of a linear layer [inputs, outputs], as TensorFlow has them; all others are [channels].
   */
  readonly shape: readonly number[];
}

/**
 * Returns the name and shape of every tensor of a network, in the order of the data's way.
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
 * Returns the parameters if they are those of the network: every name, no other, every shape.
 * @throws RangeError that lists all names and shapes that do not match
 */
export function checkParameters(network: Network, parameters: Parameters): Parameters {
  const expected = new Map(parameterShapes(network).map(({ name, shape }) => [name, shape]));
  const found = new Map([...parameters].map(([name, { shape }]) => [name, shape]));
  const problems = shapeMismatches(expected, found);
  for (const [name, { shape, data }] of parameters) {
    const length = sizeOf(shape);
    if (expected.has(name) && data.length !== length) {
      problems.push(`${name} has ${data.length} numbers, its shape [${shape.join(', ')}] ${length}`);
    }
  }
  if (problems.length > 0) throw mismatch(network.name, problems);
  return parameters;
}

type Shapes = ReadonlyMap<string, readonly number[]>;

/** Returns in words every name that is missing or not expected, and every shape that differs. */
export function shapeMismatches(expected: Shapes, found: Shapes): string[] {
  const problems: string[] = [];
  for (const [name, shape] of expected) {
    const other = found.get(name);
    if (!other) problems.push(`${name} is missing`);
    else if (other.join() !== shape.join()) {
      problems.push(`${name} has shape [${other.join(', ')}], expected [${shape.join(', ')}]`);
    }
  }
  for (const name of found.keys()) if (!expected.has(name)) problems.push(`${name} is not expected`);
  return problems;
}

/** Returns the error that lists all mismatches of a network's weights. */
export function mismatch(network: string, problems: readonly string[]): RangeError {
  const count = problems.length === 1 ? '1 mismatch' : `${problems.length} mismatches`;
  return invalid('weights', count, `the tensors of ${network}: ${problems.join('; ')}`);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function weightShape({ kind, kernel, channelsIn, channelsOut }: NetworkLayer): number[] | undefined {
  if (kind === 'convolution') return [kernel, kernel, channelsIn, channelsOut];
  if (kind === 'depthwise') return [kernel, kernel, channelsIn, 1];
  if (kind === 'linear') return [channelsIn, channelsOut];
  return undefined;
}
