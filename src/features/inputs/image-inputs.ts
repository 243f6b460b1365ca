import { invalid, unknown } from '../../errors.js';
import type { GraphValue } from '../../formats/model-graph.js';
import { openImages } from '../../images/open-images.js';
import { formatInputs } from './format-shapes.js';
import type { OpenInputs } from './open-inputs.js';

export const imageLayouts = ['nchw', 'nhwc'] as const;
export const channelOrders = ['rgb', 'bgr'] as const;

export interface ImageInputOptions {
  /** Height and width. @default those of the model's input */
  readonly size?: number | undefined;
  /**
   * The mean subtracted from pixels between 0 and 1: one number, or one each for red, green and blue. @default
   * ImageNet's
   */
  readonly mean?: readonly number[] | undefined;
  /** The standard deviation that they are then divided by. @default ImageNet's */
  readonly std?: readonly number[] | undefined;
  /** @default that of the model's input shape */
  readonly layout?: (typeof imageLayouts)[number] | undefined;
  /** @default rgb */
  readonly channelOrder?: (typeof channelOrders)[number] | undefined;
  /** The seed that decides which images, and their order. @default 0 */
  readonly seed?: number | undefined;
}

/** The default number of images. */
const USUAL = 64;

const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/**
 * Returns images as inputs of a model: the middle square, resized, (pixel / 255 - mean) / std.
 * @throws RangeError for a model of several inputs or one that takes no images, which names their shapes
 */
export async function imageInputs(
  path: string,
  inputs: readonly GraphValue[],
  options: ImageInputOptions & { readonly count?: number | undefined },
): Promise<OpenInputs> {
  const [input, ...others] = inputs;
  const allowed = `arrays (.npy, .npz) for the model's inputs: ${formatInputs(inputs)}`;
  if (others.length > 0 || !input) throw invalid('inputs', `images in ${path}`, allowed);
  const { layout, size, channels } = geometry(input, options, path, allowed);
  const { seed = 0, channelOrder = 'rgb' } = options;
  if (!channelOrders.includes(channelOrder)) throw unknown('channel-order', channelOrder, channelOrders);
  const mean = three('mean', options.mean ?? imageNet.mean, () => true, 'finite numbers');
  const std = three('std', options.std ?? imageNet.std, (value) => value > 0, 'numbers greater than 0');
  const collection = await openImages(path, { seed });
  const count = options.count ?? Math.min(USUAL, collection.available);
  const source = await collection.select(count);
  const scale = { mean: mean.map((value) => value * 255), deviation: std.map((value) => value * 255) };
  const length = size * size * channels;
  return {
    count: source.count,
    words: source.words,
    settings: { size, mean, std, layout, channelOrder, channels, seed },
    read: async (indices) => {
      const pixels = new Float32Array(indices.length * length);
      for (const [i, index] of indices.entries()) {
        const image = await source.read(index, 1, size, channels, scale);
        arrange(image, pixels.subarray(i * length, (i + 1) * length), channels, { layout, channelOrder });
      }
      const shape = layout === 'nchw' ? [channels, size, size] : [size, size, channels];
      const data = input.dtype === 'float64' ? Float64Array.from(pixels) : pixels;
      return new Map([[input.name, { shape: [indices.length, ...shape], data }]]);
    },
  };
}

function geometry(
  { shape, dtype }: GraphValue,
  options: ImageInputOptions,
  path: string,
  allowed: string,
): { layout: 'nchw' | 'nhwc'; size: number; channels: number } {
  const isFloat = dtype === undefined || dtype === 'float32' || dtype === 'float64';
  if (!isFloat || (shape && shape.length !== 4)) throw invalid('inputs', `images in ${path}`, allowed);
  const isCount = (size: number | null | undefined) => size === 1 || size === 3;
  const seen = !shape ? undefined : isCount(shape[3]) ? 'nhwc' : isCount(shape[1]) ? 'nchw' : undefined;
  const layout = options.layout ?? seen;
  if (layout === undefined) {
    const open = !shape || shape[1] === null || shape[3] === null;
    if (open)
      throw invalid(
        'layout',
        'not known from the shape of the input',
        `${imageLayouts.join(', ')}; ${allowed}`,
      );
    throw invalid('inputs', `images in ${path}, of 1 or 3 channels`, allowed);
  }
  if (!imageLayouts.includes(layout)) throw unknown('layout', layout, imageLayouts);
  const [, a = null, b = null, c = null] = shape ?? [];
  const [channels, height, width] = layout === 'nchw' ? [a, b, c] : [c, a, b];
  if (channels !== null && !isCount(channels)) throw invalid('layout', layout, `one that fits; ${allowed}`);
  if (height !== null && width !== null && height !== width)
    throw invalid('inputs', `images in ${path}, which are made square`, allowed);
  const fixed = height ?? width;
  const size = options.size ?? fixed;
  if (size === null || size === undefined)
    throw invalid('size', 'not known from the shape of the input', `a size; ${allowed}`);
  if (!Number.isSafeInteger(size) || size < 1 || (fixed !== null && size !== fixed))
    throw invalid('size', size, fixed === null ? 'a whole number >= 1' : `${fixed}; ${allowed}`);
  return { layout, size, channels: channels ?? 3 };
}

function three(
  thing: string,
  values: readonly number[],
  holds: (value: number) => boolean,
  allowed: string,
): number[] {
  const fits = values.length === 1 || values.length === 3;
  if (!fits || !values.every((value) => Number.isFinite(value) && holds(value)))
    throw invalid(thing, values.join(','), `one or three ${allowed}`);
  const [red = 0, green = red, blue = red] = values;
  return [red, green, blue];
}

/** Writes an image [height, width, channels] in the order that the model takes. */
function arrange(
  image: Float32Array,
  into: Float32Array,
  channels: number,
  { layout, channelOrder }: { layout: 'nchw' | 'nhwc'; channelOrder: 'rgb' | 'bgr' },
): void {
  const plane = image.length / channels;
  const at = (channel: number) => (channelOrder === 'bgr' ? channels - 1 - channel : channel);
  for (let i = 0; i < plane; i++)
    for (let channel = 0; channel < channels; channel++)
      into[layout === 'nchw' ? channel * plane + i : i * channels + channel] =
        image[i * channels + at(channel)]!;
}
