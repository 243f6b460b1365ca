import { positionsOf } from './placement.js';
import type { FeatureView, TrainingMemory } from './training-memory.js';
import type { TrainingStep } from './training-plan.js';

/** Sets scale and shift of a layer's output; `at` is the place of its step. */
export type Normalize = (view: FeatureView, at: number) => void;

/**
 * Computes every step for the images in memory; if `measured`, with the sums for normalizations. `normalize` is called
 * behind each step.
 */
export function forwardPass(
  memory: TrainingMemory,
  images: number,
  measured: boolean,
  normalize: Normalize,
): void {
  for (const { fresh } of memory.views) fresh[0] = 1;
  memory.plan.steps.forEach((step, at) => {
    forwardStep(memory, step, at, images, measured);
    for (const input of step.inputs) memory.views[input]!.fresh[0] = 0;
    normalize(memory.views[step.output]!, at);
  });
}

function forwardStep(
  { kernels, placement, base, views }: TrainingMemory,
  step: TrainingStep,
  at: number,
  images: number,
  measured: boolean,
): void {
  const { layer, kind, inputs, output } = step;
  const x = views[inputs[0]]!;
  const y = views[output]!;
  const work = base + placement.work;
  const positions = positionsOf(x.features, images);
  const summed = measured && layer.normalization !== null;
  if (summed) y.sums.fill(0);
  if (kind === 'pool') return kernels.poolForward(x.pointer, images, positions / images, y.y, work);
  if (kind === 'scale' || kind === 'shortcut') {
    const second = views[inputs[1]]!.pointer;
    return kind === 'scale'
      ? kernels.scaleForward(x.pointer, second, images, positions / images, y.y, work)
      : kernels.shortcutForward(x.pointer, second, layer.channelsIn, positions, y.y, work);
  }
  const placed = placement.steps[at]!;
  const weights = base + placed.weights;
  if (kind === 'product') {
    return kernels.productForward(x.pointer, positions, weights, y.pointer, summed, work);
  }
  const window = base + placed.window;
  new Int32Array(kernels.memory.buffer, window, 1)[0] = images;
  const forward = kind === 'window' ? kernels.windowForward : kernels.depthwiseForward;
  forward(x.pointer, window, weights, y.pointer, summed, work);
}
