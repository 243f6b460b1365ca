/**
 * Prints the speed of training on one core. Images per second stand beside PyTorch's, measured in turn, and each
 * kernel's rate beside the processor's peak. Times are processor time, so that other work on the machine disturbs them
 * little.
 *
 *   OMP_NUM_THREADS=1 taskset -c 0 npx tsx bench/training/training.bench.ts [ROUNDS [PART OF A NAME]]
 *
 * PyTorch is looked for in `python3`, or in what the variable PYTHON names; without it only the kernels are timed.
 */
import {
  cifarNetwork,
  drawParameters,
  mobileNetV2,
  type Network,
  networkLayers,
} from '../../src/networks.js';
import { table3Searches } from '../../src/paper.js';
import { createKernelEngine } from '../../src/training/kernels/kernel-engine.js';
import type { StepSettings } from '../../src/training/engine.js';
import { peakGigaflops } from '../spectrum/peak.js';
import { kernelRates } from './kernel-rates.js';
import { processorTime } from './processor-time.js';
import { startTorch } from './torch.js';

const BATCH = 64;
const rounds = Number(process.argv[2] ?? 9);
const part = process.argv[3] ?? '';

const smooth = (network: Network): Network => ({
  ...network,
  stem: { ...network.stem, activation: 'silu' },
  blocks: network.blocks.map((block) => ({
    ...block,
    activations: { expand: 'silu', spatial: 'silu', project: 'linear' },
  })),
  head: { ...network.head, convolution: { ...network.head.convolution!, activation: 'silu' } },
});
const small = cifarNetwork([34, 34, 45, 55, 66], { resolution: 16 });
const [, ...searches] = table3Searches();
const cases: readonly (readonly [string, Network])[] = [
  ['(a), 16 pixels', small],
  ['(a), 16 pixels, SiLU', smooth(small)],
  ['(a), 32 pixels', cifarNetwork([34, 34, 45, 55, 66])],
  ['MobileNetV2 0.5, 64 pixels', mobileNetV2({ width: 0.5, resolution: 64, classes: 100 })],
  ...searches.map(
    ({ constraint, best }) => [`(${constraint}), 32 pixels`, cifarNetwork(best.channels)] as const,
  ),
];

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

function batchOf({ resolution, head }: Network) {
  return {
    images: Float32Array.from({ length: BATCH * resolution ** 2 * 3 }, (_, i) => 1.5 * Math.sin(1 + i * i)),
    labels: Int32Array.from({ length: BATCH }, (_, i) => (i * 7) % head.classes),
  };
}

const settings: StepSettings = {
  ...{ optimiser: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: false, weightDecay: 5e-4 },
  ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, labelSmoothing: 0, averageDecay: 0 },
};

async function compareNetworks() {
  const torch = startTorch<{ milliseconds: number }>(process.env['PYTHON'] ?? 'python3', 'torch_training.py');
  console.log('images/s                        ours    torch    ratio');
  for (const [name, network] of cases.filter(([name]) => name.includes(part))) {
    const parameters = drawParameters(network);
    const engine = createKernelEngine({ network, batch: BATCH, parameters, averaged: false });
    const { images, labels } = batchOf(network);
    const layers = networkLayers(network);
    let answers = (await torch.ask({ layers, resolution: network.resolution, batch: BATCH })) !== undefined;
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = -2; round < rounds; round++) {
      const start = processorTime();
      engine.step(images, labels, settings);
      const time = processorTime() - start;
      const answer = answers ? await torch.ask({ step: true }) : undefined;
      answers = answer !== undefined;
      if (round < 0) continue;
      ours.push(time);
      if (answer) theirs.push(answer.milliseconds);
    }
    const rate = (BATCH / median(ours)) * 1e3;
    const other = theirs.length > 0 ? (BATCH / median(theirs)) * 1e3 : NaN;
    const columns = [
      rate.toFixed(0).padStart(8),
      other.toFixed(0).padStart(8),
      (rate / other).toFixed(2).padStart(8),
    ];
    console.log(name.padEnd(28) + columns.join(' '));
    engine.dispose();
  }
  torch.end();
}

async function printKernels() {
  const peak = 2 * (await peakGigaflops());
  console.log(
    `\nkernels of ${small.name} at 16 pixels      ms  GFLOP/s  of the peak, ${peak.toFixed(0)} GFLOP/s`,
  );
  for (const [name, { flops, milliseconds }] of kernelRates(small, BATCH, rounds)) {
    const rate = flops / milliseconds / 1e6;
    const columns = flops > 0 ? [rate.toFixed(1).padStart(8), (rate / peak).toFixed(2).padStart(7)] : [];
    console.log([name.padEnd(34), milliseconds.toFixed(1).padStart(9), ...columns].join(' '));
  }
}

void compareNetworks().then(printKernels);
