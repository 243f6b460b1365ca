import { entryOf } from '../../lookups.js';
import type { StepSettings } from '../engine.js';
import type { LayerTensors } from './layer-tensors.js';
import type { TrainingMemory } from './training-memory.js';

/** Updates every parameter from its gradient; `steps` counts this one. Weights decay, all others do not. */
export function updateParameters(
  { kernels, placement, base }: TrainingMemory,
  settings: StepSettings,
  steps: number,
): void {
  const { learningRate, momentum, nesterov, beta1, beta2, epsilon } = settings;
  const { decayed, count } = placement;
  for (const [from, to, decay] of [
    [0, decayed, settings.weightDecay],
    [decayed, count, 0],
  ] as const) {
    const at = (vector: keyof typeof placement.vectors) => base + placement.vectors[vector] + from * 4;
    const [w, g, first, second] = [at('parameter'), at('gradient'), at('first'), at('second')];
    if (settings.optimiser === 'sgd') {
      kernels.descend(w, g, first, to - from, learningRate, momentum, decay, nesterov);
      continue;
    }
    const rate = learningRate / (1 - beta1 ** steps);
    const root = 1 / Math.sqrt(1 - beta2 ** steps);
    const keep = 1 - learningRate * decay;
    const betas = [beta1, 1 - beta1, beta2, 1 - beta2] as const;
    kernels.descendAdam(w, g, first, second, to - from, rate, ...betas, epsilon, keep, root);
  }
}

/** Moves the average towards the parameters and running statistics: decay average + (1 - decay) value. */
export function updateAverage(
  { kernels, placement, base }: TrainingMemory,
  average: LayerTensors,
  current: LayerTensors,
  decay: number,
): void {
  const { vectors, count } = placement;
  kernels.follow(base + vectors.average, base + vectors.parameter, count, 1 - decay);
  for (const [name, to] of average.all) {
    if (placement.parameters.has(name)) continue; // moved by the kernel
    const from = entryOf(current.all, name);
    to.forEach((value, c) => {
      to[c] = value + (1 - decay) * (from[c]! - value);
    });
  }
}
