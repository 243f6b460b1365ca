import type { TensorDtype } from './dtypes.js';
import type { ModelGraph } from './model-graph.js';

/** The supported formats, by the names that results print. */
export const formatNames = [
  'safetensors',
  'torch',
  'torch-legacy',
  'torchscript',
  'pickle',
  'onnx',
  'tfjs-layers',
  'tfjs-graph',
  'keras',
  'hdf5',
  'npz',
  'npy',
] as const;
export type FormatName = (typeof formatNames)[number];

/** A model file that is open: its tensors, whose numbers are read when they are asked for. Nothing in it was executed. */
export interface ModelFile {
  readonly format: FormatName;
  /** As the user named it. */
  readonly path: string;
  /** In the order of the file; a tensor under several names is here once. */
  readonly tensors: readonly NamedTensor[];
  /** Tensors that cannot be read, each with the reason. */
  readonly skipped: readonly Skipped[];
  /** Sentences for the user: wrong checksums, callables that loading elsewhere would have run. */
  readonly notes: readonly string[];
  /** The operations, where the format stores them. */
  readonly graph?: ModelGraph | undefined;
  /** Closes files and removes temporary ones; reads fail afterwards. */
  close(): void;
}

/** Numbers as widened, without a change: float32 where that holds the stored type, else float64. */
export type Numbers = Float32Array | Float64Array;

/** A tensor of a model file. */
export interface NamedTensor {
  readonly name: string;
  /** Other names of the very same numbers: tied weights. */
  readonly aliases: readonly string[];
  readonly shape: readonly number[];
  /** The type in the file. Integers of a tensor with `quantisation` are already numbers of the model. */
  readonly dtype: TensorDtype;
  /** How stored numbers become weights, if they are not the weights themselves. `read` has applied it. */
  readonly quantisation?: Quantisation | undefined;
  /** Which axes are rows and columns, if the format or the graph tells. */
  readonly layout?: Layout | undefined;
  /** The reason why it is not a layer's weights, if the graph tells. */
  readonly noLayer?: string | undefined;
  /** Returns `count` numbers from the flat index `start` on, row-major whatever the order in the file. */
  read(start: number, count: number): Promise<Numbers>;
}

/** Weight = (stored - zero) x scale, with a scale for the tensor, for each row or for each block. */
export interface Quantisation {
  /** The root mean square of the scales: the step between neighbouring weights of integers, a factor of float8. */
  readonly scale: number;
  /** The number of scales. */
  readonly scales: number;
}

export const layerKinds = [
  'linear',
  'convolution',
  'transposed convolution',
  'depthwise convolution',
  'embedding',
  'recurrent',
  'experts',
  'other',
] as const;
export type LayerKind = (typeof layerKinds)[number];

/**
 * How a tensor is read as one matrix or as several. `rows` are the axes of outputs, `columns` those of inputs and of
 * kernel positions, in the order in which they are flattened. Each index of the axes `each` has a matrix of its own.
 */
export interface Layout {
  readonly kind: LayerKind;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly each?: readonly number[] | undefined;
  /** Equal parts of the rows that have inputs of their own; undefined if the file does not tell. */
  readonly groups?: number | undefined;
}

/** Something left out, and why. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}
