import { unknown } from '../errors.js';

/** One convolution of a block, in the order they are applied. Channels are `in` (d_in), `hidden` or `out` (d_out). */
export interface Convolution {
  /** The tap that reads the features after it. */
  readonly tap: Tap;
  /** Kernel height and width; stride is 1. */
  readonly kernel: 1 | 3;
  readonly depthwise: boolean;
  readonly from: 'in' | 'hidden';
  readonly to: 'hidden' | 'out';
  /** Whether the nonlinearity follows its normalization. */
  readonly activated: boolean;
}

export interface Block {
  readonly convolutions: readonly Convolution[];
  /** Whether x is added to the first d_in channels of the output. */
  readonly shortcut: boolean;
}

/**
 * Where in a block the features are taken: after the expansion, after the spatial convolution, after the
 * projection (each with its normalization and nonlinearity, where it has one), or the output.
 */
export type Tap = 'expand' | 'spatial' | 'project' | 'output';
export const tapNames: readonly Tap[] = ['expand', 'spatial', 'project', 'output'];

export type BlockName = 'pointwise' | 'conv3x3' | 'inverted-conv3x3' | 'inverted-depthwise';

/**
 * The four blocks of the paper's Figure 1. A single convolution is f(W x); an inverted bottleneck (Sandler et
 * al., "MobileNetV2", 2018) expands, convolves and projects, without a nonlinearity after the projection, and
 * adds x to as many channels as it has (the partial shortcut of ReXNet).
 */
export const blocks: Readonly<Record<BlockName, Block>> = {
  pointwise: single(1),
  conv3x3: single(3),
  'inverted-conv3x3': inverted(false),
  'inverted-depthwise': inverted(true),
};

export const blockNames = Object.keys(blocks) as readonly BlockName[];

/** Returns the block of that name. @throws RangeError with the known names. */
export function blockNamed(name: string): Block {
  if (!Object.hasOwn(blocks, name)) throw unknown('block', name, blockNames);
  return blocks[name as BlockName];
}

/** Returns the taps a block has, in the order of the data's way. */
export function tapsOf(block: Block): readonly Tap[] {
  const taps = block.convolutions.map((convolution) => convolution.tap);
  return taps.includes('output') ? taps : [...taps, 'output'];
}

function single(kernel: 1 | 3): Block {
  return {
    convolutions: [{ tap: 'output', kernel, depthwise: false, from: 'in', to: 'out', activated: true }],
    shortcut: false,
  };
}

function inverted(depthwise: boolean): Block {
  return {
    convolutions: [
      { tap: 'expand', kernel: 1, depthwise: false, from: 'in', to: 'hidden', activated: true },
      { tap: 'spatial', kernel: 3, depthwise, from: 'hidden', to: 'hidden', activated: true },
      { tap: 'project', kernel: 1, depthwise: false, from: 'hidden', to: 'out', activated: false },
    ],
    shortcut: true,
  };
}
