import { lengthOf } from '../formats/elements.js';
import type { NamedTensor } from '../formats/model-file.js';

/** Where the channels of a response lie. */
export interface ChannelAxis {
  /** The most axes of a bias: with more of them the response would have more too. */
  readonly axes: number;
  /** Axes behind that of the channels. */
  readonly behind: number;
}

/**
 * Returns a stored bias as one number per channel; a single number counts for all of them. It is undefined for numbers
 * along another axis, or computed ones.
 */
export async function channelBias(
  tensor: NamedTensor | undefined,
  channels: number,
  { axes, behind }: ChannelAxis,
): Promise<Float64Array | undefined> {
  if (!tensor || tensor.shape.length > axes) return undefined;
  const { shape } = tensor;
  const size = lengthOf(shape);
  const isAlong = shape.every((n, i) => n === 1 || i === shape.length - 1 - behind);
  if (size !== 1 && (size !== channels || !isAlong)) return undefined;
  const numbers = await tensor.read(0, size);
  return Float64Array.from({ length: channels }, (_, i) => numbers[size === 1 ? 0 : i]!);
}
