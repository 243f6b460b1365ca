import type { Network } from './network.js';
import { type FamilyOptions, resolveFamily, formatFactor, usualEpsilon } from './family.js';

/**
 * Returns MobileNetV1: a stem and thirteen separable blocks (Howard et al., "MobileNets", 2017). Channels are rounded
 * down to an integer, at least 8, as in TensorFlow's code.
 */
export function mobileNetV1(options: FamilyOptions = {}): Network {
  const { resolution, classes, width } = resolveFamily(options);
  const scaled = (channels: number) => Math.max(8, Math.floor(channels * width));
  return {
    name: `mobilenet-v1-${formatFactor(width)}`,
    resolution,
    inputChannels: 3,
    epsilon: usualEpsilon,
    stem: { channels: scaled(32), kernel: 3, stride: 2, activation: 'relu' },
    blocks: blockChannels.map(([channels, stride]) => ({
      kind: 'separable',
      channels: scaled(channels),
      expansion: 1,
      kernel: 3,
      stride,
      activations: { expand: 'linear', spatial: 'relu', project: 'relu' },
      squeezeExcitation: null,
      shortcut: 'none',
    })),
    head: { convolution: null, hidden: null, classes },
  };
}

/** Channels and stride of each block: Table 1 of the paper. */
const blockChannels: readonly (readonly [channels: number, stride: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];
