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

/** What the kernels compute for a network: each layer as a step from features to features. */
export interface TrainingPlan {
  readonly network: Network;
  /** The images, then what each step puts out. */
  readonly features: readonly Features[];
  readonly steps: readonly TrainingStep[];
}

/** The features at one place, before normalization and activation, and how they are read. */
export interface Features {
  readonly channels: number;
  /** Floats of a position: the channels padded to whole panels; those of images as they are. */
  readonly row: number;
  /** Height and width. */
  readonly size: number;
  readonly activation: ActivationName;
  /** Whether f clips: then it is applied while reading. Others keep f and f' of every entry. */
  readonly clips: boolean;
  /** Whether scale and shift have gradients: those of a normalization, or a bias. */
  readonly measured: boolean;
}

/**
 * - `product`: a convolution whose window is one pixel, or a linear layer;
 * - `window`: any other ordinary convolution.
 */
export type StepKind = 'product' | 'window' | 'depthwise' | 'pool' | 'scale' | 'shortcut';

export interface TrainingStep {
  readonly layer: NetworkLayer;
  readonly kind: StepKind;
  /** Places among the features, in the order of the layer's inputs. */
  readonly inputs: readonly number[];
  readonly output: number;
}

/** Returns the plan of a network at its resolution. */
export function planTraining(network: Network): TrainingPlan {
  const images: Features = {
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
    steps: layers.map((layer, i) => {
      const own = inputs[i]!;
      return { layer, kind: kindOf(layer, own), inputs: own, output: i + 1 };
    }),
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

function kindOf(layer: NetworkLayer, inputs: readonly number[]): StepKind {
  if (layer.kind === 'linear') return 'product';
  if (layer.kind === 'multiply') return 'scale';
  if (layer.kind === 'add') {
    if (inputs.length !== 2)
      throw invalid('layer to train', `${layer.name}, of ${inputs.length} inputs`, 'the sum of two');
    return 'shortcut';
  }
  if (layer.kind !== 'convolution') return layer.kind;
  // images lie without padding, which planes take
  return layer.kernel === 1 && layer.stride === 1 && inputs[0] !== 0 ? 'product' : 'window';
}

function featuresOf({ outputShape, channelsOut, activation, normalization, bias }: NetworkLayer): Features {
  return {
    channels: channelsOut,
    row: Math.ceil(channelsOut / 8) * 8,
    size: outputShape[1] ?? 1,
    activation,
    clips: clipOf(activation) !== undefined,
    measured: normalization !== null || bias,
  };
}
