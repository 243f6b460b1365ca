import { unknown } from '../errors.js';

/** Channels of a block: d_in, hidden ones (expansion ratio x d_in), d_out. */
export type BlockChannels = 'in' | 'hidden' | 'out';

/** One convolution of a block, with its normalization; stride is 1. */
export interface Convolution {
  /** The tap that reads the features after it. */
  readonly tap: Tap;
  /** Kernel height and width. */
  readonly kernel: 1 | 3;
  /** Whether each channel has a filter of its own; then `from` and `to` are the same. */
  readonly depthwise: boolean;
  readonly from: BlockChannels;
  readonly to: BlockChannels;
  /** Whether the activation follows. */
  readonly activated: boolean;
}

/** A block as data. Its tensors, computations, rank bounds and captions all follow from its convolutions. */
export interface Block {
  /** The name a reader sees. */
  readonly label: string;
  /** In forward order, from `in` to `out`; each reads the output channels of the one before. */
  readonly convolutions: readonly Convolution[];
  /** Whether x is added to the first d_in channels of the output. */
  readonly shortcut: boolean;
}

/**
 * The place in a block where features are taken. It is after the expansion, the spatial convolution or the projection
 * (each with its normalization and, if any, activation), or at the output.
 */
export type Tap = 'expand' | 'spatial' | 'project' | 'output';
export const tapNames: readonly Tap[] = ['expand', 'spatial', 'project', 'output'];

/**
 * The blocks by name, in the order figures show them; the first four are those of the paper's Figure 1. A single
 * convolution is f(W x); an inverted bottleneck (Sandler et al., "MobileNetV2", 2018) expands, convolves and projects
 * without an activation after the projection, then adds x to the first d_in output channels (the partial shortcut of
 * ReXNet).
 */
export const blocks = {
  pointwise: single('Pointwise convolution (1×1)', 1),
  conv3x3: single('3×3 convolution', 3),
  'inverted-conv3x3': inverted('Inverted bottleneck, 3×3 convolution', false),
  'inverted-depthwise': inverted('Inverted bottleneck, 3×3 depthwise', true),
} as const satisfies Readonly<Record<string, Block>>;

export type BlockName = keyof typeof blocks;

export const blockNames = Object.keys(blocks) as readonly BlockName[];

/** The paper's four, in its order. */
export const paperBlocks = blockNames.slice(0, 4);

/** Returns the block of that name. @throws RangeError with the known names. */
export function blockNamed(name: string): Block {
  if (!Object.hasOwn(blocks, name)) throw unknown('block', name, blockNames);
  return blocks[name as BlockName];
}

/** Returns whether a block has hidden channels, and so an expansion ratio. */
export function expands({ convolutions }: Block): boolean {
  return convolutions.some(({ to }) => to === 'hidden');
}

/** Returns the taps a block has, in forward order. */
export function tapsOf(block: Block): readonly Tap[] {
  const taps = block.convolutions.map((convolution) => convolution.tap);
  return taps.includes('output') ? taps : [...taps, 'output'];
}

function single(label: string, kernel: 1 | 3): Block {
  return {
    label,
    convolutions: [{ tap: 'output', kernel, depthwise: false, from: 'in', to: 'out', activated: true }],
    shortcut: false,
  };
}

function inverted(label: string, depthwise: boolean): Block {
  return {
    label,
    convolutions: [
      { tap: 'expand', kernel: 1, depthwise: false, from: 'in', to: 'hidden', activated: true },
      { tap: 'spatial', kernel: 3, depthwise, from: 'hidden', to: 'hidden', activated: true },
      { tap: 'project', kernel: 1, depthwise: false, from: 'hidden', to: 'out', activated: false },
    ],
    shortcut: true,
  };
}
