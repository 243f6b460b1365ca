/**
 * Prints how much faster two processes train two networks than one after the other. Each trains alone, then both at
 * once, in turn. Wall time holds on a quiet machine with two cores; processor time shows what they take from each
 * other.
 *
 *   npx tsx bench/training/workers.bench.ts [ROUNDS [STEPS]]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cifarNetwork, drawParameters } from '../../src/networks.js';
import { createKernelEngine } from '../../src/training/kernels/kernel-engine.js';
import { processorTime } from './processor-time.js';

const BATCH = 64;
const [rounds = '5', steps = '4', role = ''] = process.argv.slice(2);

interface Times {
  readonly wall: number;
  readonly processor: number;
}

/** Takes so many steps for each line of standard input, and answers with their times. */
async function work() {
  const network = cifarNetwork([34, 34, 45, 55, 66], { resolution: 16, classes: 10 });
  const parameters = drawParameters(network);
  const engine = createKernelEngine({ network, batch: BATCH, parameters, averaged: false });
  const images = Float32Array.from({ length: BATCH * 16 * 16 * 3 }, (_, i) => 1.5 * Math.sin(1 + i * i));
  const labels = Int32Array.from({ length: BATCH }, (_, i) => i % 10);
  const step = () =>
    engine.step(images, labels, {
      ...{ optimiser: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
      ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, labelSmoothing: 0, averageDecay: 0 },
    });
  step();
  for await (const _ of createInterface(process.stdin)) {
    const [wall, processor] = [performance.now(), processorTime()];
    for (let i = 0; i < Number(steps); i++) step();
    console.log(JSON.stringify({ wall: performance.now() - wall, processor: processorTime() - processor }));
  }
}

function startWorker() {
  const child: ChildProcess = spawn(
    process.execPath,
    [...process.execArgv, __filename, rounds, steps, 'worker'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  return {
    run: async () => {
      child.stdin!.write('\n');
      return JSON.parse((await lines.next()).value as string) as Times;
    },
    end: async () => {
      child.stdin!.end();
      await once(child, 'exit');
    },
  };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function compare() {
  const workers = [startWorker(), startWorker()] as const;
  await Promise.all(workers.map((worker) => worker.run()));
  const ratios = { wall: [] as number[], processor: [] as number[] };
  for (let round = 0; round < Number(rounds); round++) {
    const alone = [await workers[0].run(), await workers[1].run()];
    const both = await Promise.all(workers.map((worker) => worker.run()));
    const sum = (times: readonly Times[], clock: keyof Times) =>
      times.reduce((total, time) => total + time[clock], 0);
    ratios.wall.push(sum(alone, 'wall') / Math.max(...both.map(({ wall }) => wall)));
    ratios.processor.push((2 * sum(alone, 'processor')) / sum(both, 'processor'));
  }
  await Promise.all(workers.map((worker) => worker.end()));
  for (const [clock, values] of Object.entries(ratios))
    console.log(
      `${clock} time: ${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`,
    );
}

void (role === 'worker' ? work() : compare());
