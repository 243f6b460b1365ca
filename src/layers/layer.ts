import { invalid } from '../errors.js';
import { fillUniform, nextInteger } from '../random/distributions.js';
import { createStream, nextUnit } from '../random/stream.js';
import { ADDRESSABLE_BYTES, mebibytes } from '../kernels/kernel-instance.js';
import { blockNamed, type BlockName, type Convolution, expands } from './blocks.js';
import type { FilterShape } from './initialisation.js';
import { inputFromArray, type InputArray } from './inputs.js';
import { layerRules, type LayerProtocolLike, type LayerRules } from './layer-rules.js';
import type { LayerProtocol } from './protocol.js';
import type { ChannelNormalization } from './read-normalization.js';

/** The address of a layer in a study; with the protocol it decides all the layer's numbers. */
export interface LayerAddress {
  readonly seed: number;
  readonly block: BlockName;
  /** d_in / d_out, in (0, 1]. */
  readonly dimensionRatio: number;
  /** The layer's number within its point, from 0. */
  readonly index: number;
}

export interface LayerSizes {
  readonly dIn: number;
  readonly dOut: number;
  /** Channels between expansion and projection of an inverted bottleneck; d_out for a block without expansion. */
  readonly hidden: number;
  /** N, the number of columns of the features. */
  readonly columns: number;
  /** The number of input images: enough for N columns, one per position of the output. */
  readonly images: number;
}

/**
 * A convolution's parameters. Weights of its window are in [height, width, in, out] order (depthwise: [height, width,
 * channel]).
 */
export interface ConvolutionParameters {
  readonly shape: FilterShape;
  readonly weights: Float32Array;
  readonly bias: Float32Array | null;
  /** The factor of each normalized channel; null for 1. */
  readonly scale: Float32Array | null;
  /** The shift of each normalized channel after the scale; null for 0. */
  readonly shift: Float32Array | null;
}

/** A random layer and its input as plain float32 numbers, before any activation. */
export interface Layer {
  readonly address: LayerAddress;
  readonly protocol: LayerProtocol;
  /** The normalization of the protocol, parsed. */
  readonly normalization: ChannelNormalization;
  readonly sizes: LayerSizes;
  readonly convolutions: readonly ConvolutionParameters[];
  /** In [image, row, column, channel] order. */
  readonly input: Float32Array;
}

/**
 * Returns the random layer of an address: its sizes, weights, biases and input. The protocol's range decides d_out, and
 * d_in = max(1, round(ratio x d_out)). Every tensor is drawn from its own stream, named by the address, so the same
 * address gives the same bits everywhere. The activation is not part of the address: all activations of a study are
 * measured on the same layers, so their differences are more precise than their values.
 *
 * @param given the protocol, resolved: see {@link resolveLayerProtocol}
 * @param inputs the user's own array, where the protocol's inputs are `file:PATH`
 * @throws RangeError for an unknown block, a ratio outside (0, 1], an array too small for the layer, or a layer too large
 * for memory, with what it would need
 * @example
 * const protocol = resolveLayerProtocol({ channels: '16:64' });
 * drawLayer({ seed: 0, block: 'pointwise', dimensionRatio: 0.5, index: 0 }, protocol).sizes;
 */
