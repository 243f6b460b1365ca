import { freemem, totalmem } from 'node:os';
import { invalid, unknown } from '../errors.js';
import { createTrainingKernels, trainingBuild } from '../kernels/training-kernels.js';
import { parameterShapes, sizeOf } from '../models/parameters.js';
import { networkLayers } from '../networks/network-layers.js';
import type { Network } from '../networks/network.js';
import type { CreateEngine, TrainingEngineOptions, TrainingEngine } from './engine.js';
import { createKernelEngine, kernelEngineBytes } from './kernels/kernel-engine.js';
import { prepareTensorGradients } from './tensors/prepare-tensor-gradients.js';
import { createTensorEngine } from './tensors/tensor-engine.js';
import { createTwinEngine } from './twin/twin-engine.js';

/**
 * The engines that train a network:
 * - `kernels`: float32 on WebAssembly, with fused multiply-add;
 * - `kernels-plain`: the same without it, on any processor: other last bits, slower;
 * - `twin`: plain float64, two hundred times slower, the reference;
 * - `tfjs`: the active tensor backend, which must have gradients, as `@tensorflow/tfjs-node` has.
 */
export type TrainingEngineName = 'kernels' | 'kernels-plain' | 'twin' | 'tfjs';

interface EngineKind {
  create: CreateEngine;
  bytes(network: Network, batch: number, averaged: boolean): number;
  readonly maxBytes: number;
}

const onKernels = { bytes: kernelEngineBytes, maxBytes: 2 ** 32 - 2 ** 24 };

const engines: Readonly<Record<TrainingEngineName, EngineKind>> = {
  kernels: {
    ...onKernels,
    create: (options) => createKernelEngine(options, createTrainingKernels('fused')),
  },
  'kernels-plain': {
    ...onKernels,
    create: (options) => createKernelEngine(options, createTrainingKernels('plain')),
  },
  twin: {
    create: createTwinEngine,
    bytes: (...given) => float64EngineBytes(40, ...given),
    maxBytes: Infinity,
  },
  tfjs: {
    create: createTensorEngine,
    bytes: (...given) => float64EngineBytes(48, ...given),
    maxBytes: Infinity,
  },
};

export const trainingEngineNames = Object.keys(engines) as readonly TrainingEngineName[];

/**
 * Returns the engine for a name on this machine. `kernels` means `kernels-plain` where there is no fused multiply-add;
 * `auto` means `kernels`, or the twin where WebAssembly is missing or forbidden.
 * @throws RangeError for an unknown name
 */
export function availableEngine(name: TrainingEngineName | 'auto'): TrainingEngineName {
  if (name !== 'auto' && !trainingEngineNames.includes(name))
    throw unknown('training engine', name, ['auto', ...trainingEngineNames]);
  if (name !== 'auto' && name !== 'kernels') return name;
  try {
    return trainingBuild() === 'fused' ? 'kernels' : plainKernels();
  } catch (cause) {
    if (name === 'auto') return 'twin';
    throw cause;
  }
}

/** @throws where WebAssembly is missing or forbidden */
function plainKernels(): TrainingEngineName {
  createTrainingKernels('plain');
  return 'kernels-plain';
}

/**
 * Checks that an engine runs here, and prepares it.
 * @throws RangeError for the kernels with fused multiply-add where that is missing, and for the engine `tfjs` on a tensor
 * backend without gradients
 */
export async function prepareEngine(name: TrainingEngineName): Promise<void> {
  if (name === 'tfjs') await prepareTensorGradients();
  if (name === 'kernels' && trainingBuild() !== 'fused')
    throw invalid('training engine', name, 'kernels-plain: this machine has no fused multiply-add');
}

/** Returns a new engine, once `prepareEngine` is done. @throws RangeError as the engine does */
export function createEngine(name: TrainingEngineName, options: TrainingEngineOptions): TrainingEngine {
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
  const { bytes, maxBytes } = engines[name];
  const limit = Math.min(maxBytes, Math.max(memory.free, memory.total / 2));
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

/**
 * Returns the bytes of an engine that keeps parameters in float64. Each has a value, two moments, a gradient, an
 * average.
 * @param perFeature of all arrays that are alive until the backward pass is done
 */
function float64EngineBytes(perFeature: number, network: Network, batch: number, averaged: boolean): number {
  const features = networkLayers(network).reduce((sum, { outputShape }) => sum + sizeOf(outputShape), 0);
  const parameters = parameterShapes(network).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return perFeature * batch * features + 8 * (averaged ? 5 : 4) * parameters;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
