import { expect } from 'vitest';
import type { Network } from '../../src/networks/network.js';
import type { TrainingEngine } from '../../src/training/engine.js';

/** The k-th sequence of kernels/fixtures/make_gradients.py. */
export function numbers(k: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, j) => {
    const i = j + 1 + 37 * k;
    return (((i % 10007) ** 2 * 31 + i * 7919) % 10007) / 10007 - 0.5;
  });
}

/** Returns a batch by a formula. */
export function batchOf({ resolution, inputChannels, head }: Network, count: number, k = 1000) {
  return {
    images: Float32Array.from(numbers(k, count * resolution ** 2 * inputChannels), (x) => 4 * x),
    labels: Int32Array.from({ length: count }, (_, i) => (i * 3) % head.classes),
  };
}

export const norm = (a: ArrayLike<number>) => Math.sqrt(Array.from(a).reduce((sum, x) => sum + x * x, 0));
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  norm(Array.from(a, (x, i) => x - b[i]!));

/** Gradients agree to 500 roundings: normalizations over a few positions enlarge them. Small ones count as a hundredth of the largest. */
export function expectGradients(ours: TrainingEngine, twin: TrainingEngine, most = 3e-5) {
  const [found, exact] = [ours.gradients(), twin.gradients()];
  expect([...found.keys()].sort()).toEqual([...exact.keys()].sort());
  const sizes = [...exact.values()].map(norm);
  for (const [name, gradient] of exact) {
    const apart = distance(found.get(name)!, gradient);
    expect(apart, name).toBeLessThanOrEqual(most * (norm(gradient) + Math.max(...sizes) / 100));
  }
}
