import type { Network, NetworkBlock } from './network.js';
import { resolveFamily, formatFactor, type FamilyOptions, stageStrides, usualEpsilon } from './family.js';
import { stageBlocks, stageStride } from './rexnet.js';
import { roundHalfToEven, roundToMultiple } from './rounding.js';

/**
 * Returns ReXNet-lite, channel for channel as the authors' code (https://github.com/clovaai/rexnet, rexnetv1_lite.py).
 * It is ReXNet with ReLU6 everywhere and without squeeze-excitation. Channels are multiples of 8, and a hidden layer
 * precedes the classifier.
 */
export function rexNetLite(options: FamilyOptions = {}): Network {
  const { resolution, classes, width } = resolveFamily(options);
  const scaled = (channels: number) => roundToMultiple(roundHalfToEven(channels * width), 8);
  const strides = stageStrides(stageStride, stageBlocks);
  const stem = scaled(width < 1 ? 32 / width : 32);
  const channels = blockPlanes(width, strides.length).map(scaled);
  return {
    name: `rexnet-lite-${formatFactor(width)}`,
    resolution,
    inputChannels: 3,
    epsilon: usualEpsilon,
    stem: { channels: stem, kernel: 3, stride: 2, activation: 'relu6' },
    blocks: channels.map((out, i): NetworkBlock => ({
      kind: 'inverted-depthwise',
      channels: out,
      expansion: i < stageBlocks[0]! ? 1 : 6,
      kernel: 3,
      stride: strides[i]!,
      activations: { expand: 'relu6', spatial: 'relu6', project: 'linear' },
      squeezeExcitation: null,
      shortcut: strides[i] === 1 && (channels[i - 1] ?? stem) <= out ? 'partial' : 'none',
    })),
    head: {
      convolution: { channels: Math.floor(1280 * Math.max(1, width)), activation: 'relu6' },
      hidden: { channels: 1024, activation: 'relu6' },
      classes,
    },
  };
}

/** Sums in the order of the authors' code, so that the same last bit decides a half. */
function blockPlanes(width: number, blocks: number): number[] {
  let planes = width < 1 ? 16 / width : 16;
  return Array.from({ length: blocks }, (_, i) => (i === 0 ? planes : (planes += 164 / (blocks - 1))));
}
