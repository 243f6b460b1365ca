import * as tf from '@tensorflow/tfjs-core';
import { kernelsProblem, KernelInstance } from '../spectrum/wasm/kernel-instance.js';

/** A convolution with a window of one pixel: its weights, inputs x outputs, its bias, and what normalization divides by. */
export interface PixelConvolution {
  readonly weights: Float32Array;
  readonly bias: Float32Array | null;
  readonly inputs: number;
  readonly outputs: number;
  readonly divisor: number;
}

/** Convolutions of a layer whose weights lie packed in a memory of their own. */
export interface ChannelMixer {
  /** (x W + bias) / divisor for each convolution, in float32. */
  readonly mix: readonly ((x: tf.Tensor4D) => tf.Tensor4D)[];
  /** Lets the next layer use the memory. */
  close(): void;
}

/** Memory above this is not kept for the next layer. */
const KEPT_BYTES = 256 * 2 ** 20;

/**
 * Opens convolutions with a window of one pixel, over tensors with at most `positions` pixels in all, on kernels of our own
 * that share tensors with the WebAssembly backend: a third faster than its matrix product, with the bias and the
 * division in the same pass, and bit for bit the same. Undefined where they do not run: on another backend, where the
 * kernels do not start, or where the memory cannot be had.
 */
export function openChannelMixer(
  convolutions: readonly PixelConvolution[],
  positions: number,
): ChannelMixer | undefined {
  if (tf.getBackend() !== 'wasm' || !hasHeap(tf.backend()) || kernelsProblem() !== undefined)
    return undefined;
  const instance = idle.pop() ?? new KernelInstance();
  const places = layOut(instance, convolutions, positions);
  if (places === undefined) return undefined;
  const mix = convolutions.map(({ weights, bias, inputs, outputs, divisor }, i) => {
    const { x, panels, sums, y } = places;
    const own = places.filters[i]!;
    instance.float32(x, weights.length).set(weights);
    instance.kernels.packWeights(x, inputs, outputs, own.packed);
    const biases = instance.float32(own.bias, padTo(outputs, 8)).fill(0);
    if (bias) biases.set(bias);
    const compute = (input: Float32Array): Float32Array => {
      const pixels = input.length / inputs;
      instance.float32(x, input.length).set(input);
      const { packed } = own;
      const { kernels } = instance;
      kernels.mixChannels(x, pixels, inputs, packed, outputs, panels, sums, own.bias, divisor, y);
      return instance.float32(y, pixels * outputs);
    };
    return (tensor: tf.Tensor4D) => {
      const attributes = { shape: [...tensor.shape.slice(0, 3), outputs], compute };
      return tf.engine().runKernel(KERNEL, { x: tensor }, attributes as never) as tf.Tensor4D;
    };
  });
  return {
    mix,
    close: () => {
      if (instance.heldBytes > KEPT_BYTES) instance.release();
      idle.push(instance);
    },
  };
}

/** Instances whose layer is done. */
const idle: KernelInstance[] = [];

/** Where everything lies, or undefined if the memory cannot be had. */
function layOut(instance: KernelInstance, convolutions: readonly PixelConvolution[], positions: number) {
  const most = (size: (convolution: PixelConvolution) => number) =>
    4 * Math.max(0, ...convolutions.map(size));
  const rows = padTo(positions, 4);
  const sizes = [
    most(({ inputs, outputs }) => inputs * Math.max(positions, outputs)),
    most(({ inputs }) => rows * inputs),
    most(({ outputs }) => rows * padTo(outputs, 8)),
    most(({ outputs }) => positions * outputs),
    ...convolutions.flatMap(({ inputs, outputs }) => [4 * inputs * padTo(outputs, 8), 4 * padTo(outputs, 8)]),
  ];
  try {
    const [x, panels, sums, y, ...rest] = instance.layout(sizes, 'a layer') as [
      number,
      number,
      number,
      number,
    ];
    const filters = convolutions.map((_, i) => ({ packed: rest[2 * i]!, bias: rest[2 * i + 1]! }));
    return { x, panels, sums, y, filters };
  } catch {
    return undefined; // the backend computes it piece by piece
  }
}

const padTo = (size: number, multiple: number) => Math.ceil(size / multiple) * multiple;

const KERNEL = 'MixChannels';

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
    const { shape, compute } = attrs as unknown as {
      shape: number[];
      compute: (x: Float32Array) => Float32Array;
    };
    // the output first: making it may move the heap
    const y = heap.makeOutput(shape, 'float32');
    heap.typedArrayFromHeap(y).set(compute(heap.typedArrayFromHeap(inputs['x'] as tf.TensorInfo)));
    return y;
  },
});
