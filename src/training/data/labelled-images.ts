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

/** A data set as networks are trained on it. */
export interface TrainingData {
  /** What it is: `CIFAR-10`, `IDX files`, `folders of images`. */
  readonly kind: string;
  /** Where it was read. */
  readonly path: string;
  /** Names of the classes; their numbers where the data has no names. */
  readonly classes: readonly string[];
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** Which images are those of the test: `as stored`, or the share that was kept from each class. */
  readonly split: string;
  /** SHA-256 of sizes, labels and pixels of both parts, as networks see them. */
  readonly sha256: string;
}
