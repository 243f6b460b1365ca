import { nextInteger } from '../../random/distributions.js';
import { createStream } from '../../random/stream.js';
import type { Recipe } from '../recipe.js';

/** The change of one image: a shift by whole pixels, a mirror image, and an erased square. */
export interface Augmentation {
  /** The pixel of the stored image that comes to the upper left corner. */
  readonly left: number;
  readonly top: number;
  readonly mirrored: boolean;
  /** The square without pixels, in the changed image; part of it may lie outside. */
  readonly hole: { readonly left: number; readonly top: number; readonly side: number } | null;
}

/**
 * Returns the change of an image in an epoch. Only seed, epoch and image decide it, not the batch, the worker or the
 * order.
 */
export function drawAugmentation(
  { seed, crop, flip, cutOut }: Recipe,
  epoch: number,
  image: number,
  resolution: number,
): Augmentation {
  const stream = createStream(seed, `training/epoch ${epoch}/image ${image}`);
  const max = Math.round(crop * resolution);
  const [left, top] = [nextInteger(stream, -max, max), nextInteger(stream, -max, max)];
  const mirrored = nextInteger(stream, 0, 1) === 1;
  const side = Math.round(cutOut * resolution);
  // its centre is any pixel
  const corner = () => nextInteger(stream, 0, resolution - 1) - Math.floor(side / 2);
  const hole = side > 0 ? { left: corner(), top: corner(), side } : null;
  return { left, top, mirrored: flip && mirrored, hole };
}
