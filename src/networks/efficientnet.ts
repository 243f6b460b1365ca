import { invalid } from '../errors.js';
import type { Network, NetworkBlock, SqueezeExcitation } from './network.js';
import { type NetworkSettings, resolveSettings } from './network-settings.js';
import { imageNet, stageStrides, usualEpsilon } from './family.js';
import { roundToMultiple } from './rounding.js';

/**
 * Returns EfficientNet-B0 to B7 (Tan and Le, "EfficientNet", 2019). These are inverted bottlenecks with
 * squeeze-excitation, scaled in width, depth and resolution at once.
 *
 * @param variant 0 to 7
 */
export function efficientNet(variant: number, settings: NetworkSettings = {}): Network {
  const scale = Number.isInteger(variant) ? scales[variant] : undefined;
  if (!scale) throw invalid('EfficientNet', variant, '0 to 7');
  const { resolution, classes } = resolveSettings(settings, { ...imageNet, resolution: scale.resolution });
  const scaled = (channels: number) => roundToMultiple(channels * scale.width, 8);
  const stem = scaled(32);
  const repeats = stages.map((stage) => Math.ceil(stage.repeat * scale.depth));
  const strides = stageStrides(
    stages.map((stage) => stage.stride),
    repeats,
  );
  const perBlock = stages.flatMap((stage, i) => Array<Stage>(repeats[i]!).fill(stage));
  return {
    name: `efficientnet-b${variant}`,
    resolution,
    inputChannels: 3,
    // as torchvision's weights have it
    epsilon: variant < 5 ? usualEpsilon : 1e-3,
    stem: { channels: stem, kernel: 3, stride: 2, activation: 'silu' },
    blocks: perBlock.map((stage, i): NetworkBlock => {
      const out = scaled(stage.channels);
      const channelsIn = i === 0 ? stem : scaled(perBlock[i - 1]!.channels);
      return {
        kind: 'inverted-depthwise',
        channels: out,
        expansion: stage.expansion,
        kernel: stage.kernel,
        stride: strides[i]!,
        activations: { expand: 'silu', spatial: 'silu', project: 'linear' },
        squeezeExcitation,
        shortcut: strides[i] === 1 && channelsIn === out ? 'full' : 'none',
      };
    }),
    head: {
      convolution: { channels: scaled(1280), activation: 'silu' },
      hidden: null,
      classes,
    },
  };
}

const squeezeExcitation: SqueezeExcitation = {
  divisor: 4,
  of: 'input',
  position: 'after-activation',
  normalized: false,
  activation: 'silu',
  gate: 'sigmoid',
};

/** Width, depth and resolution of B0 to B7, from the authors' code. */
const scales = [
  { width: 1.0, depth: 1.0, resolution: 224 },
  { width: 1.0, depth: 1.1, resolution: 240 },
  { width: 1.1, depth: 1.2, resolution: 260 },
  { width: 1.2, depth: 1.4, resolution: 300 },
  { width: 1.4, depth: 1.8, resolution: 380 },
  { width: 1.6, depth: 2.2, resolution: 456 },
  { width: 1.8, depth: 2.6, resolution: 528 },
  { width: 2.0, depth: 3.1, resolution: 600 },
];

interface Stage {
  readonly channels: number;
  readonly repeat: number;
  readonly stride: number;
  readonly kernel: number;
  readonly expansion: number;
}

/** Table 1 of the paper. */
const stages: readonly Stage[] = [
  { channels: 16, repeat: 1, stride: 1, kernel: 3, expansion: 1 },
  { channels: 24, repeat: 2, stride: 2, kernel: 3, expansion: 6 },
  { channels: 40, repeat: 2, stride: 2, kernel: 5, expansion: 6 },
  { channels: 80, repeat: 3, stride: 2, kernel: 3, expansion: 6 },
  { channels: 112, repeat: 3, stride: 1, kernel: 5, expansion: 6 },
  { channels: 192, repeat: 4, stride: 2, kernel: 5, expansion: 6 },
  { channels: 320, repeat: 1, stride: 1, kernel: 3, expansion: 6 },
];
