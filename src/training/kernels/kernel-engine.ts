import { invalid } from '../../errors.js';
import { entryOf, lastOf } from '../../lookups.js';
import { createTrainingKernels, type TrainingKernels } from '../../kernels/training-kernels.js';
import { checkParameters, parameterShapes } from '../../models/parameters.js';
import type { Network } from '../../networks/network.js';
import { checkBatch } from '../check-batch.js';
import { checkState } from '../check-state.js';
import type { TrainingEngineOptions, EngineState, StepSettings, TrainingEngine } from '../engine.js';
import { backwardPass } from './backward-pass.js';
import { forwardPass, type Normalize } from './forward-pass.js';
import {
  channelGradients,
  type LayerTensors,
  layerTensors,
  type NamedArrays,
  namedArrays,
} from './layer-tensors.js';
import { gradientOfNormalization, normalizeByBatch, normalizeByHistory } from './normalize-features.js';
import { packFilters } from './pack-filters.js';
import { placeTraining, positionsOf } from './placement.js';
import { softmaxLoss } from './softmax-loss.js';
import { allocateTraining, type TrainingMemory } from './training-memory.js';
import { planTraining } from './training-plan.js';
import { updateAverage, updateParameters } from './update-parameters.js';

/**
 * Returns the bytes of memory that `createKernelEngine` needs for a network at its resolution.
 *
 * @example
 * kernelEngineBytes(cifarNetwork([34, 34, 45, 55, 66]), 64, false) / 2 ** 20; // about 300
 */
export function kernelEngineBytes(network: Network, batch: number, averaged: boolean): number {
  return placeTraining(planTraining(network), batch, averaged).bytes;
}

/**
 * Returns an engine that trains in float32 with kernels on WebAssembly, one thread.
 *
 * @param kernels by default those of the build for this machine
 * @throws RangeError where the parameters are not those of the network, or the memory cannot be had (nothing is
 * allocated then); what `new WebAssembly.Module` throws where WebAssembly or its SIMD is missing or forbidden
 */
export function createKernelEngine(
  options: TrainingEngineOptions,
  kernels = createTrainingKernels(),
): TrainingEngine {
  // all arrays over the memory are behind this one reference
  let held: Omit<TrainingEngine, 'dispose'> | undefined = createHeldEngine(options, kernels);
  const engine = () => {
    if (held === undefined) throw invalid('engine', 'disposed', 'one that has not been disposed');
    return held;
  };
  return {
    network: options.network,
    batch: options.batch,
    step: (...given) => engine().step(...given),
    evaluate: (...given) => engine().evaluate(...given),
    scores: (images) => engine().scores(images),
    parameters: () => engine().parameters(),
    gradients: () => engine().gradients(),
    state: () => engine().state(),
    restore: (state) => engine().restore(state),
    dispose: () => {
      held = undefined;
    },
  };
}

function createHeldEngine(
  { network, batch, parameters, averaged }: TrainingEngineOptions,
  kernels: TrainingKernels,
): Omit<TrainingEngine, 'dispose'> {
  checkParameters(network, parameters);
  const plan = planTraining(network);
  const placement = placeTraining(plan, batch, averaged);
  const memory = allocateTraining(kernels, plan, placement, batch);
  const current = layerTensors(memory, 'parameter', parameters);
  const average = averaged ? layerTensors(memory, 'average', parameters) : undefined;
  const gradients = namedArrays(memory, 'gradient');
  const own: Record<string, NamedArrays> = {
    value: current.all,
    first: namedArrays(memory, 'first'),
    second: namedArrays(memory, 'second'),
    ...(average && { average: average.all }),
  };
  let steps = 0;

  const scoresFor = (images: Float32Array, count: number) => {
    const tensors = average ?? current;
    packFilters(memory, average ? 'average' : 'parameter', false);
    return scoresOf(memory, images, count, false, (view, at) => {
      normalizeByHistory(view, tensors.channels[at]!);
    });
  };
  return {
    network,
    batch,
    step: (images, labels, settings) => {
      const count = checkBatch(network, batch, images, labels);
      const result = computeGradients(memory, { images, labels, count }, settings, current, gradients);
      updateParameters(memory, settings, ++steps);
      if (average) updateAverage(memory, average, current, settings.averageDecay);
      return result;
    },
    evaluate: (images, labels) => {
      const count = checkBatch(network, batch, images, labels);
      return softmaxLoss(scoresFor(images, count), rowsOf(memory, labels), 0);
    },
    scores: (images) => {
      const count = checkBatch(network, batch, images);
      const { row, classes } = rowsOf(memory, new Int32Array(0));
      const padded = scoresFor(images, count);
      const scores = new Float32Array(count * classes);
      for (let i = 0; i < count; i++) {
        scores.set(padded.subarray(i * row, i * row + classes), i * classes);
      }
      return scores;
    },
    parameters: () => {
      const { all } = average ?? current;
      return new Map(
        parameterShapes(network).map(({ name, shape }) => [
          name,
          { shape, data: entryOf(all, name).slice() },
        ]),
      );
    },
    gradients: () => new Map([...gradients].map(([name, data]) => [name, data.slice()])),
    state: () => {
      const tensors = Object.entries(own).flatMap(([role, arrays]) =>
        [...arrays].map(([name, data]) => [`${role}/${name}`, data.slice()] as const),
      );
      return { steps, tensors: new Map(tensors) };
    },
    restore: (state: EngineState) => {
      checkState(state, own);
      for (const [role, arrays] of Object.entries(own)) {
        for (const [name, data] of arrays) data.set(entryOf(state.tensors, `${role}/${name}`));
      }
      steps = state.steps;
    },
  };
}

interface Batch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
  readonly count: number;
}

/** Runs both passes, which compute every gradient and update the running statistics. */
function computeGradients(
  memory: TrainingMemory,
  { images, labels, count }: Batch,
  { labelSmoothing }: StepSettings,
  { channels }: LayerTensors,
  gradients: NamedArrays,
) {
  packFilters(memory, 'parameter', true);
  const scores = scoresOf(memory, images, count, true, (view, at) => {
    normalizeByBatch(view, channels[at]!, positionsOf(view.features, count));
  });
  // the scores are turned into their gradient in place
  const result = softmaxLoss(scores, rowsOf(memory, labels), labelSmoothing, scores);
  backwardPass(memory, count, (i) => {
    const view = memory.views[i]!;
    const { layer } = memory.plan.steps[i - 1]!;
    gradientOfNormalization(view, channelGradients(layer, gradients), positionsOf(view.features, count));
  });
  return result;
}

/** Returns the scores of images, in padded rows that will hold their gradient. */
function scoresOf(
  memory: TrainingMemory,
  images: Float32Array,
  count: number,
  measured: boolean,
  normalize: Normalize,
): Float32Array {
  const { kernels, views, placement, base } = memory;
  new Float32Array(kernels.memory.buffer, views[0]!.y, images.length).set(images);
  forwardPass(memory, count, measured, normalize);
  const output = lastOf(views);
  const { row } = output.features;
  const slot = base + placement.slots[placement.gradients.scores]!;
  kernels.readPositions(output.pointer, 0, count, row * 4, slot, row * 4);
  return new Float32Array(kernels.memory.buffer, slot, count * row);
}

function rowsOf({ views }: TrainingMemory, labels: Int32Array) {
  const { row, channels } = lastOf(views).features;
  return { row, classes: channels, labels };
}
