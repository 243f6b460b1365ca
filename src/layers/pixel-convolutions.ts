import * as tf from '@tensorflow/tfjs-core';
import { kernelsProblem, KernelInstance } from '../spectrum/wasm/kernel-instance.js';
import type { ConvolutionParameters } from './layer.js';
import { EPSILON } from './normalization.js';
import { runningShare, type Normalization } from './protocol.js';

/** Convolutions with a window of one pixel whose weights lie packed in a memory of their own. */
export interface PixelConvolutions {
  /** Each with its bias, normalization and scale: [image, row, column, channel] to the same. */
  readonly convolve: readonly ((x: tf.Tensor4D) => tf.Tensor4D)[];
  /** Lets the next layer use the memory. */
  close(): void;
}

/** Memory above this is not kept for the next layer. */
const KEPT_BYTES = 256 * 2 ** 20;

/**
 * Opens convolutions with a window of one pixel, over tensors with at most `positions` pixels in all, on kernels of our
 * own that share tensors with the WebAssembly backend: the product takes less time than the backend's and, where the
 * kernels multiply and add in one operation, is rounded half as often; bias, normalization and scale follow in one pass.
 * Undefined where they do not run: on another backend, where the kernels do not start, or where the memory cannot be had.
 */
export function openPixelConvolutions(
  convolutions: readonly ConvolutionParameters[],
  normalization: Normalization,
  positions: number,
): PixelConvolutions | undefined {
  if (tf.getBackend() !== 'wasm' || !hasHeap(tf.backend()) || kernelsProblem() !== undefined)
    return undefined;
  const instance = idle.pop() ?? new KernelInstance();
  const places = layOut(instance, convolutions, positions);
  if (places === undefined) return undefined;
  const convolve = convolutions.map((convolution, i) => {
    const compute = open(instance, convolution, normalization, places, places.own[i]!);
    return (x: tf.Tensor4D) => {
      const shape = [...x.shape.slice(0, 3), convolution.shape.outputs];
      return tf.engine().runKernel(KERNEL, { x }, { shape, compute } as never) as tf.Tensor4D;
    };
  });
  return {
    convolve,
    close: () => {
      if (instance.heldBytes > KEPT_BYTES) instance.release();
      idle.push(instance);
    },
  };
}

/** Instances whose layer is done. */
const idle: KernelInstance[] = [];

type Compute = (x: Float32Array) => Float32Array;

/** Packs a convolution's numbers; what it returns computes it, into memory that the next computation overwrites. */
function open(
  instance: KernelInstance,
  { shape, weights, bias, scale }: ConvolutionParameters,
  normalization: Normalization,
  { x, panels, sums, y }: Places,
  own: OwnPlaces,
): Compute {
  const { inputs, outputs, depthwise } = shape;
  const { kernels } = instance;
  const share = runningShare(normalization);
  const padded = padTo(outputs, 8);
  const rowBytes = 4 * padded;
  if (depthwise) instance.float32(own.weights, outputs).set(weights);
  else {
    instance.float32(x, weights.length).set(weights);
    kernels.packWeights(x, inputs, outputs, own.weights);
  }
  const row = (index: number) => instance.float32(own.table + index * rowBytes, padded);
  row(0)
    .fill(0)
    .set(bias ?? []);
  row(1).fill(0); // mean
  row(2).fill(normalization === 'inference' ? Math.sqrt(1 + EPSILON) : 1);
  row(3)
    .fill(1)
    .set(scale ?? []);
  return (input) => {
    const pixels = input.length / inputs;
    instance.float32(x, input.length).set(input);
    if (depthwise) kernels.multiplyChannels(x, pixels, outputs, own.weights, sums, rowBytes);
    else kernels.mixChannels(x, pixels, inputs, own.weights, outputs, panels, sums);
    if (normalization === 'batch' || normalization === 'deviation') {
      kernels.measureChannels(sums, pixels, rowBytes, own.table, normalization === 'batch', EPSILON);
    } else if (share !== undefined) {
      kernels.measureChannels(sums, pixels, rowBytes, own.table, true, 0);
      run(row(1), row(2), pixels, share);
    }
    kernels.finishChannels(sums, pixels, outputs, rowBytes, own.table, y);
    return instance.float32(y, pixels * outputs);
  };
}

/** Makes running statistics of the batch's mean and deviation. */
function run(mean: Float32Array, deviation: Float32Array, count: number, share: number): void {
  const unbiased = (share * count) / Math.max(1, count - 1);
  for (let i = 0; i < mean.length; i++) {
    mean[i]! *= share;
    deviation[i] = Math.sqrt(1 - share + unbiased * deviation[i]! ** 2 + EPSILON);
  }
}

/** Byte offsets: the input, its panels, the sums and the output, which all convolutions use in turn. */
interface Places {
  readonly x: number;
  readonly panels: number;
  readonly sums: number;
  readonly y: number;
  readonly own: readonly OwnPlaces[];
}

/** Byte offsets of what each convolution has for itself: its weights, and its table of bias, mean, deviation, scale. */
interface OwnPlaces {
  readonly weights: number;
  readonly table: number;
}

/** Where everything lies, or undefined if the memory cannot be had. */
function layOut(
  instance: KernelInstance,
  convolutions: readonly ConvolutionParameters[],
  positions: number,
): Places | undefined {
  const shapes = convolutions.map(({ shape }) => shape);
  const most = (size: (shape: ConvolutionParameters['shape']) => number) =>
    4 * Math.max(0, ...shapes.map(size));
  const rows = padTo(positions, 6);
  const sizes = [
    most(({ inputs, outputs, depthwise }) => inputs * Math.max(positions, depthwise ? 1 : outputs)),
    most(({ inputs }) => rows * inputs),
    most(({ outputs }) => rows * padTo(outputs, 8)),
    most(({ outputs }) => positions * outputs),
    ...shapes.flatMap(({ inputs, outputs, depthwise }) => [
      4 * (depthwise ? 1 : inputs) * padTo(outputs, 8),
      4 * 4 * padTo(outputs, 8),
    ]),
  ];
  try {
    const [x, panels, sums, y, ...rest] = instance.layout(sizes, 'a layer') as [
      number,
      number,
      number,
      number,
    ];
    return {
      x,
      panels,
      sums,
      y,
      own: shapes.map((_, i) => ({ weights: rest[2 * i]!, table: rest[2 * i + 1]! })),
    };
  } catch {
    return undefined; // the backend computes it piece by piece
  }
}

const padTo = (size: number, multiple: number) => Math.ceil(size / multiple) * multiple;

const KERNEL = 'PixelConvolution';

/** What the WebAssembly backend offers to kernels. */
interface Heap {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
}

function hasHeap(backend: unknown): backend is Heap {
  const { makeOutput, typedArrayFromHeap } = backend as Partial<Heap>;
  return typeof makeOutput === 'function' && typeof typedArrayFromHeap === 'function';
}

tf.registerKernel({
  kernelName: KERNEL,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const heap = backend as Heap;
    const { shape, compute } = attrs as unknown as { shape: number[]; compute: Compute };
    // the output first: making it may move the heap
    const y = heap.makeOutput(shape, 'float32');
    heap.typedArrayFromHeap(y).set(compute(heap.typedArrayFromHeap(inputs['x'] as tf.TensorInfo)));
    return y;
  },
});
