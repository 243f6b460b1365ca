import { entryOf } from '../../lookups.js';
import { layerParameters, type Parameters, sizeOf } from '../../models/parameters.js';
import type { ChannelTensors } from './normalize-features.js';
import type { ParameterVector } from './placement.js';
import type { TrainingMemory } from './training-memory.js';

/** Numbers by parameter name. */
export type NamedArrays = ReadonlyMap<string, Float32Array>;

/** A network's tensors: those that are trained, as arrays over the kernels' memory, and running statistics. */
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
    placement.parameters.map(({ name, shape, offset }) => [
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
  const channels = steps.map(({ layer: { name, channelsOut } }) => ({
    bias: all.get(`${name}.bias`),
    gamma: all.get(`${name}.gamma`),
    beta: all.get(`${name}.beta`),
    mean: all.get(`${name}.mean`),
    variance: all.get(`${name}.variance`),
    inverse: new Float64Array(channelsOut),
  }));
  return { all, channels };
}
