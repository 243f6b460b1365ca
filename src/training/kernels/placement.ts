import { roundUp } from '../../kernels/kernel-instance.js';
import { layerParameters, type ParameterShape, sizeOf } from '../../models/parameters.js';
import { featureBytes, type GradientPlan, planGradients } from './gradient-plan.js';
import type { PlannedFeatures, TrainingPlan, TrainingStep } from './training-plan.js';

/** The place of everything in the kernels' memory, as byte offsets from its start. */
export interface Placement {
  readonly gradients: GradientPlan;
  readonly features: readonly PlacedFeatures[];
  readonly steps: readonly PlacedStep[];
  /** By name; the vectors of the optimiser have the same layout, see `vectors`. */
  readonly parameters: ReadonlyMap<string, PlacedParameter>;
  /** Floats of all parameters; the first `decayed` are weights. */
  readonly count: number;
  readonly decayed: number;
  readonly vectors: Readonly<Record<ParameterVector, number>>;
  readonly slots: readonly number[];
  readonly work: number;
  /** Bytes in all. */
  readonly bytes: number;
}

/** The vectors kept for every parameter. */
export type ParameterVector = 'parameter' | 'gradient' | 'first' | 'second' | 'average';

/** The regions that `View` of `kernels/assembly/training/view.ts` names. */
export interface PlacedFeatures {
  readonly view: number;
  readonly y: number;
  readonly value: number;
  readonly slope: number;
  readonly table: number;
  readonly first: number;
  readonly sums: number;
  readonly gradientSums: number;
}

export interface PlacedStep {
  readonly window: number;
  readonly weights: number;
  readonly transposed: number;
  readonly weightGradient: number;
}

/** A trained tensor, `offset` bytes into each of the vectors. */
export interface PlacedParameter extends ParameterShape {
  readonly offset: number;
}

/** Returns the placement for a plan and images at a time; nothing is allocated. */
export function placeTraining(plan: TrainingPlan, batch: number, averaged: boolean): Placement {
  const gradients = planGradients(plan, batch);
  let top = 0;
  const take = (bytes: number) => {
    const at = top;
    top += roundUp(bytes);
    return at;
  };
  const { parameters, count, decayed } = placeParameters(plan.steps);
  const vectors = Object.fromEntries(
    (['parameter', 'gradient', 'first', 'second', 'average'] as const).map((name) => [
      name,
      take(name === 'average' && !averaged ? 0 : count * 4),
    ]),
  ) as Record<ParameterVector, number>;
  const features = plan.features.map((features): PlacedFeatures => {
    const row = features.row * 4;
    const whole = featureBytes(features, batch) + SPARE;
    const kept = features.clips ? 0 : whole;
    return {
      view: take(VIEW),
      table: take(5 * row + SPARE),
      first: take(row),
      sums: take(4 * row),
      gradientSums: take(4 * row),
      y: take(whole),
      value: take(kept),
      slope: take(kept),
    };
  });
  const steps = plan.steps.map((step): PlacedStep => {
    const { weights, transposed, gradient } = weightBytes(plan, step);
    return {
      window: take(WINDOW),
      weights: take(weights),
      transposed: take(transposed),
      weightGradient: take(gradient),
    };
  });
  const slots = gradients.slotBytes.map((bytes) => take(bytes + SPARE));
  const work = take(Math.max(...plan.steps.map((step) => workBytes(plan, step))) + SPARE);
  return { gradients, features, steps, parameters, count, decayed, vectors, slots, work, bytes: top };
}

/** The bytes that kernels may read or write past a region. */
const SPARE = 4096;
const VIEW = 64;
const WINDOW = 32;

/** Weights first: they alone decay. Each tensor begins at a whole vector. */
function placeParameters(steps: readonly TrainingStep[]) {
  const trained = steps
    .flatMap(({ layer }) => layerParameters(layer))
    .filter(({ role }) => role !== 'mean' && role !== 'variance');
  const isWeight = ({ role }: ParameterShape) => role === 'weight';
  const ordered = [...trained.filter(isWeight), ...trained.filter((one) => !isWeight(one))];
  let count = 0;
  let decayed = 0;
  const parameters = new Map<string, PlacedParameter>();
  for (const one of ordered) {
    parameters.set(one.name, { ...one, offset: count * 4 });
    count += Math.ceil(sizeOf(one.shape) / 4) * 4;
    if (isWeight(one)) decayed = count;
  }
  return { parameters, count, decayed };
}

const panels = (channels: number) => Math.ceil(channels / 8) * 8;

/** Packed weights for the kernels, and the gradient as they write it. */
function weightBytes({ features }: TrainingPlan, { layer, kind, inputs, output }: TrainingStep) {
  const x = features[inputs[0]]!;
  const y = features[output]!;
  if (kind === 'depthwise') {
    const bytes = layer.kernel ** 2 * y.row * 4;
    return { weights: bytes, transposed: 0, gradient: bytes };
  }
  if (kind !== 'product' && kind !== 'window') return { weights: 0, transposed: 0, gradient: 0 };
  const depth = layer.kernel ** 2 * x.channels;
  const transposed = inputs[0] === 0 ? 0 : panels(depth) * y.channels * 4;
  return { weights: depth * y.row * 4, transposed, gradient: Math.ceil(depth / 6) * 6 * y.row * 4 };
}

/** The work space of the kernels: chunks of positions, and planes. */
function workBytes({ features }: TrainingPlan, { layer, kind, inputs, output }: TrainingStep): number {
  const x = features[inputs[0]]!;
  const y = features[output]!;
  const { kernel, stride } = layer;
  if (kind === 'product') return 2 * chunkBytes(x.row, y.row) + 1024;
  if (kind === 'window') {
    const row = panels(kernel ** 2 * x.channels);
    const plane = (x.size + kernel - 1) ** 2 * x.channels * 4 + 256;
    return 2 * plane + 2 * chunkBytes(row, y.row) + 1024;
  }
  if (kind === 'depthwise') {
    const border = (kernel - 1) / 2;
    const plane = (size: number, beyond: number) => (size + 2 * beyond) ** 2 * 128 + 1024;
    return plane(x.size, border) + plane(y.size, Math.ceil(border / stride));
  }
  return 3 * x.row * 4;
}

/** One chunk of both sides; `positionsAtOnce` of view.ts. */
function chunkBytes(left: number, right: number): number {
  const positions = Math.max(24, Math.min(144, Math.floor(65536 / Math.max(left, right) / 6) * 6));
  return positions * (left + right + 6) * 4;
}

/** Returns the positions of some images. */
export function positionsOf({ size }: PlannedFeatures, images: number): number {
  return images * size * size;
}
