import type { Network, NetworkBlock } from './network.js';
import { type FamilyOptions, resolveFamily, formatFactor, stageStrides, usualEpsilon } from './family.js';
import { roundToMultiple } from './rounding.js';

/**
 * Returns MobileNetV2: a stem, seventeen inverted bottlenecks, a 1x1 convolution (Sandler et al., "MobileNetV2",
 * 2018). Channels are rounded to multiples of 8; the head is never narrower than at width 1.
 */
export function mobileNetV2(options: FamilyOptions = {}): Network {
  const { resolution, classes, width } = resolveFamily(options);
  const scaled = (channels: number) => roundToMultiple(channels * width, 8);
  const repeats = stages.map(({ repeat }) => repeat);
  const strides = stageStrides(
    stages.map(({ stride }) => stride),
    repeats,
  );
  const channels = stages.flatMap((stage) => Array<number>(stage.repeat).fill(scaled(stage.channels)));
  const stem = scaled(32);
  return {
    name: `mobilenet-v2-${formatFactor(width)}`,
    resolution,
    inputChannels: 3,
    epsilon: usualEpsilon,
    stem: { channels: stem, kernel: 3, stride: 2, activation: 'relu6' },
    blocks: channels.map((out, i): NetworkBlock => ({
      kind: 'inverted-depthwise',
      channels: out,
      expansion: i === 0 ? 1 : 6,
      kernel: 3,
      stride: strides[i]!,
      activations: { expand: 'relu6', spatial: 'relu6', project: 'linear' },
      squeezeExcitation: null,
      shortcut: strides[i] === 1 && out === (channels[i - 1] ?? stem) ? 'full' : 'none',
    })),
    head: {
      convolution: { channels: roundToMultiple(1280 * Math.max(1, width), 8), activation: 'relu6' },
      hidden: null,
      classes,
    },
  };
}

/** Table 2 of the paper. */
const stages = [
  { channels: 16, repeat: 1, stride: 1 },
  { channels: 24, repeat: 2, stride: 2 },
  { channels: 32, repeat: 3, stride: 2 },
  { channels: 64, repeat: 4, stride: 2 },
  { channels: 96, repeat: 3, stride: 1 },
  { channels: 160, repeat: 3, stride: 2 },
  { channels: 320, repeat: 1, stride: 1 },
];
