import type { ActivationName } from '../activations/definitions.js';
import type { Tap } from '../layers/blocks.js';
import type { Network, NetworkBlock, SqueezeExcitation } from './network.js';
import type { NetworkLayer, Normalization } from './network-layer.js';

/**
 * Returns every layer of a network in forward order. This is the one walk over a description: costs,
 * tables and tensors are derived from its layers.
 *
 * @example
 * networkLayers(networkNamed('rexnet-1.0')).map((layer) => layer.name); // stem, block1.spatial, ...
 */
export function networkLayers(network: Network): NetworkLayer[] {
  const { stem, blocks, head } = network;
  const normalization = { epsilon: network.epsilon };
  const walk: Walk = {
    layers: [],
    normalization,
    channels: network.inputChannels,
    size: network.resolution,
    block: null,
    prefix: '',
  };
  convolve(walk, { role: 'stem', ...stem });
  for (let i = 0; i < blocks.length; i++) {
    walk.block = i + 1;
    walk.prefix = `block${i + 1}.`;
    walkBlock(walk, blocks[i]!);
  }
  walk.block = null;
  walk.prefix = '';
  if (head.convolution) convolve(walk, { role: 'head', ...head.convolution });
  pool(walk, 'pool');
  if (head.hidden) linear(walk, { role: 'hidden', normalization, ...head.hidden });
  linear(walk, { role: 'classifier', channels: head.classes });
  return walk.layers;
}

/** Returns the hidden channels of a block: those its spatial convolution puts out. */
export function hiddenChannels(block: NetworkBlock, channelsIn: number): number {
  if (block.kind === 'conv3x3' || block.kind === 'pointwise') return block.channels;
  return Math.round(channelsIn * block.expansion);
}

/** Returns the channels between the two convolutions of a squeeze-excitation. */
export function reducedChannels(rule: SqueezeExcitation, channelsIn: number, hidden: number): number {
  return Math.max(1, Math.floor((rule.of === 'input' ? channelsIn : hidden) / rule.divisor));
}

/** Where the walk stands: what the last layer put out, and the block it is in. */
interface Walk {
  readonly layers: NetworkLayer[];
  readonly normalization: Normalization;
  channels: number;
  size: number;
  block: number | null;
  prefix: string;
}

function walkBlock(walk: Walk, block: NetworkBlock): void {
  const { kind, channels, stride, activations, squeezeExcitation: excitation } = block;
  const channelsIn = walk.channels;
  const hidden = hiddenChannels(block, channelsIn);
  const inverted = kind === 'inverted-depthwise' || kind === 'inverted-conv3x3';
  const depthwise = kind === 'inverted-depthwise' || kind === 'separable';
  const single = kind === 'conv3x3' || kind === 'pointwise';
  const added = block.shortcut !== 'none';
  const finish = added ? none : outputTap;

  if (inverted && block.expansion !== 1) {
    convolve(walk, { role: 'expand', channels: hidden, activation: activations.expand, taps: expandTap });
  }
  if (kind !== 'pointwise') {
    // The activation belongs to the scaling where the squeeze-excitation comes before it.
    const late = excitation?.position === 'before-activation';
    const taps = single ? finish : spatialTap;
    convolve(walk, {
      role: 'spatial',
      channels: hidden,
      kernel: block.kernel,
      stride,
      groups: depthwise ? hidden : 1,
      activation: late ? 'linear' : activations.spatial,
      taps: late || (single && excitation) ? none : taps,
    });
    if (excitation) {
      squeezeAndExcite(walk, excitation, {
        reduced: reducedChannels(excitation, channelsIn, hidden),
        activation: late ? activations.spatial : 'linear',
        taps: late || single ? taps : none,
      });
    }
  }
  if (kind !== 'conv3x3') {
    const taps = single ? finish : added ? projectTap : projectAndOutputTaps;
    const { project: activation } = activations;
    convolve(walk, { role: 'project', channels, stride: single ? stride : 1, activation, taps });
  }
  if (added) {
    const shape = [channels, walk.size, walk.size] as const;
    push(walk, {
      kind: 'shortcut',
      role: 'shortcut',
      inputShape: shape,
      outputShape: shape,
      channelsIn,
      channelsOut: channels,
      taps: outputTap,
    });
  }
}

