import { invalid } from '../errors.js';
import type { Pixels } from './pixels.js';
import { squareImage } from './square-image.js';

/**
 * Mean of ImageNet's red, green and blue, times 255; the published networks were trained with it and the deviations.
 */
const MEAN = [0.485 * 255, 0.456 * 255, 0.406 * 255];
const DEVIATION = [0.229 * 255, 0.224 * 255, 0.225 * 255];

/** Weights of red, green and blue in grey: the luma of Rec. 601, as in Pillow and torchvision. */
const LUMA = [0.299, 0.587, 0.114];

/** How pixels become inputs: (pixel - mean) / deviation, pixels from 0 to 255, for red, green and blue. */
export interface PixelScale {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

const imageNet: PixelScale = { mean: MEAN, deviation: DEVIATION };

/**
 * Writes the middle square of an image into `out`, standardised, by default with ImageNet's mean and deviation. The
 * shape is [resolution, resolution, channels]. One channel is the luma of Rec. 601, minus the luma of the mean (0.4590 of
 * ImageNet), divided by that of the deviations (0.2256).
 */
export function preparePixels(
  pixels: Pixels,
  resolution: number,
  channels: number,
  out: Float32Array,
  scale: PixelScale = imageNet,
): void {
  const square = squareImage(pixels, resolution);
  if (channels === 3) {
    const { mean, deviation } = scale;
    for (let i = 0; i < square.length; i++) out[i] = (square[i]! - mean[i % 3]!) / deviation[i % 3]!;
    return;
  }
  const [mean, deviation] = [luma(scale.mean, 0), luma(scale.deviation, 0)];
  for (let i = 0; i < resolution * resolution; i++) out[i] = (luma(square, 3 * i) - mean) / deviation;
}

/** @throws RangeError unless image files can be read with this number of channels */
export function checkChannels(channels: number): void {
  if (channels !== 1 && channels !== 3)
    throw invalid('channels', channels, '1 or 3 from image files; random images have any number');
}

/** Returns the luma of Rec. 601 of the colour at a place. */
export function luma(colour: ArrayLike<number>, at: number): number {
  return LUMA[0]! * colour[at]! + LUMA[1]! * colour[at + 1]! + LUMA[2]! * colour[at + 2]!;
}
