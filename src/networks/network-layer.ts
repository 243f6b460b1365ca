import type { ActivationName } from '../activations/definitions.js';
import type { Tap } from '../layers/blocks.js';

/**
 * The operation of a layer:
 * - `convolution`, `depthwise` (one filter per channel), `linear`: with weights;
 * - `pool`: the mean over all positions;
 * - `multiply`: the product of two inputs; a second one of one position is repeated at every position;
 * - `add`: the sum of its inputs; one with fewer channels is added to the first channels.
 */
export type NetworkLayerKind = 'convolution' | 'depthwise' | 'linear' | 'pool' | 'multiply' | 'add';

/**
 * The role of a layer in its network. `squeeze` (pool), `reduce`, `excite` and `scale` make up a squeeze-excitation.
 */
export type NetworkLayerRole =
  | 'stem'
  | 'expand'
  | 'spatial'
  | 'squeeze'
  | 'reduce'
  | 'excite'
  | 'scale'
  | 'project'
  | 'shortcut'
  | 'head'
  | 'pool'
  | 'hidden'
  | 'classifier';

/** [channels, height, width]; [channels] once the positions are pooled away. */
export type LayerShape = readonly [number, number, number] | readonly [number];

/** The name by which layers read the images. */
export const imagesInput = 'images';

/** An input of a layer: the images, or the output of an earlier layer. */
export interface LayerSource {
  readonly name: string;
  readonly outputShape: LayerShape;
}

/**
 * One layer of a network: the operation on its inputs, its normalization, its activation. A list of layers is in
 * forward order: each reads earlier ones, by name.
 */
export interface NetworkLayer {
  /** `stem`, `block1.expand`, ..., `head`, `pool`, `classifier`. */
  readonly name: string;
  readonly kind: NetworkLayerKind;
  readonly role: NetworkLayerRole;
  /**
   * The names of its inputs: earlier layers, or `images`. A `multiply` in a block reads the features, then their
   * weights; an `add` reads the last convolution, then the block's input.
   */
  readonly inputs: readonly string[];
  /** Channels of each input. An `add` adds each input to as many of its first channels. */
  readonly inputChannels: readonly number[];
  /** Number of the block it belongs to, from 1; null in stem and head. */
  readonly block: number | null;
  /** Of the first input. */
  readonly inputShape: LayerShape;
  readonly outputShape: LayerShape;
  /** Of the last input: of a shortcut, the channels that are added. */
  readonly channelsIn: number;
  readonly channelsOut: number;
  readonly groups: number;
  /** Height and width of the filter; 1 without a filter. */
  readonly kernel: number;
  readonly stride: number;
  /** Zeros on each side of height and width: (kernel - 1) / 2, as in PyTorch code. */
  readonly padding: number;
  readonly bias: boolean;
  /** Batch normalization with scale and shift, or null. */
  readonly normalization: Normalization | null;
  /** The activation after the normalization; `linear` means no activation. */
  readonly activation: ActivationName;
  /**
   * The taps whose features are this layer's output. `spatial` comes after the activation of the spatial convolution.
   * So it follows a squeeze-excitation that stands before the activation (ReXNet), else it precedes it.
   */
  readonly taps: readonly Tap[];
}

export interface Normalization {
  /** The number added to the variance before taking its root. */
  readonly epsilon: number;
}
