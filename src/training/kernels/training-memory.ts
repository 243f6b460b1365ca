import { growMemory } from '../../kernels/kernel-instance.js';
import type { TrainingKernels } from '../../kernels/training-kernels.js';
import { type PlacedFeatures, type Placement } from './placement.js';
import { clipOf, type PlannedFeatures, kernelOf, type TrainingPlan } from './training-plan.js';

/** A plan with its placement in the memory of kernels: the data of both passes. */
export interface TrainingMemory {
  readonly kernels: TrainingKernels;
  readonly plan: TrainingPlan;
  readonly placement: Placement;
  /** Offsets in the placement are from here on. */
  readonly base: number;
  /** By place among the features. */
  readonly views: readonly FeatureView[];
}

/** The places of features as pointers, and their tables as arrays. */
export interface FeatureView {
  readonly features: PlannedFeatures;
  readonly pointer: number;
  readonly y: number;
  /** Five rows: scale, shift, constant, slope, mean. */
  readonly table: Float32Array;
  readonly first: Float32Array;
  readonly sums: Float64Array;
  readonly gradientSums: Float64Array;
  /** 1 / sqrt(variance + epsilon) of the last batch, where the features are normalized. */
  readonly inverse: Float64Array;
  /** The fields of `View` that change from call to call. */
  readonly fresh: Int32Array;
  readonly gradient: Uint32Array;
}

/** One page: nothing lies at 0, and the kernels' constants lie below. */
const PAGE = 65536;

/**
 * Allocates everything and writes what never changes.
 * @throws RangeError naming the memory needed when it cannot be had
 */
export function allocateTraining(
  kernels: TrainingKernels,
  plan: TrainingPlan,
  placement: Placement,
  batch: number,
): TrainingMemory {
  const base = Math.max(PAGE, kernels.memory.buffer.byteLength);
  const purpose = `training ${plan.network.name} on ${batch} images of ${plan.network.resolution} pixels at a time`;
  growMemory(kernels.memory, base, placement.bytes, purpose);
  const { buffer } = kernels.memory;
  const views = plan.features.map((features, i) => writeView(buffer, base, features, placement.features[i]!));
  plan.steps.forEach(({ layer, inputs }, i) => {
    const { size } = plan.features[inputs[0]]!;
    const window = new Int32Array(buffer, base + placement.steps[i]!.window, 5);
    window.set([batch, size, size, layer.kernel, layer.stride]);
  });
  return { kernels, plan, placement, base, views };
}

function writeView(
  buffer: ArrayBufferLike,
  base: number,
  features: PlannedFeatures,
  placed: PlacedFeatures,
): FeatureView {
  const { row, channels, activation } = features;
  const { low, high } = clipOf(activation) ?? { low: 0, high: 0 };
  const at = (offset: number) => base + offset;
  const pointer = at(placed.view);
  const integers = new Int32Array(buffer, pointer, 14);
  integers.set([at(placed.y), row * 4, at(placed.table), channels, kernelOf(activation)]);
  new Float32Array(buffer, pointer, 14).set([low, high], 5);
  integers.set([at(placed.value), at(placed.slope), 0], 7);
  integers.set([at(placed.first), at(placed.sums), at(placed.gradientSums), 0], 10);
  const table = new Float32Array(buffer, at(placed.table), 5 * row);
  table.fill(1, 0, channels);
  return {
    features,
    pointer,
    y: at(placed.y),
    table,
    first: new Float32Array(buffer, at(placed.first), row),
    sums: new Float64Array(buffer, at(placed.sums), 2 * row),
    gradientSums: new Float64Array(buffer, at(placed.gradientSums), 2 * row),
    inverse: new Float64Array(channels),
    fresh: integers.subarray(9, 10),
    gradient: new Uint32Array(buffer, pointer + 13 * 4, 1),
  };
}
