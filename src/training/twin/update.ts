import type { Vector } from './vector.js';
import type { StepSettings } from '../engine.js';

/** A trained tensor and the optimiser's moments of it. */
export interface TrainedTensor {
  readonly value: Vector;
  readonly first: Vector;
  readonly second: Vector;
}

/** One step of gradient descent with momentum, in place. g + decay w; v = momentum v + g; w -= rate v. */
export function updateByMomentum(
  { value, first }: TrainedTensor,
  gradient: Vector,
  { learningRate, momentum, nesterov }: StepSettings,
  decay: number,
): void {
  for (let i = 0; i < value.length; i++) {
    const g = gradient[i]! + decay * value[i]!;
    first[i] = momentum * first[i]! + g;
    value[i]! -= learningRate * (nesterov ? g + momentum * first[i]! : first[i]!);
  }
}

/** One step of AdamW, in place; `step` counts from 1. */
export function updateByAdam(
  { value, first, second }: TrainedTensor,
  gradient: Vector,
  { learningRate, beta1, beta2, epsilon }: StepSettings,
  decay: number,
  step: number,
): void {
  const firstShare = 1 - beta1 ** step;
  const secondShare = 1 - beta2 ** step;
  for (let i = 0; i < value.length; i++) {
    const g = gradient[i]!;
    value[i]! *= 1 - learningRate * decay;
    first[i] = beta1 * first[i]! + (1 - beta1) * g;
    second[i] = beta2 * second[i]! + (1 - beta2) * g * g;
    const root = Math.sqrt(second[i]! / secondShare) + epsilon;
    value[i]! -= (learningRate * first[i]!) / firstShare / root;
  }
}

/** Moves an average towards a value, in place: d average + (1 - d) value. */
export function updateAverage(average: Vector, value: Vector, d: number): void {
  for (let i = 0; i < value.length; i++) average[i] = d * average[i]! + (1 - d) * value[i]!;
}