function squeezeAndExcite(
  walk: Walk,
  rule: SqueezeExcitation,
  { reduced, activation, taps }: { reduced: number; activation: ActivationName; taps: readonly Tap[] },
): void {
  const { channels, size } = walk;
  const whole = [channels, size, size] as const;
  const pooled = [channels, 1, 1] as const;
  const middle = [reduced, 1, 1] as const;
  pool(walk, 'squeeze');
  push(walk, {
    kind: 'convolution',
    role: 'reduce',
    inputShape: pooled,
    outputShape: middle,
    channelsIn: channels,
    channelsOut: reduced,
    bias: true,
    normalization: rule.normalized ? walk.normalization : null,
    activation: rule.activation,
  });
  push(walk, {
    kind: 'convolution',
    role: 'excite',
    inputShape: middle,
    outputShape: pooled,
    channelsIn: reduced,
    channelsOut: channels,
    bias: true,
    activation: rule.gate,
  });
  push(walk, {
    kind: 'scale',
    role: 'scale',
    inputShape: whole,
    outputShape: whole,
    channelsIn: channels,
    channelsOut: channels,
    activation,
    taps,
  });
}

interface ConvolutionStep {
  readonly role: 'stem' | 'expand' | 'spatial' | 'project' | 'head';
  readonly channels: number;
  readonly kernel?: number;
  readonly stride?: number;
  readonly groups?: number;
  readonly activation: ActivationName;
  readonly taps?: readonly Tap[];
}

function convolve(
  walk: Walk,
  { role, channels, kernel, stride = 1, groups = 1, activation, taps }: ConvolutionStep,
): void {
  const inputShape = [walk.channels, walk.size, walk.size] as const;
  // With (kernel - 1) / 2 zeros on each side only the stride shrinks the image.
  walk.size = Math.ceil(walk.size / stride);
  push(walk, {
    kind: groups > 1 ? 'depthwise' : 'convolution',
    role,
    inputShape,
    outputShape: [channels, walk.size, walk.size],
    channelsIn: walk.channels,
    channelsOut: channels,
    groups,
    kernel,
    stride,
    normalization: walk.normalization,
    activation,
    taps,
  });
  walk.channels = channels;
}

function pool(walk: Walk, role: 'squeeze' | 'pool'): void {
  const { channels, size } = walk;
  push(walk, {
    kind: 'pool',
    role,
    inputShape: [channels, size, size],
    outputShape: role === 'pool' ? [channels] : [channels, 1, 1],
    channelsIn: channels,
    channelsOut: channels,
  });
}

interface LinearStep {
  readonly role: 'hidden' | 'classifier';
  readonly channels: number;
  readonly normalization?: Normalization;
  readonly activation?: ActivationName;
}

function linear(walk: Walk, { role, channels, normalization, activation }: LinearStep): void {
  push(walk, {
    kind: 'linear',
    role,
    inputShape: [walk.channels],
    outputShape: [channels],
    channelsIn: walk.channels,
    channelsOut: channels,
    bias: true,
    normalization,
    activation,
  });
  walk.channels = channels;
}

type LayerPlan = Pick<
  NetworkLayer,
  'kind' | 'role' | 'inputShape' | 'outputShape' | 'channelsIn' | 'channelsOut'
> & {
  readonly [K in 'groups' | 'kernel' | 'stride' | 'bias' | 'normalization' | 'activation' | 'taps']?:
    NetworkLayer[K] | undefined;
};

/** Every layer is made here: all fields, in one order. */
function push(walk: Walk, step: LayerPlan): void {
  const { kernel = 1 } = step;
  walk.layers.push({
    name: walk.prefix + step.role,
    kind: step.kind,
    role: step.role,
    block: walk.block,
    inputShape: step.inputShape,
    outputShape: step.outputShape,
    channelsIn: step.channelsIn,
    channelsOut: step.channelsOut,
    groups: step.groups ?? 1,
    kernel,
    stride: step.stride ?? 1,
    padding: (kernel - 1) / 2,
    bias: step.bias ?? false,
    normalization: step.normalization ?? null,
    activation: step.activation ?? 'linear',
    taps: step.taps ?? none,
  });
}

const none: readonly Tap[] = [];
const expandTap: readonly Tap[] = ['expand'];
const spatialTap: readonly Tap[] = ['spatial'];
const projectTap: readonly Tap[] = ['project'];
const projectAndOutputTaps: readonly Tap[] = ['project', 'output'];
const outputTap: readonly Tap[] = ['output'];
