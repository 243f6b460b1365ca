import type { Network } from '../../src/networks.js';
import { createTrainingKernels, type TrainingKernels } from '../../src/kernels/training-kernels.js';
import { backwardPass } from '../../src/training/kernels/backward-pass.js';
import { forwardPass } from '../../src/training/kernels/forward-pass.js';
import { packFilters } from '../../src/training/kernels/pack-filters.js';
import { placeTraining } from '../../src/training/kernels/placement.js';
import { allocateTraining } from '../../src/training/kernels/training-memory.js';
import { planTraining } from '../../src/training/kernels/training-plan.js';
import { processorTime } from './processor-time.js';

/** Multiplications and additions of each kernel and its time, over the steps of one network. */
export function kernelRates(
  network: Network,
  batch: number,
  rounds: number,
): Map<string, { flops: number; milliseconds: number }> {
  const plan = planTraining(network);
  const placement = placeTraining(plan, batch, false);
  const calls: { name: string; milliseconds: number }[] = [];
  const timed = new Proxy(
    { ...createTrainingKernels() },
    {
      get: (kernels, name: keyof TrainingKernels) => {
        const kernel = kernels[name];
        if (typeof kernel !== 'function') return kernel;
        return (...given: never[]) => {
          const start = processorTime();
          (kernel as (...given: never[]) => void)(...given);
          calls.push({ name, milliseconds: processorTime() - start });
        };
      },
    },
  );
  const memory = allocateTraining(timed, plan, placement, batch);
  packFilters(memory, 'parameter', true);
  const rates = new Map<string, { flops: number; milliseconds: number }>();
  const kinds = ['product', 'window', 'depthwise'];
  for (let round = -2; round < rounds; round++) {
    calls.length = 0;
    forwardPass(memory, batch, true, () => undefined);
    backwardPass(memory, batch, () => undefined);
    if (round < 0) continue;
    for (const { name, milliseconds } of calls) {
      const rate = rates.get(name) ?? { flops: 0, milliseconds: 0 };
      rate.milliseconds += milliseconds / rounds;
      rates.set(name, rate);
    }
  }
  for (const { kind, layer, inputs, output } of plan.steps) {
    if (!kinds.includes(kind)) continue;
    const { size } = plan.features[output]!;
    const perOutput = layer.kernel ** 2 * (kind === 'depthwise' ? 1 : layer.channelsIn);
    const flops = 2 * batch * size ** 2 * layer.channelsOut * perOutput;
    rates.get(`${kind}Forward`)!.flops += flops;
    rates.get(`${kind}Backward`)!.flops += inputs[0] === 0 ? flops : 2 * flops;
  }
  return rates;
}
