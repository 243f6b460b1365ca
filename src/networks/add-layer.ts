import type { ActivationName } from '../activations/definitions.js';
import { invalid, missing } from '../errors.js';
import { lastOf } from '../lookups.js';
import type { Tap } from '../layers/blocks.js';
import type {
  LayerShape,
  LayerSource,
  NetworkLayer,
  NetworkLayerKind,
  NetworkLayerRole,
  Normalization,
} from './network-layer.js';

/** The place where layers are added: a list in forward order, and the prefix of names. */
export interface LayerList {
  readonly layers: NetworkLayer[];
  readonly block: number | null;
  /** Such as `block1.` */
  readonly prefix: string;
}

/** The given properties of a layer; the others follow from its inputs. */
export interface LayerProperties {
  /** Its name behind the prefix. @default its role */
  readonly name?: string | undefined;
  readonly kind: NetworkLayerKind;
  readonly role: NetworkLayerRole;
  /** Output channels of a convolution or a linear layer; other kinds keep those of their inputs. */
  readonly channels?: number | undefined;
  /** @default 1 */
  readonly kernel?: number | undefined;
  /** @default 1 */
  readonly stride?: number | undefined;
  /** @default false */
  readonly bias?: boolean | undefined;
  /** Whether a pool removes height and width, so that a linear layer can follow. @default false */
  readonly flat?: boolean | undefined;
  /** @default null */
  readonly normalization?: Normalization | null | undefined;
  /** @default 'linear' */
  readonly activation?: ActivationName | undefined;
  /** @default none */
  readonly taps?: readonly Tap[] | undefined;
}

/**
 * Adds a layer to a list and returns it: its sizes and groups follow from its inputs.
 *
 * @param inputs earlier layers, or the images
 * @throws RangeError for a layer without inputs, or inputs whose shapes do not go together
 * @example
 * const place = { layers: [], block: null, prefix: '' };
 * const images = { name: imagesInput, outputShape: [3, 32, 32] } as const;
 * const stem = addLayer(place, [images], { kind: 'convolution', role: 'stem', channels: 8, kernel: 3 });
 * const inner = addLayer(place, [stem], { kind: 'convolution', role: 'spatial', channels: 8, kernel: 3 });
 * addLayer(place, [inner, stem], { kind: 'add', role: 'shortcut' });
 */
export function addLayer(
  { layers, block, prefix }: LayerList,
  inputs: readonly LayerSource[],
  plan: LayerProperties,
): NetworkLayer {
  const { kind, role, kernel = 1 } = plan;
  const name = prefix + (plan.name ?? role);
  const inputChannels = inputs.map(({ outputShape }) => outputShape[0]);
  const outputShape = outputShapeOf(name, inputs, inputChannels, plan);
  const layer: NetworkLayer = {
    name,
    kind,
    role,
    inputs: inputs.map((input) => input.name),
    inputChannels,
    block,
    inputShape: inputs[0]!.outputShape,
    outputShape,
    channelsIn: lastOf(inputChannels),
    channelsOut: outputShape[0],
    groups: kind === 'depthwise' ? outputShape[0] : 1,
    kernel,
    stride: plan.stride ?? 1,
    padding: (kernel - 1) / 2,
    bias: plan.bias ?? false,
    normalization: plan.normalization ?? null,
    activation: plan.activation ?? 'linear',
    taps: plan.taps ?? none,
  };
  layers.push(layer);
  return layer;
}

const none: readonly Tap[] = [];

function outputShapeOf(
  name: string,
  inputs: readonly LayerSource[],
  inputChannels: readonly number[],
  { kind, channels, stride = 1, flat }: LayerProperties,
): LayerShape {
  const mismatch = (allowed: string) => {
    const shapes = inputs.map((one) => `${one.name} [${one.outputShape.join(', ')}]`).join(' and ');
    return invalid(`inputs of ${name}`, shapes, allowed);
  };
  const first = inputs[0]?.outputShape;
  if (first === undefined) throw missing(`inputs of ${name}`, undefined, 'a layer reads at least one other');
  const [channelsIn, height, width] = first;
  if (kind === 'add') {
    const fits = inputs.every(({ outputShape: [, h, w] }) => h === height && w === width);
    if (!fits) throw mismatch('inputs of the same height and width');
    const max = Math.max(...inputChannels);
    return height === undefined || width === undefined ? [max] : [max, height, width];
  }
  if (kind === 'multiply') {
    if (inputs.length === 2 && repeats(inputs[1]!.outputShape, first)) return first;
    throw mismatch('two, the second of the same shape or of one position with as many channels');
  }
  if (inputs.length > 1) throw mismatch('one');
  if (kind === 'linear') return [channels ?? channelsIn];
  if (height === undefined || width === undefined) throw mismatch('[channels, height, width]');
  if (kind === 'pool') return flat ? [channelsIn] : [channelsIn, 1, 1];
  if (kind === 'depthwise' && channels !== undefined && channels !== channelsIn) {
    throw mismatch(`${channels} channels`);
  }
  // With (kernel - 1) / 2 zeros on each side only the stride shrinks the image.
  return [channels ?? channelsIn, Math.ceil(height / stride), Math.ceil(width / stride)];
}

/** Whether features of this shape can be repeated to the whole one. */
function repeats([channels, height, width]: LayerShape, whole: LayerShape): boolean {
  const same = height === whole[1] && width === whole[2];
  return channels === whole[0] && (same || (whole.length === 3 && height === 1 && width === 1));
}