export function drawLayer(address: LayerAddress, given: LayerProtocolLike, inputs?: InputArray): Layer {
  const block = blockNamed(address.block);
  const rules = layerRules(given);
  const { protocol, normalization } = rules;
  const sizes = drawSizes(address, rules);
  checkSize(address, sizes, rules);
  const channels = { in: sizes.dIn, hidden: sizes.hidden, out: sizes.dOut };
  const convolutions = block.convolutions.map(({ tap, kernel, depthwise, from, to }) => {
    const window = windowOf(kernel, rules);
    const shape = { kernel, window, depthwise, inputs: channels[from], outputs: channels[to] };
    const size = window * window * shape.inputs * (depthwise ? 1 : shape.outputs);
    const weights = rules.weights.fill(streamOf(address, `${tap}/weights`), new Float32Array(size), shape);
    const drawn = (rule: LayerRules['bias'], name: string) =>
      rule && rule.fill(streamOf(address, `${tap}/${name}`), new Float32Array(shape.outputs), shape);
    const bias = drawn(rules.bias, 'bias');
    const scale =
      protocol.normalizationScale === 'uniform' && normalization.name !== 'none'
        ? fillUniform(streamOf(address, `${tap}/scale`), new Float32Array(shape.outputs))
        : null;
    const shift = normalization.name === 'none' ? null : drawn(rules.shift, 'shift');
    return { shape, weights, bias, scale, shift };
  });
  const input = drawInput(address, rules, sizes, inputs);
  return { address, protocol, normalization, sizes, convolutions, input };
}

/** Returns the sizes of the layer at an address, without drawing the layer. */
export function drawSizes(address: LayerAddress, given: LayerProtocolLike): LayerSizes {
  const { dimensionRatio: ratio } = address;
  if (!(ratio > 0 && ratio <= 1)) throw invalid('dimension ratio', ratio, 'a number in (0, 1]');
  const rules = layerRules(given);
  const [low, high] = rules.channels;
  const stream = streamOf(address, 'sizes');
  const dOut =
    rules.protocol.channelDistribution === 'uniform'
      ? nextInteger(stream, low, high)
      : Math.min(high, Math.floor(low * ((high + 1) / low) ** nextUnit(stream)));
  return sizesFor(address, rules, dOut, () => drawExpansion(address, rules));
}

/** Returns the sizes that follow from d_out and, in an inverted bottleneck, from the expansion ratio. */
function sizesFor(
  { dimensionRatio, block }: Pick<LayerAddress, 'dimensionRatio' | 'block'>,
  rules: LayerRules,
  dOut: number,
  expansion: () => number,
): LayerSizes {
  const dIn = Math.max(1, Math.round(dimensionRatio * dOut));
  const known = blockNamed(block);
  const hidden = expands(known) ? Math.max(1, Math.round(expansion() * dIn)) : dOut;
  const columns = rules.samples(dOut);
  const side = outputSide(known.convolutions, rules.protocol);
  return { dIn, dOut, hidden, columns, images: Math.ceil(columns / (side * side)) };
}

/** Returns the sizes of the largest layer of a block and a dimension ratio that a protocol can draw. */
export function largestSizes(
  point: Pick<LayerAddress, 'dimensionRatio' | 'block'>,
  given: LayerProtocolLike,
): LayerSizes {
  const rules = layerRules(given);
  return sizesFor(point, rules, rules.channels[1], () => rules.expansion[1]);
}

/**
 * Checks that the largest layer of a block and a dimension ratio that a protocol can draw fits in memory.
 * @throws RangeError with the needed and the available memory
 */
export function checkLargestLayer(
  point: Pick<LayerAddress, 'dimensionRatio' | 'block'>,
  given: LayerProtocolLike,
): void {
  const rules = layerRules(given);
  checkSize(point, largestSizes(point, rules), rules);
}

