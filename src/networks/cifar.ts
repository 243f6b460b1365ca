import { invalid, missing } from '../errors.js';
import type { Network, NetworkBlock } from './network.js';
import { type NetworkSettings, resolveSettings } from './network-settings.js';
import { usualEpsilon } from './family.js';

/**
 * Returns a network of the paper's search, for CIFAR's 32 x 32 images and 100 classes. It has a 3x3 stem of 16
 * channels, one inverted bottleneck of expansion 6 for each number of channels, a 1x1 convolution, pooling and the
 * classifier (Han et al., CVPR 2021, section 4). With 5, 9 or 13 blocks these are its 18-, 30- and 42-layer networks.
 *
 * What the paper does not print was inferred from its Table 3 (docs/networks.md): stem stride 1, stride 2 in the blocks
 * after one and two thirds of the depth, and a 1x1 convolution of 64 (blocks + 3) channels. Activations (ReLU6, as
 * in MobileNetV2) and shortcuts (onto the first channels, as in ReXNet) cost nothing that was printed: they are chosen.
 *
 * @param channels of each block, non-decreasing
 * @throws RangeError for an empty list, a value that is not a positive integer, or a decrease
 * @example
 * cifarNetwork([34, 34, 45, 55, 66]);
 */
export function cifarNetwork(channels: readonly number[], settings: NetworkSettings = {}): Network {
  const { resolution, classes } = resolveSettings(settings, { resolution: 32, classes: 100 });
  checkChannelList(channels);
  const depth = channels.length;
  const strided = cifarStrides(depth);
  return {
    name: `cifar:${channels.join('-')}`,
    resolution,
    inputChannels: 3,
    epsilon: usualEpsilon,
    stem: { channels: 16, kernel: 3, stride: 1, activation: 'relu6' },
    blocks: channels.map((out, i): NetworkBlock => ({
      kind: 'inverted-depthwise',
      channels: out,
      expansion: 6,
      kernel: 3,
      stride: strided.includes(i) ? 2 : 1,
      activations: { expand: 'relu6', spatial: 'relu6', project: 'linear' },
      squeezeExcitation: null,
      shortcut: !strided.includes(i) && (channels[i - 1] ?? 16) <= out ? 'partial' : 'none',
    })),
    head: { convolution: { channels: 64 * (depth + 3), activation: 'relu6' }, hidden: null, classes },
  };
}

/** Checks that every number is a positive integer and none smaller than the one before. */
export function checkChannelList(channels: readonly number[]): void {
  if (!Array.isArray(channels)) throw invalid('channels', channels, 'a list of integers');
  if (channels.length > 1000) throw invalid('blocks', channels.length, 'at most 1000');
  if (channels.length === 0) throw missing('channels', channels.join('-'), 'one number a block, as 34-34-45');
  const wrong = channels.find((c) => !Number.isInteger(c) || c < 1 || c > 65_536);
  if (wrong !== undefined) throw invalid('channels', wrong, 'integers from 1 to 65536');
  const at = channels.findIndex((c, i) => i > 0 && c < channels[i - 1]!);
  if (at > 0) {
    const step = `${channels[at - 1]}-${channels[at]} at block ${at + 1}`;
    throw invalid('channels', step, 'a list that never decreases');
  }
}

/** The blocks, from 0, that halve height and width: those after one and two thirds of the depth. */
function cifarStrides(depth: number): number[] {
  return [Math.floor(depth / 3), Math.floor((2 * depth) / 3)];
}
