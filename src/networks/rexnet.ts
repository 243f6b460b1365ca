import type { Network, NetworkBlock, SqueezeExcitation } from './network.js';
import { readOptions, strict, type OptionEntries } from '../schema.js';
import { networkSettings } from './network-settings.js';
import {
  checkChannels,
  factor,
  formatFactor,
  type FamilyOptions,
  resolveFamily,
  stageStrides,
  usualEpsilon,
} from './family.js';
import { roundHalfToEven } from './rounding.js';

export interface RexNetOptions extends FamilyOptions {
  /** Factor of the blocks of each stage, rounded up. @default 1 */
  readonly depth?: number | undefined;
}

const rexNetOptions = strict({
  ...networkSettings,
  width: factor,
  depth: factor,
} satisfies OptionEntries<RexNetOptions>);

/**
 * Returns ReXNet (Han et al., CVPR 2021), channel for channel as the authors' code. It has inverted bottlenecks whose
 * channels grow linearly with the block, squeeze-excitation from the third stage, and the input added to the first
 * channels of each block's output (https://github.com/clovaai/rexnet, rexnetv1.py).
 *
 * @example
 * channelsOf(rexNet({ width: 1 })); // 16, 27, 38, 50, ..., 185
 */
export function rexNet(options: RexNetOptions = {}): Network {
  const { depth, ...family } = readOptions(rexNetOptions, options);
  const { resolution, classes, width } = resolveFamily(family);
  const repeats = stageBlocks.map((blocks) => Math.ceil(blocks * depth));
  const strides = stageStrides(stageStride, repeats);
  const excited = repeats.flatMap((times, stage) => Array<boolean>(times).fill(stage >= 2));
  // Stem and first block are not made narrower than at width 1.
  const stem = roundHalfToEven((width < 1 ? 32 / width : 32) * width);
  const channels = blockChannels(width, strides.length);
  return {
    name: `rexnet-${formatFactor(width)}${depth === 1 ? '' : `:depth=${formatFactor(depth)}`}`,
    resolution,
    inputChannels: 3,
    epsilon: usualEpsilon,
    stem: { channels: stem, kernel: 3, stride: 2, activation: 'silu' },
    blocks: channels.map((out, i): NetworkBlock => ({
      kind: 'inverted-depthwise',
      channels: out,
      expansion: i < repeats[0]! ? 1 : 6,
      kernel: 3,
      stride: strides[i]!,
      activations: { expand: 'silu', spatial: 'relu6', project: 'linear' },
      squeezeExcitation: excited[i]! ? squeezeExcitation : null,
      shortcut: strides[i] === 1 && (channels[i - 1] ?? stem) <= out ? 'partial' : 'none',
    })),
    head: {
      convolution: { channels: checkChannels('head', Math.floor(1280 * width), width), activation: 'silu' },
      hidden: null,
      classes,
    },
  };
}

/** Blocks and stride of each stage, of ReXNet and ReXNet-lite. */
export const stageBlocks = [1, 2, 2, 3, 3, 5];
export const stageStride = [1, 2, 2, 2, 1, 2];

/** Sums in the order of the authors' code, so that the same last bit decides a half. */
function blockChannels(width: number, blocks: number): number[] {
  let planes = width < 1 ? 16 / width : 16;
  return Array.from({ length: blocks }, (_, i) => {
    if (i > 0) planes += 180 / blocks;
    return roundHalfToEven(planes * width);
  });
}

const squeezeExcitation: SqueezeExcitation = {
  divisor: 12,
  of: 'hidden',
  position: 'before-activation',
  normalized: true,
  activation: 'relu',
  gate: 'sigmoid',
};
