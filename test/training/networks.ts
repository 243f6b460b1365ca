import type { ActivationName } from '../../src/activations/definitions.js';
import type { Network, NetworkBlock, SqueezeExcitation } from '../../src/networks/network.js';

/** Every kind of block, stride, kernel, squeeze-excitation, shortcut and head that `Network` describes, small. */
export function everyPart(activation: ActivationName = 'silu'): Network {
  const activations = { expand: activation, spatial: activation, project: 'linear' } as const;
  const block = (own: Partial<NetworkBlock>): NetworkBlock => ({
    kind: 'inverted-depthwise',
    channels: 4,
    expansion: 2,
    kernel: 3,
    stride: 1,
    activations,
    squeezeExcitation: null,
    shortcut: 'none',
    ...own,
  });
  const excitation: SqueezeExcitation = {
    divisor: 2,
    of: 'hidden',
    position: 'before-activation',
    normalized: true,
    activation: 'tanh',
    gate: 'sigmoid',
  };
  return {
    name: 'every part',
    resolution: 9,
    inputChannels: 3,
    epsilon: 1e-5,
    stem: { channels: 3, kernel: 3, stride: 1, activation },
    blocks: [
      block({ channels: 4, shortcut: 'partial', squeezeExcitation: excitation }),
      block({ channels: 4, shortcut: 'full', expansion: 1 }),
      block({
        channels: 5,
        stride: 2,
        kernel: 5,
        squeezeExcitation: { ...excitation, of: 'input', position: 'after-activation', normalized: false },
      }),
      block({ kind: 'inverted-conv3x3', channels: 5, shortcut: 'full' }),
      block({ kind: 'separable', channels: 6, expansion: 1, shortcut: 'partial' }),
      block({ kind: 'conv3x3', channels: 6, expansion: 1, stride: 2, squeezeExcitation: excitation }),
      block({ kind: 'pointwise', channels: 7, expansion: 1, shortcut: 'partial' }),
      block({ kind: 'pointwise', channels: 5, expansion: 1, stride: 2 }),
    ],
    head: {
      convolution: { channels: 6, activation },
      hidden: { channels: 5, activation },
      classes: 4,
    },
  };
}
