import type { Pixels } from './pixels.js';
import { squareImage } from './square-image.js';

/** Mean and standard deviation of ImageNet's red, green and blue, of 255: what the published networks were trained with. */
const MEAN = [0.485 * 255, 0.456 * 255, 0.406 * 255];
const DEVIATION = [0.229 * 255, 0.224 * 255, 0.225 * 255];

/** Writes the middle square of an image into `out`, [resolution, resolution, 3]: less ImageNet's mean, over its deviation. */
export function preparePixels(pixels: Pixels, resolution: number, out: Float32Array): void {
  const square = squareImage(pixels, resolution);
  for (let i = 0; i < square.length; i++) out[i] = (square[i]! - MEAN[i % 3]!) / DEVIATION[i % 3]!;
}
