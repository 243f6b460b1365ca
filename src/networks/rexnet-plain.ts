import type { Network } from './network.js';
import { type NetworkSettings, resolveSettings } from './network-settings.js';
import { imageNet, usualEpsilon } from './family.js';
import { mobileNetV1 } from './mobilenet-v1.js';

/**
 * Returns ReXNet-plain (Han et al., CVPR 2021, appendix): MobileNetV1 with channels that grow by 48 per block.
 *
 * The printed table cannot be counted as it stands: its feature sizes, its second width of 114 and its 1x1
 * convolution of 1280 channels give 5.0 million parameters and 0.43 billion multiply-accumulates, against the printed
 * 3.4 and 0.56. With MobileNetV1's strides, 144 for 114 (a step of 48, as everywhere else) and no 1x1 convolution both
 * fit in every printed digit: 3,399,240 and 564,669,040. The activations are not printed for this network; they are
 * ReXNet's: ReLU6 after the depthwise convolution, SiLU after the 1x1.
 */
export function rexNetPlain(settings: NetworkSettings = {}): Network {
  const { resolution, classes } = resolveSettings(settings, imageNet);
  const model = mobileNetV1();
  return {
    name: 'rexnet-plain-1.0',
    resolution,
    inputChannels: 3,
    epsilon: usualEpsilon,
    stem: { ...model.stem, activation: 'silu' },
    blocks: model.blocks.map((block, i) => ({
      ...block,
      channels: channels[i]!,
      activations: { expand: 'linear', spatial: 'relu6', project: 'silu' },
    })),
    head: { ...model.head, classes },
  };
}

const channels = [96, 144, 192, 240, 288, 336, 384, 432, 480, 528, 576, 624, 1024];
