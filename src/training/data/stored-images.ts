import type { Pixels } from '../../images/pixels.js';

/** Labelled images as a data set stores them. */
export interface StoredImages {
  readonly labels: Int32Array;
  /** Returns one image in its own size. */
  readonly pixels: (image: number) => Pixels | Promise<Pixels>;
}

/** A data set in its stored form. */
export interface StoredData {
  readonly kind: string;
  readonly classes: readonly string[];
  readonly train: StoredImages;
  /** Undefined if the data set has no test images of its own. */
  readonly test: StoredImages | undefined;
  /** The place where test images would have been. */
  readonly testPlace: string;
  /** Files that were not read, by their endings. */
  readonly leftOut?: string | undefined;
}

/** Returns some of the images, in the order of their numbers. */
export function chosenImages({ labels, pixels }: StoredImages, numbers: readonly number[]): StoredImages {
  return {
    labels: Int32Array.from(numbers, (number) => labels[number]!),
    pixels: (image) => pixels(numbers[image]!),
  };
}
