import { tf } from '../layers/tensors.js';
import { messageOf, missing } from '../errors.js';
import type { Network } from '../networks/network.js';
import { fillNormal } from '../random/distributions.js';
import { shuffled } from '../random/shuffled.js';
import { createStream } from '../random/stream.js';
import { checkWasmMemory } from './check-wasm-memory.js';
import { drawParameters } from './draw-parameters.js';
import { type LatencyOptions, resolveLatency } from './latency-options.js';
import { buildNetwork, type NetworkModel } from './network-model.js';
import { type Quartiles, quartiles } from '../statistics/quartiles.js';
import { runNetwork } from './run-network.js';

/** The run times of a network, in milliseconds for a batch. */
export interface Latency extends Quartiles {
  readonly network: Network;
  /** Images per run. */
  readonly batch: number;
  /** The timed runs in the order they were made. */
  readonly samples: readonly number[];
}

/**
 * Returns the time of every run of each network, with median and quartiles, in milliseconds for a batch. A run goes
 * from images in the memory of the active tensor backend to scores that are back. Weights and images are random, which
 * does not change the work. All networks are built first; then each is run once a round, in an order drawn anew for
 * every round, so that whatever else the machine does meets all of them alike.
 *
 * @throws RangeError for no networks, a batch or number of runs below 1, a warm-up below 0; Error, with the cause, for
 * a network that does not run, as one for which the backend has not enough memory
 * @example
 * await useBackend('wasm');
 * const [latency] = await measureLatency([networkNamed('rexnet-1.0')]);
 * console.log(latency.median);
 */
export async function measureLatency(
  networks: readonly Network[],
  options: LatencyOptions = {},
): Promise<Latency[]> {
  const { batch, runs, warmUp, seed } = resolveLatency(options);
  const { now = () => performance.now(), onRun, signal } = options;
  if (networks.length === 0) throw missing('networks', networks, 'latency needs at least one');
  if (tf.getBackend() === 'wasm') for (const network of networks) checkWasmMemory(network, batch);
  const trials: LatencyTrial[] = [];
  try {
    for (const network of networks) trials.push(attempt(network, () => build(network, batch, seed)));
    const order = createStream(seed, 'latency/order');
    for (let round = 0; round < warmUp + runs && !signal?.aborted; round++) {
      for (const [place, trial] of shuffled(trials, order).entries()) {
        const milliseconds = await attempt(trial.model.network, () => timed(trial, now));
        if (round >= warmUp) trial.samples.push(milliseconds);
        onRun?.(round * trials.length + place + 1, (warmUp + runs) * trials.length);
        await new Promise((resolve) => setImmediate(resolve)); // lets a signal or a timer in
        if (signal?.aborted) break;
      }
    }
  } catch (error) {
    try {
      dispose(trials);
    } catch {
      // a backend that failed may fail at this too; the first failure is the one to tell of
    }
    throw error;
  }
  dispose(trials);
  const whole = Math.min(...trials.map(({ samples }) => samples.length));
  if (whole === 0) return [];
  return trials.map(({ model, ...trial }) => {
    const samples = trial.samples.slice(0, whole);
    return { network: model.network, batch, ...quartiles(samples), samples };
  });
}

interface LatencyTrial {
  readonly model: NetworkModel;
  readonly images: tf.Tensor4D;
  readonly samples: number[];
}

function build(network: Network, batch: number, seed: number): LatencyTrial {
  const { resolution, inputChannels } = network;
  const shape = [batch, resolution, resolution, inputChannels] as [number, number, number, number];
  const pixels = new Float32Array(shape.reduce((size, length) => size * length, 1));
  fillNormal(createStream(seed, 'latency/images'), pixels);
  const model = buildNetwork(network, drawParameters(network, { seed }));
  try {
    return { model, images: tf.tensor4d(pixels, shape), samples: [] };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function dispose(trials: readonly LatencyTrial[]): void {
  for (const { model, images } of trials) {
    model.dispose();
    images.dispose();
  }
}

async function timed({ model, images }: LatencyTrial, now: () => number): Promise<number> {
  const begin = now();
  const scores = runNetwork(model, images);
  await scores.data(); // some backends only begin to work when they are asked for the result
  const end = now();
  scores.dispose();
  return end - begin;
}

/** Runs the job; its errors become errors that name the network. */
function attempt<T>(network: Network, job: () => T): T {
  const fail = (cause: unknown): never => {
    const reason = messageOf(cause);
    throw new Error(`${network.name} does not run at ${network.resolution} pixels: ${reason}`, { cause });
  };
  try {
    const result = job();
    return result instanceof Promise ? (result.catch(fail) as T) : result;
  } catch (cause) {
    return fail(cause);
  }
}