/** Checks that a convolution (input, weights and output) and a rank each fit in WebAssembly's memory. */
function checkSize(
  { dimensionRatio, block }: Pick<LayerAddress, 'dimensionRatio' | 'block'>,
  sizes: LayerSizes,
  rules: LayerRules,
): void {
  const { protocol } = rules;
  const { dIn, dOut, hidden, columns, images } = sizes;
  const channels = { in: dIn, hidden, out: dOut };
  let side = protocol.spatial;
  const needs = blockNamed(block).convolutions.map(({ kernel, depthwise, from, to }) => {
    const input = images * side ** 2 * channels[from];
    if (protocol.padding === 'valid') side -= kernel - 1;
    const weights = windowOf(kernel, rules) ** 2 * channels[from] * (depthwise ? 1 : channels[to]);
    return 4 * (input + weights + images * side ** 2 * channels[to]);
  });
  // a Gram matrix, a copy of it and its factors: three triangles in float64
  needs.push(12 * Math.min(dOut, columns) ** 2);
  const bytes = Math.max(...needs);
  if (bytes <= ADDRESSABLE_BYTES) return;
  throw invalid(
    'size of a layer',
    `${mebibytes(bytes)} of memory at once, for ${block} at ratio ${dimensionRatio} with ${dOut} output channels, ${columns} columns and ${protocol.spatial} x ${protocol.spatial} pixels`,
    `${mebibytes(ADDRESSABLE_BYTES)}, the memory that WebAssembly can address`,
  );
}

/**
 * Returns the layer if its data fits its sizes, as for every layer of `drawLayer`.
 * @throws RangeError that names the array of the wrong length
 */
export function checkLayer(layer: Layer): Layer {
  const { sizes, protocol, convolutions, input } = layer;
  const check = (thing: string, found: number, expected: number) => {
    if (found !== expected) throw invalid(thing, found, String(expected));
  };
  check('length of the input', input.length, sizes.images * protocol.spatial ** 2 * sizes.dIn);
  let channels = sizes.dIn;
  convolutions.forEach(({ shape, weights, bias, scale, shift }, i) => {
    const { window, inputs, outputs, depthwise } = shape;
    const here = `of convolution ${i + 1}`;
    check(`inputs ${here}`, inputs, channels);
    if (depthwise) check(`outputs ${here}, which is depthwise,`, outputs, inputs);
    check(`number of weights ${here}`, weights.length, window ** 2 * inputs * (depthwise ? 1 : outputs));
    if (bias) check(`number of biases ${here}`, bias.length, outputs);
    if (scale) check(`number of scales ${here}`, scale.length, outputs);
    if (shift) check(`number of shifts ${here}`, shift.length, outputs);
    channels = outputs;
  });
  return layer;
}

function drawExpansion(address: LayerAddress, { expansion: [low, high] }: LayerRules): number {
  return low === high ? low : low + (high - low) * nextUnit(streamOf(address, 'expansion'));
}

/** Returns the height and width of the convolutions' output. @throws RangeError if it would be empty */
export function outputSide(convolutions: readonly Convolution[], protocol: LayerProtocol): number {
  const lost =
    protocol.padding === 'same' ? 0 : convolutions.reduce((sum, { kernel }) => sum + kernel - 1, 0);
  if (protocol.spatial <= lost) {
    throw invalid('spatial size', protocol.spatial, `more than ${lost} with valid padding, or padding same`);
  }
  return protocol.spatial - lost;
}

/**
 * Returns the size of the part of a kernel that can meet the input. A weight farther from the middle than the input is
 * wide meets only padding. At one pixel one of nine weights remains, with the same features.
 */
function windowOf(kernel: number, { protocol: { padding, spatial }, weights }: LayerRules): number {
  return padding === 'valid' || weights.joint ? kernel : Math.min(kernel, 2 * spatial - 1);
}

function drawInput(
  address: LayerAddress,
  { protocol, inputs }: LayerRules,
  sizes: LayerSizes,
  array?: InputArray,
) {
  const stream = streamOf(address, 'inputs');
  const shape = { images: sizes.images, spatial: protocol.spatial, channels: sizes.dIn };
  if (array) return inputFromArray(stream, array, shape);
  if ('file' in inputs)
    throw invalid('inputs', inputs.text, 'an array read from that file, passed as `inputs`');
  return inputs.fill(stream, new Float32Array(shape.images * shape.spatial ** 2 * shape.channels));
}

function streamOf({ seed, block, dimensionRatio, index }: LayerAddress, tensor: string) {
  return createStream(seed, `${block}/${dimensionRatio}/${index}/${tensor}`);
}
