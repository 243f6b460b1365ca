import type { PixelScale } from './prepare-pixels.js';

/** Images for a network in a fixed order, made or read on request. */
export interface ImageSource {
  readonly count: number;
  /** A description of the images: `48 random images`. */
  readonly words: string;
  /**
   * Returns images `from` to `from + count - 1` at a resolution, the same numbers every time. The shape is [count,
   * resolution, resolution, channels], row-major.
   * @param channels of the network: random images have any number, image files 1 (grey) or 3. @default 3
   * @param scale of the pixels of image files; random ones have none. @default that of ImageNet
   */
  read(
    from: number,
    count: number,
    resolution: number,
    channels?: number,
    scale?: PixelScale,
  ): Promise<Float32Array>;
}

/** Images from which a selection is still to be made. */
export interface ImageCollection {
  /** The number of images; Infinity for random ones. */
  readonly available: number;
  /** A description of the folder's files that are not read: `3 .gif, 1 .txt`. */
  readonly leftOut?: string | undefined;
  /** Returns `count` of them, chosen by the seed. @throws RangeError if there are fewer */
  select(count: number): Promise<ImageSource>;
}
