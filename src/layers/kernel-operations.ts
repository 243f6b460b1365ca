import { tf } from './tensors.js';
import { kernelsProblem, KernelInstance } from '../kernels/kernel-instance.js';
import { activationDefinitions, activationNames } from '../activations/definitions.js';
import { activations, type Activation } from './activations.js';
import type { LayerOperations } from './layer-operations.js';
import type { ConvolutionParameters, Layer } from './layer.js';
import { EPSILON } from './normalization.js';
import type { ChannelNormalization } from './read-normalization.js';
import {
  activateTensor,
  addTensors,
  openTensorConvolution,
  within,
  type TensorConvolution,
} from './tensor-operations.js';

/** A tensor [image, row, column, channel] in the kernels' memory. */
export interface Held {
  /** Byte offset. */
  readonly at: number;
  readonly shape: TensorShape;
}

type TensorShape = tf.Tensor4D['shape'];

/** Memory above this is freed instead of kept for the next layer. */
const KEPT_BYTES = 256 * 2 ** 20;

/**
 * Loads a layer into rankscope's own kernels. They compute convolutions with a window of one pixel, the built-in
 * activations (except GELU) and the shortcut faster than the WebAssembly backend. That backend computes the rest:
 * larger windows and a user's own activations.
 *
 * Undefined if another backend is active, the kernels do not start, or the memory is not available.
 */
export function openKernelOperations(layer: Layer): LayerOperations<Held> | undefined {
  if (tf.getBackend() !== 'wasm' || kernelsProblem() !== undefined) return undefined;
  const instance = idle.pop() ?? new KernelInstance();
  const places = layOut(instance, layer);
  if (places === undefined) {
    idle.push(instance);
    return undefined;
  }
  const { protocol, normalization, sizes } = layer;
  const { work } = places;

  const valuesOf = ({ at, shape }: Held) => instance.float32(at, sizeOf(shape));
  const hold = (values: Float32Array, at: number, shape: TensorShape): Held => {
    instance.float32(at, values.length).set(values);
    return { at, shape };
  };
  const onBackend = (compute: (...x: tf.Tensor4D[]) => tf.Tensor4D, ...given: Held[]) =>
    within(() => {
      const y = compute(...given.map((x) => tf.tensor4d(valuesOf(x).slice(), x.shape)));
      return hold(y.dataSync<'float32'>(), work, y.shape);
    });

  const lent: TensorConvolution[] = [];
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    if (instance.heldBytes > KEPT_BYTES) instance.release();
    idle.push(instance);
    lent.forEach((convolution) => convolution.close());
  };

  const open = (convolution: ConvolutionParameters, i: number) => {
    if (convolution.shape.window > 1) {
      const opened = openTensorConvolution(convolution, layer);
      lent.push(opened);
      return (x: Held) => onBackend(opened.convolve, x);
    }
    const compute = openConvolution(instance, convolution, normalization, places, places.own[i]!);
    const { outputs } = convolution.shape;
    return ({ at, shape: [images, height, width] }: Held): Held => {
      compute(at, images * height * width);
      return { at: work, shape: [images, height, width, outputs] };
    };
  };
  let convolve: ReturnType<typeof open>[];
  try {
    convolve = layer.convolutions.map(open);
  } catch (cause) {
    close();
    throw cause;
  }
  const side = protocol.spatial;
  const input = hold(layer.input, places.input, [sizes.images, side, side, sizes.dIn]);
  return {
    input,
    convolve,
    activate: (x, activation) => {
      const which = kernelOf.get(activation);
      if (which === undefined) return onBackend((tensor) => activateTensor(tensor, activation), x);
      instance.kernels.activate(x.at, work, sizeOf(x.shape), which);
      return { at: work, shape: x.shape };
    },
    addShortcut: (y) => {
      const [images, height, width, channels] = y.shape;
      if (height < side) return onBackend(addTensors, input, y);
      const sum = y.at === work ? y : hold(valuesOf(y), work, y.shape);
      instance.kernels.addChannels(input.at, sizes.dIn, work, channels, images * height * width);
      return sum;
    },
    read: (y, count) => {
      const columns = y.shape[3];
      return { data: valuesOf(y).slice(0, count * columns), rows: count, columns };
    },
    keep: (compute) => {
      const y = compute();
      return hold(valuesOf(y), places.kept, y.shape);
    },
    within: (compute) => compute(),
    close,
  };
}

/** Instances whose layer is finished. */
const idle: KernelInstance[] = [];

/** The kernels' number of an activation: its index among the definitions. */
const kernelOf: ReadonlyMap<Activation, number> = new Map(
  activationNames.flatMap((name, i) =>
    activationDefinitions[name].kernel === null ? [] : [[activations[name], i]],
  ),
);

/**
 * Packs a convolution's weights and table; the returned function computes `pixels` of x at a byte offset into `work`.
 */
