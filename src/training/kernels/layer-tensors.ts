import { layerParameters } from '../../models/parameters.js';
import type { ChannelTensors } from './normalize-features.js';
import type { ParameterVector, PlacedParameter } from './placement.js';
import type { TrainingMemory } from './training-memory.js';

/** The numbers of every tensor, as arrays over the kernels' memory; running statistics are kept outside it. */
export interface TensorArrays {
  /** By name, for each vector. */
  readonly vectors: Readonly<Record<ParameterVector, ReadonlyMap<string, Float32Array>>>;
  /** `NAME.mean` and `NAME.variance`. */
  readonly statistics: ReadonlyMap<string, Float32Array>;
  /** By step: scale and shift, and their gradients. */
  readonly channels: readonly ChannelTensors[];
  readonly gradients: readonly Pick<ChannelTensors, 'bias' | 'gamma' | 'beta'>[];
}

/** Returns the arrays; all numbers are zero so far, save that the running variances are one. */
export function tensorArrays({ plan, placement, kernels, base }: TrainingMemory): TensorArrays {
  const arraysOf = (vector: ParameterVector) =>
    new Map(
      placement.parameters.map((one): [string, Float32Array] => [
        one.name,
        new Float32Array(
          kernels.memory.buffer,
          base + placement.vectors[vector] + one.offset,
          lengthOf(one),
        ),
      ]),
    );
  const vectors = {
    parameter: arraysOf('parameter'),
    gradient: arraysOf('gradient'),
    first: arraysOf('first'),
    second: arraysOf('second'),
    average: arraysOf('average'),
  };
  const statistics = new Map<string, Float32Array>();
  for (const { layer } of plan.steps) {
    for (const { name, role } of layerParameters(layer)) {
      if (role !== 'mean' && role !== 'variance') continue;
      statistics.set(name, new Float32Array(layer.channelsOut).fill(role === 'mean' ? 0 : 1));
    }
  }
  const trained = (vector: ParameterVector, name: string) => ({
    bias: vectors[vector].get(`${name}.bias`),
    gamma: vectors[vector].get(`${name}.gamma`),
    beta: vectors[vector].get(`${name}.beta`),
  });
  return {
    vectors,
    statistics,
    channels: plan.steps.map(({ layer: { name, channelsOut } }) => ({
      ...trained('parameter', name),
      mean: statistics.get(`${name}.mean`),
      variance: statistics.get(`${name}.variance`),
      inverse: new Float64Array(channelsOut),
    })),
    gradients: plan.steps.map(({ layer }) => trained('gradient', layer.name)),
  };
}

function lengthOf({ shape }: PlacedParameter): number {
  return shape.reduce((product, length) => product * length, 1);
}
