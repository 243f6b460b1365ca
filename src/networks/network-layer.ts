import type { ActivationName } from '../activations/definitions.js';
import type { Tap } from '../layers/blocks.js';

/**
 * - `convolution`, `depthwise` (one filter a channel), `linear`: with weights;
 * - `pool`: the mean over all positions;
 * - `scale`: the product of the features before a squeeze-excitation and its channel weights;
 * - `shortcut`: the block's input added to the first of its output channels.
 */
export type NetworkLayerKind = 'convolution' | 'depthwise' | 'linear' | 'pool' | 'scale' | 'shortcut';

/** What a layer does in its network. `squeeze` (pool), `reduce`, `excite` and `scale` make up a squeeze-excitation. */
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

/**
 * One layer of a network, with all that is needed to build it. Layers are applied one after the other, each to what
 * the one before put out, and each is: the operation, its normalization, its activation. Two look back:
 * - `scale` multiplies what entered the block's `squeeze` by what `excite` gives;
 * - `shortcut` adds what entered the block to its first `channelsIn` channels.
 */
export interface NetworkLayer {
  /** `stem`, `block1.expand`, ..., `head`, `pool`, `classifier`. */
  readonly name: string;
  readonly kind: NetworkLayerKind;
  readonly role: NetworkLayerRole;
  /** Number of the block it belongs to, from 1; null in stem and head. */
  readonly block: number | null;
  readonly inputShape: LayerShape;
  readonly outputShape: LayerShape;
  /** Of a shortcut, the channels that are added. */
  readonly channelsIn: number;
  readonly channelsOut: number;
  readonly groups: number;
  /** Height and width of the filter; 1 where there is none. */
  readonly kernel: number;
  readonly stride: number;
  /** Zeros on each side of height and width: (kernel - 1) / 2, as PyTorch code has it. */
  readonly padding: number;
  readonly bias: boolean;
  /** Batch normalization with scale and shift, or null. */
  readonly normalization: Normalization | null;
  /** After the normalization; `linear` is none. */
  readonly activation: ActivationName;
  /**
   * The taps whose features this layer puts out. `spatial` comes after the activation of the spatial convolution,
   * and so after the squeeze-excitation where that stands before the activation (ReXNet), else before it.
   */
  readonly taps: readonly Tap[];
}

export interface Normalization {
  /** What is added to the variance before its root is taken. */
  readonly epsilon: number;
}
