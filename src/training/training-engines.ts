import { freemem, totalmem } from 'node:os';
import { invalid } from '../errors.js';
import { createTrainingKernels } from '../kernels/training-kernels.js';
import { parameterShapes, sizeOf } from '../models/parameters.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import type { CreateEngine, EngineOptions, TrainingEngine } from './engine.js';
import { createKernelEngine, kernelEngineBytes } from './kernels/kernel-engine.js';
import { createTwinEngine } from './twin/twin-engine.js';

/** `kernels`: float32 on WebAssembly; `twin`: plain float64, two hundred times slower, the reference. */
export type TrainingEngineName = 'kernels' | 'twin';

export const trainingEngineNames: readonly TrainingEngineName[] = ['kernels', 'twin'];

const engines: Readonly<
  Record<
    TrainingEngineName,
    { create: CreateEngine; bytes(network: Network, batch: number, averaged: boolean): number; most: number }
  >
> = {
  kernels: { create: createKernelEngine, bytes: kernelEngineBytes, most: 2 ** 32 - 2 ** 24 },
  twin: { create: createTwinEngine, bytes: twinEngineBytes, most: Infinity },
};

/** Returns the engine that `auto` means here: the kernels, or the twin where WebAssembly is missing or forbidden. */
export function availableEngine(name: TrainingEngineName | 'auto'): TrainingEngineName {
  if (name !== 'auto') return name;
  try {
    createTrainingKernels();
    return 'kernels';
  } catch {
    return 'twin';
  }
}

/** Returns a new engine. @throws RangeError as the engine does */
export function createEngine(name: TrainingEngineName, options: EngineOptions): TrainingEngine {
  return engines[name].create(options);
}

/**
 * Checks that training fits the memory of this machine and that of WebAssembly, before any data is read.
 * @throws RangeError that says which batch would fit
 */
export function checkTrainingMemory(
  network: Network,
  batch: number,
  averaged: boolean,
  name: TrainingEngineName,
  memory = { total: totalmem(), free: freemem() },
): void {
  const { bytes, most } = engines[name];
  const limit = Math.min(most, Math.max(memory.free, memory.total / 2));
  if (bytes(network, batch, averaged) <= limit) return;
  const fits = largestFitting(batch, (one) => bytes(network, one, averaged) <= limit);
  const place = `${network.name} at ${network.resolution} pixels`;
  const needed = `${batch}, ${gigabytes(bytes(network, batch, averaged))}`;
  const room = `in ${gigabytes(limit)}`;
  if (fits < 2)
    throw invalid(
      'network',
      `${place}, ${gigabytes(bytes(network, 2, averaged))} for 2 images`,
      `one that trains ${room}, as at a lower resolution`,
    );
  throw invalid('batch', needed, `at most ${fits} for ${place}, ${room}`);
}

/** Returns the largest whole number from 1 below `batch` that fits, or 0. */
function largestFitting(batch: number, fits: (batch: number) => boolean): number {
  let [low, high] = [0, batch];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Each layer keeps three arrays forward and two backward; each parameter a value, two moments, a gradient, an average. */
function twinEngineBytes(network: Network, batch: number, averaged: boolean): number {
  const features = networkLayers(network).reduce((sum, { outputShape }) => sum + sizeOf(outputShape), 0);
  const parameters = parameterShapes(network).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return 8 * (5 * batch * features + (averaged ? 5 : 4) * parameters);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
