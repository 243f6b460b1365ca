import type { ActivationName } from '../activations/definitions.js';

/**
 * A network as plain, JSON-serialisable data. Costs, tables, tensors and figures are all derived from its layers, see
 * {@link networkLayers}. Channels of a block are its output channels; the rest follows from them.
 */
export interface Network {
  readonly name: string;
  /** Height and width of the images it is meant for, in pixels. */
  readonly resolution: number;
  /** Channels of the images: 3 for colour. */
  readonly inputChannels: number;
  /** The number added to the variance in every normalization. */
  readonly epsilon: number;
  readonly stem: Stem;
  readonly blocks: readonly NetworkBlock[];
  readonly head: Head;
}

/** The first convolution, with normalization and activation. */
export interface Stem {
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly activation: ActivationName;
}

/** One convolution of a block, with its normalization and activation. */
export interface BlockStep {
  /** `expand` outputs the hidden channels, `project` those of the block; `spatial` has the block's kernel. */
  readonly role: 'expand' | 'spatial' | 'project';
  readonly depthwise: boolean;
}

export interface BlockSteps {
  /** In forward order; the last outputs the block's channels. */
  readonly steps: readonly BlockStep[];
  /** The kernels that are allowed; null for any odd one. */
  readonly kernel: number | null;
}

const expand: BlockStep = { role: 'expand', depthwise: false };
const spatial: BlockStep = { role: 'spatial', depthwise: false };
const depthwise: BlockStep = { role: 'spatial', depthwise: true };
const project: BlockStep = { role: 'project', depthwise: false };

/**
 * The kinds of blocks by name:
 * - `inverted-depthwise`: expand 1x1, depthwise convolution, project 1x1 (Sandler et al., "MobileNetV2", 2018);
 * - `inverted-conv3x3`: the same with an ordinary convolution in the middle;
 * - `separable`: depthwise convolution, then 1x1 (Howard et al., "MobileNets", 2017);
 * - `conv3x3`, `pointwise`: a single convolution.
 *
 * An inverted bottleneck of expansion 1 has no expanding convolution, as published networks have it.
 */
export const networkBlocks = {
  'inverted-depthwise': { steps: [expand, depthwise, project], kernel: null },
  'inverted-conv3x3': { steps: [expand, spatial, project], kernel: 3 },
  separable: { steps: [depthwise, project], kernel: null },
  conv3x3: { steps: [spatial], kernel: 3 },
  pointwise: { steps: [project], kernel: null },
} as const satisfies Readonly<Record<string, BlockSteps>>;

export type NetworkBlockKind = keyof typeof networkBlocks;

export const networkBlockKinds = Object.keys(networkBlocks) as readonly NetworkBlockKind[];

/** Returns whether a kind of block has a convolution of that role. */
export function hasStep(kind: NetworkBlockKind, role: BlockStep['role']): boolean {
  return stepsOf(kind).some((step) => step.role === role);
}

/** Returns the convolutions of a kind of block. */
export function stepsOf(kind: NetworkBlockKind): readonly BlockStep[] {
  return networkBlocks[kind].steps;
}

export interface NetworkBlock {
  readonly kind: NetworkBlockKind;
  /** Output channels. */
  readonly channels: number;
  /** Hidden channels / input channels of an inverted bottleneck; 1 for the other kinds. */
  readonly expansion: number;
  /** Height and width of the spatial convolution. */
  readonly kernel: number;
  /** Stride of the spatial convolution; of the only one in a `pointwise` block. */
  readonly stride: number;
  readonly activations: BlockActivations;
  readonly squeezeExcitation: SqueezeExcitation | null;
  readonly shortcut: Shortcut;
}

/**
 * The activation after each convolution of a block; entries of missing convolutions are ignored. `linear` means no
 * activation.
 */
export interface BlockActivations {
  readonly expand: ActivationName;
  readonly spatial: ActivationName;
  readonly project: ActivationName;
}

/** `full`: input and output have the same shape; `partial`: the input is added to the first channels; `none`. */
export type Shortcut = 'none' | 'full' | 'partial';

/**
 * Channel weights computed from the channel means (Hu et al., "Squeeze-and-excitation networks", 2018): pool, reduce
 * 1x1, excite 1x1, multiply. It acts on the output of the spatial convolution.
 */
export interface SqueezeExcitation {
  /** The reduced channels are max(1, floor(channels / divisor)) of the channels named by `of`. */
  readonly divisor: number;
  /** `input`: the block's input channels (EfficientNet); `hidden`: the channels that are weighted (ReXNet). */
  readonly of: 'input' | 'hidden';
  /** Whether it comes before or after the activation of the spatial convolution. */
  readonly position: 'before-activation' | 'after-activation';
  /** Whether the reducing convolution is normalized. */
  readonly normalized: boolean;
  /** The activation between the two convolutions. */
  readonly activation: ActivationName;
  /** The activation that makes the weights. */
  readonly gate: ActivationName;
}

/**
 * The layers after the blocks: an optional 1x1 convolution, pooling, optional hidden linear layers, and the classifier.
 */
export interface Head {
  readonly convolution: HeadLayer | null;
  /** A linear layer with bias and normalization between pooling and classifier. */
  readonly hidden: HeadLayer | null;
  readonly classes: number;
}

export interface HeadLayer {
  readonly channels: number;
  readonly activation: ActivationName;
}

/** Returns the channel configuration: the output channels of each block. */
export function channelsOf(network: Network): number[] {
  return network.blocks.map((block) => block.channels);
}
