/** Images with the class of each, kept as bytes. */
export interface LabelledImages {
  readonly count: number;
  /** Height and width. */
  readonly resolution: number;
  readonly channels: number;
  /** [images, height, width, channels], 0 to 255. */
  readonly pixels: Uint8Array;
  /** The class of each image, from 0. */
  readonly labels: Int32Array;
}

/** A data set for training networks. */
export interface TrainingData {
  /** The kind of data: `CIFAR-10`, `IDX files`, `folders of images`. */
  readonly kind: string;
  /** The path from which it was read. */
  readonly path: string;
  /** Names of the classes; their numbers if the data has no names. */
  readonly classes: readonly string[];
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** The choice of test images: `as stored`, or the share held out from each class. */
  readonly split: string;
  /** SHA-256 of sizes, labels and pixels of both parts, after resizing. */
  readonly sha256: string;
  /** Files in the folder that were not read, by their endings; undefined if there are none. */
  readonly leftOut?: string | undefined;
}
