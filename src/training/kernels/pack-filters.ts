import type { TrainingMemory } from './training-memory.js';

/**
 * Packs the weights of every step as the kernels read them. The backward pass has its own, packed if it is to follow.
 */
export function packFilters(
  { kernels, plan, placement, base }: TrainingMemory,
  vector: 'parameter' | 'average',
  backward: boolean,
): void {
  const parameters = base + placement.vectors[vector];
  plan.steps.forEach(({ layer, kind, inputs }, i) => {
    const weights = placement.parameters.get(`${layer.name}.weight`);
    if (weights === undefined) return;
    const from = parameters + weights.offset;
    const { kernel, channelsOut } = layer;
    const placed = placement.steps[i]!;
    const to = base + placed.weights;
    if (kind === 'depthwise') {
      const bytes = channelsOut * 4;
      kernels.copyRows(from, bytes, kernel ** 2, bytes, to, Math.ceil(channelsOut / 8) * 32);
      return;
    }
    const depth = kernel ** 2 * plan.features[inputs[0]]!.channels;
    kernels.packWeights(from, depth, channelsOut, to);
    if (backward && inputs[0] !== 0)
      kernels.packTransposed(from, depth, channelsOut, base + placed.transposed);
  });
}
