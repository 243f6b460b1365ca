import type { ActivationName } from '../activations/definitions.js';
import type { Tap } from '../layers/blocks.js';
import { addLayer, type LayerList } from './add-layer.js';
import {
  type BlockStep,
  type Network,
  type NetworkBlock,
  type SqueezeExcitation,
  stepsOf,
} from './network.js';
import { imagesInput, type LayerSource, type NetworkLayer, type Normalization } from './network-layer.js';

/**
 * Returns every layer of a network in forward order, each with the names of its inputs. Costs, tables, tensors and
 * graphs are all derived from these layers.
 *
 * @example
 * networkLayers(networkNamed('rexnet-1.0')).map((layer) => layer.name); // stem, block1.spatial, ...
 */
export function networkLayers(network: Network): NetworkLayer[] {
  const { stem, blocks, head, resolution, inputChannels } = network;
  const normalization = { epsilon: network.epsilon };
  const layers: NetworkLayer[] = [];
  const outside: Place = { layers, normalization, block: null, prefix: '' };
  let x: LayerSource = { name: imagesInput, outputShape: [inputChannels, resolution, resolution] };
  x = convolve(outside, x, { role: 'stem', ...stem });
  for (const [i, block] of blocks.entries()) {
    x = addBlock({ layers, normalization, block: i + 1, prefix: `block${i + 1}.` }, x, block);
  }
  if (head.convolution) x = convolve(outside, x, { role: 'head', ...head.convolution });
  x = addLayer(outside, [x], { kind: 'pool', role: 'pool', flat: true });
  if (head.hidden) {
    const { channels, activation } = head.hidden;
    x = addLayer(outside, [x], {
      kind: 'linear',
      role: 'hidden',
      channels,
      bias: true,
      normalization,
      activation,
    });
  }
  addLayer(outside, [x], { kind: 'linear', role: 'classifier', channels: head.classes, bias: true });
  return layers;
}

/** Returns the hidden channels of a block: the outputs of its spatial convolution. */
export function hiddenChannels(block: NetworkBlock, channelsIn: number): number {
  if (stepsOf(block.kind).length === 1) return block.channels;
  return Math.round(channelsIn * block.expansion);
}

/** Returns the channels between the two convolutions of a squeeze-excitation. */
export function reducedChannels(rule: SqueezeExcitation, channelsIn: number, hidden: number): number {
  return Math.max(1, Math.floor((rule.of === 'input' ? channelsIn : hidden) / rule.divisor));
}

interface Place extends LayerList {
  readonly normalization: Normalization;
}

/** Adds the layers of a block behind `entry` and returns the last. */
function addBlock(place: Place, entry: LayerSource, block: NetworkBlock): LayerSource {
  const { kind, channels, activations, squeezeExcitation: excitation } = block;
  const [channelsIn] = entry.outputShape;
  const hidden = hiddenChannels(block, channelsIn);
  const steps = stepsOf(kind);
  const added = block.shortcut !== 'none';
  let x = entry;
  for (const { role, depthwise } of steps) {
    if (role === 'expand' && block.expansion === 1) continue;
    const isSpatial = role === 'spatial';
    const taps = steps.length === 1 ? (added ? none : outputTap) : tapsOf(role, !added);
    // The activation belongs to the scaling where the squeeze-excitation comes before it.
    const late = isSpatial && excitation?.position === 'before-activation';
    // of a single convolution the output is read behind the squeeze-excitation
    const behind = isSpatial && excitation !== null && (late || steps.length === 1);
    x = convolve(place, x, {
      role,
      channels: role === 'project' ? channels : hidden,
      kernel: isSpatial ? block.kernel : 1,
      stride: isSpatial || steps.length === 1 ? block.stride : 1,
      depthwise,
      activation: late ? 'linear' : activations[role],
      taps: behind ? none : taps,
    });
    if (isSpatial && excitation) {
      x = squeezeAndExcite(place, x, excitation, {
        reduced: reducedChannels(excitation, channelsIn, hidden),
        activation: late ? activations[role] : 'linear',
        taps: behind ? taps : none,
      });
    }
  }
  return added ? addLayer(place, [x, entry], { kind: 'add', role: 'shortcut', taps: outputTap }) : x;
}

/** Returns the taps behind one of several convolutions. The projection is the output if nothing is added to it. */
function tapsOf(role: BlockStep['role'], isOutput: boolean): readonly Tap[] {
  if (role === 'project') return isOutput ? projectAndOutputTaps : projectTap;
  return role === 'expand' ? expandTap : spatialTap;
}

/** Multiplies features by channel weights that are computed from their means. */
function squeezeAndExcite(
  place: Place,
  features: LayerSource,
  rule: SqueezeExcitation,
  { reduced, activation, taps }: { reduced: number; activation: ActivationName; taps: readonly Tap[] },
): LayerSource {
  const squeezed = addLayer(place, [features], { kind: 'pool', role: 'squeeze' });
  const inner = addLayer(place, [squeezed], {
    kind: 'convolution',
    role: 'reduce',
    channels: reduced,
    bias: true,
    normalization: rule.normalized ? place.normalization : null,
    activation: rule.activation,
  });
  const weights = addLayer(place, [inner], {
    kind: 'convolution',
    role: 'excite',
    channels: features.outputShape[0],
    bias: true,
    activation: rule.gate,
  });
  return addLayer(place, [features, weights], { kind: 'multiply', role: 'scale', activation, taps });
}

interface ConvolutionPlan {
  readonly role: 'stem' | 'expand' | 'spatial' | 'project' | 'head';
  readonly channels: number;
  readonly kernel?: number | undefined;
  readonly stride?: number | undefined;
  readonly depthwise?: boolean | undefined;
  readonly activation: ActivationName;
  readonly taps?: readonly Tap[] | undefined;
}

/** Adds a convolution with its normalization. A depthwise convolution of a single channel is an ordinary one. */
function convolve(place: Place, x: LayerSource, plan: ConvolutionPlan): NetworkLayer {
  const { role, channels, kernel, stride, activation, taps } = plan;
  return addLayer(place, [x], {
    kind: plan.depthwise && channels > 1 ? 'depthwise' : 'convolution',
    role,
    channels,
    kernel,
    stride,
    normalization: place.normalization,
    activation,
    taps,
  });
}

const none: readonly Tap[] = [];
const expandTap: readonly Tap[] = ['expand'];
const spatialTap: readonly Tap[] = ['spatial'];
const projectTap: readonly Tap[] = ['project'];
const projectAndOutputTaps: readonly Tap[] = ['project', 'output'];
const outputTap: readonly Tap[] = ['output'];
