import { invalid } from '../../errors.js';
import { ADDRESSABLE_BYTES, mebibytes } from '../../kernels/kernel-instance.js';
import { trainingKernels } from '../../kernels/training-kernels.js';
import { type Parameters, checkParameters } from '../../models/parameters.js';
import type { Network } from '../../networks/network.js';
import { backwardPass } from './backward-pass.js';
import { forwardPass } from './forward-pass.js';
import { type TensorArrays, tensorArrays } from './layer-tensors.js';
import { gradientOfNormalization, normalizeByBatch, normalizeByHistory } from './normalize-features.js';
import { packFilters } from './pack-filters.js';
import { placeTraining, positionsOf } from './placement.js';
import { type LossSum, softmaxLoss } from './softmax-loss.js';
import { allocateTraining, type TrainingMemory } from './training-memory.js';
import { planTraining } from './training-plan.js';

export interface KernelEngine {
  readonly memory: TrainingMemory;
  readonly arrays: TensorArrays;
  gradients(images: Float32Array, labels: Int32Array, smoothing: number): LossSum;
  evaluate(images: Float32Array, labels: Int32Array): LossSum;
}

/** Returns the bytes that training takes with so many images at a time. */
export function trainingMemory(network: Network, batch: number): number {
  return placeTraining(planTraining(network), batch).bytes;
}

export async function createKernelEngine(
  network: Network,
  { parameters, batch }: { parameters: Parameters; batch: number },
): Promise<KernelEngine> {
  checkParameters(network, parameters);
  const plan = planTraining(network);
  const placement = placeTraining(plan, batch);
  const memory = allocateTraining(await trainingKernels(), plan, placement, batch);
  const arrays = tensorArrays(memory);
  for (const [name, { data }] of parameters) {
    (arrays.statistics.get(name) ?? arrays.vectors.parameter.get(name)!).set(data);
  }
  const size = network.resolution ** 2 * network.inputChannels;
  const { kernels, views, base } = memory;
  const classes = network.head.classes;
  const last = plan.features.length - 1;
  const output = views[last]!;
  const row = output.features.row;

  const load = (images: Float32Array, count: number) => {
    new Float32Array(kernels.memory.buffer, views[0]!.y, count * size).set(images);
  };
  // the scores are turned into their gradient in place
  const slot = base + placement.slots[placement.gradients.scores]!;
  const scoresOf = (count: number) => {
    kernels.readPositions(output.pointer, 0, count, row * 4, slot, row * 4);
    return new Float32Array(kernels.memory.buffer, slot, count * row);
  };
  return {
    memory,
    arrays,
    gradients(images, labels, smoothing) {
      const count = labels.length;
      load(images, count);
      packFilters(memory, true);
      forwardPass(memory, count, true, (step, at) => {
        const view = views[step.output]!;
        normalizeByBatch(view, step.layer, arrays.channels[at]!, positionsOf(view.features, count));
      });
      const scores = scoresOf(count);
      const sum = softmaxLoss(scores, { row, classes, labels }, smoothing, scores);
      backwardPass(memory, count, (i) => {
        const view = views[i]!;
        const { layer } = plan.steps[i - 1]!;
        const positions = positionsOf(view.features, count);
        gradientOfNormalization(view, layer, arrays.channels[i - 1]!, arrays.gradients[i - 1]!, positions);
      });
      return { loss: sum.loss / count, correct: sum.correct };
    },
    evaluate(images, labels) {
      let loss = 0;
      let correct = 0;
      packFilters(memory, false);
      for (let from = 0; from < labels.length; from += batch) {
        const some = labels.subarray(from, from + batch);
        load(images.subarray(from * size, (from + some.length) * size), some.length);
        forwardPass(memory, some.length, false, (step, at) => {
          normalizeByHistory(views[step.output]!, step.layer, arrays.channels[at]!);
        });
        const sum = softmaxLoss(scoresOf(some.length), { row, classes, labels: some }, 0);
        loss += sum.loss;
        correct += sum.correct;
      }
      return { loss: loss / labels.length, correct };
    },
  };
}
void invalid;
void ADDRESSABLE_BYTES;
void mebibytes;