function openConvolution(
  instance: KernelInstance,
  { shape, weights, bias, scale, shift }: ConvolutionParameters,
  normalization: ChannelNormalization,
  { work, panels, sums }: Places,
  own: OwnPlaces,
): (at: number, pixels: number) => void {
  const { inputs, outputs, depthwise } = shape;
  const { kernels } = instance;
  const { name } = normalization;
  const padded = padTo(outputs, 8);
  const rowBytes = 4 * padded;
  if (depthwise) instance.float32(own.weights, outputs).set(weights);
  else {
    instance.float32(work, weights.length).set(weights);
    kernels.packWeights(work, inputs, outputs, own.weights);
  }
  const row = (index: number) => instance.float32(own.table + index * rowBytes, padded);
  row(0)
    .fill(0)
    .set(bias ?? []);
  row(1).fill(0); // mean
  row(2).fill(name === 'inference' ? Math.sqrt(1 + EPSILON) : 1);
  row(3)
    .fill(1)
    .set(scale ?? []);
  return (at, pixels) => {
    if (depthwise) kernels.multiplyChannels(at, pixels, outputs, own.weights, sums, rowBytes);
    else kernels.mixChannels(at, pixels, inputs, own.weights, outputs, panels, sums);
    if (name === 'batch' || name === 'deviation') {
      kernels.measureChannels(sums, pixels, rowBytes, own.table, name === 'batch', EPSILON);
    } else if (normalization.name === 'running') {
      kernels.measureChannels(sums, pixels, rowBytes, own.table, true, 0);
      run(row(1), row(2), pixels, normalization.share);
    }
    kernels.finishChannels(sums, pixels, outputs, rowBytes, own.table, work);
    if (shift) addShift(instance.float32(work, pixels * outputs), shift);
  };
}

/** y = y + shift, channel by channel, rounded to float32 like the backend's addition. */
function addShift(y: Float32Array, shift: Float32Array): void {
  const channels = shift.length;
  for (let row = 0; row < y.length; row += channels)
    for (let o = 0; o < channels; o++) y[row + o]! += shift[o]!;
}

/** Turns the batch's mean and deviation into running statistics. */
function run(mean: Float32Array, deviation: Float32Array, count: number, share: number): void {
  const unbiased = (share * count) / Math.max(1, count - 1);
  for (let i = 0; i < mean.length; i++) {
    mean[i]! *= share;
    deviation[i] = Math.sqrt(1 - share + unbiased * deviation[i]! ** 2 + EPSILON);
  }
}

/** Byte offsets; every operation overwrites `work`, `panels` (the input of a convolution) and `sums`. */
interface Places {
  readonly input: number;
  readonly kept: number;
  readonly work: number;
  readonly panels: number;
  readonly sums: number;
  readonly own: readonly OwnPlaces[];
}

/** Byte offsets of each convolution's own data: its weights, and its table of bias, mean, deviation and scale. */
interface OwnPlaces {
  readonly weights: number;
  readonly table: number;
}

/** Returns the byte offsets of all data, or undefined if the memory is not available. */
function layOut(
  instance: KernelInstance,
  { convolutions, sizes, protocol, input }: Layer,
): Places | undefined {
  const positions = sizes.images * protocol.spatial ** 2;
  const rows = padTo(positions, 6);
  const shapes = convolutions.map(({ shape }) => shape);
  const here = shapes.filter(({ window }) => window === 1);
  const max = (sizes: readonly number[]) => Math.max(0, ...sizes);
  const channels = max(shapes.flatMap(({ inputs, outputs }) => [inputs, outputs]));
  const weightsOf = ({ inputs, outputs, depthwise, window }: ConvolutionParameters['shape']) =>
    window > 1 ? 0 : (depthwise ? 1 : inputs) * padTo(outputs, 8);
  const lengths = [
    input.length,
    positions * shapes[0]!.outputs,
    Math.max(positions * channels, ...shapes.map(weightsOf)),
    rows * max(here.map(({ inputs }) => inputs)),
    rows * max(here.map(({ outputs }) => padTo(outputs, 8))),
    ...shapes.flatMap((shape) => [weightsOf(shape), 4 * padTo(shape.outputs, 8)]),
  ];
  try {
    const bytes = lengths.map((length) => 4 * length);
    const [x, kept, work, panels, sums, ...own] = instance.layout(bytes, 'a layer') as Five & number[];
    return {
      input: x,
      kept,
      work,
      panels,
      sums,
      own: shapes.map((_, i) => ({ weights: own[2 * i]!, table: own[2 * i + 1]! })),
    };
  } catch {
    return undefined;
  }
}

type Five = [number, number, number, number, number];

const padTo = (size: number, multiple: number) => Math.ceil(size / multiple) * multiple;
const sizeOf = (shape: TensorShape) => shape.reduce((product, length) => product * length, 1);
