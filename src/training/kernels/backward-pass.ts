import { entryOf } from '../../lookups.js';
import type { ConvolutionAction, StepAction } from './gradient-plan.js';
import { positionsOf } from './placement.js';
import type { FeatureView, TrainingMemory } from './training-memory.js';

/**
 * Computes all gradients from that of the scores, which lies in its slot. `normalize` is called for features whose
 * gradient is complete and summed; earlier steps read its result.
 */
export function backwardPass(
  memory: TrainingMemory,
  images: number,
  normalize: (features: number) => void,
): void {
  const { kernels, placement, views, base } = memory;
  const slotAt = (slot: number) => base + placement.slots[slot]!;
  for (const action of placement.gradients.actions) {
    if ('step' in action) {
      backwardStep(memory, action, images, slotAt);
      if (action.measured) normalize(action.step.inputs[0]);
      continue;
    }
    const view = views[action.features]!;
    const { row } = view.features;
    const positions = positionsOf(view.features, images);
    const slot = slotAt(action.slot);
    if (action.kind === 'clear') {
      new Float32Array(kernels.memory.buffer, slot, positions * row).fill(0);
    } else if (action.kind === 'add') {
      const { from } = action;
      kernels.addPositions(slotAt(from.slot), from.row * 4, from.channels, slot, row * 4, positions);
    } else if (action.kind === 'sum') {
      prepare(view, slot, true);
      kernels.sumGradients(view.pointer, 0, positions, 0, row * 4);
      normalize(action.features);
    } else {
      prepare(view, slot, false);
      kernels.gradientPositions(view.pointer, 0, positions, slotAt(action.target));
    }
  }
}

/** Points features to their gradient; sums that will be taken begin at zero. */
function prepare({ gradient, gradientSums }: FeatureView, slot: number, measured: boolean): void {
  gradient[0] = slot;
  if (measured) gradientSums.fill(0);
}

function backwardStep(
  memory: TrainingMemory,
  action: StepAction,
  images: number,
  slotAt: (slot: number) => number,
): void {
  const { kernels, placement, base, views } = memory;
  const { step, gradient, target, measured } = action;
  const x = views[step.inputs[0]]!;
  const y = views[step.output]!;
  prepare(y, slotAt(gradient), false);
  prepare(x, target === null ? 0 : slotAt(target), measured);
  const pixels = positionsOf(x.features, 1);
  if (action.kind === 'pool') {
    kernels.poolBackward(y.pointer, images, pixels, x.pointer, action.added, measured);
  } else if (action.kind === 'scale') {
    const second = views[action.step.inputs[1]]!;
    prepare(second, slotAt(action.second), false);
    const work = base + placement.work;
    kernels.scaleBackward(x.pointer, second.pointer, images, pixels, y.pointer, work);
  } else backwardConvolution(memory, action, images * pixels, slotAt);
}

/** Computes the gradients of a convolution's input and weights. */
function backwardConvolution(
  { kernels, placement, base, views, plan }: TrainingMemory,
  { step, other, measured }: ConvolutionAction,
  positions: number,
  slotAt: (slot: number) => number,
): void {
  const { kind, layer } = step;
  const x = views[step.inputs[0]]!;
  const y = views[step.output]!;
  const placed = placement.steps[plan.steps.indexOf(step)]!;
  const weightGradient = base + placed.weightGradient;
  const rest = other ? ([slotAt(other.slot), other.row * 4, other.channels] as const) : ([0, 0, 0] as const);
  const rows = layer.kernel ** 2 * (kind === 'depthwise' ? 1 : x.features.channels);
  const padded = kind === 'depthwise' ? rows : Math.ceil(rows / 6) * 6;
  const { row } = y.features;
  new Float32Array(kernels.memory.buffer, weightGradient, padded * row).fill(0);
  const pass = {
    product: kernels.productBackward,
    window: kernels.windowBackward,
    depthwise: kernels.depthwiseBackward,
  }[kind];
  const window = kind === 'product' ? positions : base + placed.window;
  const weights = base + (kind === 'depthwise' ? placed.weights : placed.transposed);
  const work = base + placement.work;
  pass(x.pointer, window, weights, y.pointer, weightGradient, ...rest, measured, work);
  const { channelsOut, name } = layer;
  const { offset } = entryOf(placement.parameters, `${name}.weight`);
  const target = base + placement.vectors.gradient + offset;
  kernels.copyRows(weightGradient, row * 4, rows, channelsOut * 4, target, channelsOut * 4);
}
