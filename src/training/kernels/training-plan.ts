import {
  activationDefinitions,
  activationNames,
  type ActivationName,
} from '../../activations/definitions.js';
import { invalid } from '../../errors.js';
import type { NetworkLayer } from '../../networks/network-layer.js';
import { networkLayers } from '../../networks/network-layers.js';
import { layerEdges } from '../../networks/walk-layers.js';
import type { Network } from '../../networks/network.js';

/** The computations of the kernels for a network: each layer as a step from features to features. */
export interface TrainingPlan {
  readonly network: Network;
  /** The images, then the output of each step. */
  readonly features: readonly PlannedFeatures[];
  readonly steps: readonly TrainingStep[];
}

/** The features at one place, before normalization and activation, and the function by which they are read. */
export interface PlannedFeatures {
  readonly channels: number;
  /** Floats of a position: the channels padded to whole panels; those of images as they are. */
  readonly row: number;
  /** Height and width. */
  readonly size: number;
  readonly activation: ActivationName;
  /** Whether f clips. Then it is applied while reading; others keep f and f' of every entry. */
  readonly clips: boolean;
  /** Whether scale and shift have gradients: those of a normalization, or a bias. */
  readonly measured: boolean;
}

export type TrainingStep = ConvolutionStep | PoolStep | ScaleStep | ShortcutStep;

/**
 * - `product`: a convolution whose window is one pixel, or a linear layer;
 * - `window`: any other ordinary convolution.
 */
export type ConvolutionStep = Step<'product' | 'window' | 'depthwise', [x: number]>;
export type PoolStep = Step<'pool', [x: number]>;
export type ScaleStep = Step<'scale', [x: number, second: number]>;
type ShortcutStep = Step<'shortcut', [x: number, second: number]>;

/** A layer as the kernels compute it. */
interface Step<Kind extends string, Inputs extends number[]> {
  readonly layer: NetworkLayer;
  readonly kind: Kind;
  /** Places among the features, in the order of the layer's inputs. */
  readonly inputs: Readonly<Inputs>;
  readonly output: number;
}

/** Returns the plan of a network at its resolution. */
export function planTraining(network: Network): TrainingPlan {
  const images: PlannedFeatures = {
    channels: network.inputChannels,
    row: network.inputChannels,
    size: network.resolution,
    activation: 'linear',
    clips: true,
    measured: false,
  };
  const layers = networkLayers(network);
  const { inputs } = layerEdges(layers);
  return {
    network,
    features: [images, ...layers.map(featuresOf)],
    steps: layers.map((layer, i) => stepOf(layer, inputs[i]!, i + 1)),
  };
}

/** Returns the place of an activation in the kernels, or -1 for one that clips. */
export function kernelOf(activation: ActivationName): number {
  return clipOf(activation) ? -1 : activationNames.indexOf(activation);
}

/** Returns the bounds of an activation that clips. */
export function clipOf(activation: ActivationName): { low: number; high: number } | undefined {
  const { training } = activationDefinitions[activation];
  return typeof training === 'string' ? undefined : training;
}

function stepOf(layer: NetworkLayer, inputs: readonly number[], output: number): TrainingStep {
  const { name, kind, kernel, stride } = layer;
  const refused = (allowed: string) =>
    invalid('layer to train', `${name}, of ${inputs.length} inputs`, allowed);
  const [x, second, ...further] = inputs;
  if (kind === 'add' || kind === 'multiply') {
    if (x === undefined || second === undefined || further.length > 0)
      throw refused(`the ${kind === 'add' ? 'sum' : 'product'} of two`);
    return { layer, kind: kind === 'add' ? 'shortcut' : 'scale', inputs: [x, second], output };
  }
  if (x === undefined || second !== undefined) throw refused('one input');
  if (kind === 'pool' || kind === 'depthwise') return { layer, kind, inputs: [x], output };
  // images lie without padding, which planes take
  const isProduct = kind === 'linear' || (kernel === 1 && stride === 1 && x !== 0);
  return { layer, kind: isProduct ? 'product' : 'window', inputs: [x], output };
}

function featuresOf({
  outputShape,
  channelsOut,
  activation,
  normalization,
  bias,
}: NetworkLayer): PlannedFeatures {
  return {
    channels: channelsOut,
    row: Math.ceil(channelsOut / 8) * 8,
    size: outputShape[1] ?? 1,
    activation,
    clips: clipOf(activation) !== undefined,
    measured: normalization !== null || bias,
  };
}
