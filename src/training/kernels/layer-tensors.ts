import { entryOf } from '../../lookups.js';
import { layerParameters, type ParameterRole, type Parameters, sizeOf } from '../../models/parameters.js';
import type { NetworkLayer } from '../../networks/network-layer.js';
import type { ChannelGradients, ChannelTensors } from './normalize-features.js';
import type { ParameterVector } from './placement.js';
import type { TrainingMemory } from './training-memory.js';

/** Numbers by parameter name. */
export type NamedArrays = ReadonlyMap<string, Float32Array>;

/** A network's tensors: the trained ones, as arrays over the kernels' memory, and the running statistics. */
export interface LayerTensors {
  readonly all: NamedArrays;
  /** By step. */
  readonly channels: readonly ChannelTensors[];
}

/** Returns one of the vectors by parameter name, as arrays over the kernels' memory. */
export function namedArrays(
  { placement, kernels, base }: TrainingMemory,
  vector: ParameterVector,
): NamedArrays {
  const start = base + placement.vectors[vector];
  return new Map(
    Array.from(placement.parameters, ([name, { shape, offset }]) => [
      name,
      new Float32Array(kernels.memory.buffer, start + offset, sizeOf(shape)),
    ]),
  );
}

/** Returns the tensors of a vector, with the numbers of `parameters` written to it. */
export function layerTensors(
  memory: TrainingMemory,
  vector: 'parameter' | 'average',
  parameters: Parameters,
): LayerTensors {
  const all = new Map(namedArrays(memory, vector));
  const { steps } = memory.plan;
  for (const { layer } of steps) {
    for (const { name, role } of layerParameters(layer)) {
      if (role === 'mean' || role === 'variance') all.set(name, new Float32Array(layer.channelsOut));
      entryOf(all, name).set(entryOf(parameters, name).data);
    }
  }
  return { all, channels: steps.map(({ layer }) => channelTensors(layer, all)) };
}

function channelTensors({ name, bias, normalization }: NetworkLayer, all: NamedArrays): ChannelTensors {
  const of = (role: ParameterRole) => entryOf(all, `${name}.${role}`);
  return {
    bias: bias ? of('bias') : null,
    normalization: normalization && {
      epsilon: normalization.epsilon,
      ...{ gamma: of('gamma'), beta: of('beta'), mean: of('mean'), variance: of('variance') },
    },
  };
}

/** Returns the gradients of a layer's scale and shift, among those of all parameters. */
export function channelGradients(
  { name, bias, normalization }: NetworkLayer,
  gradients: NamedArrays,
): ChannelGradients {
  const of = (role: ParameterRole) => entryOf(gradients, `${name}.${role}`);
  return {
    bias: bias ? of('bias') : null,
    normalization: normalization && { gamma: of('gamma'), beta: of('beta') },
  };
}
