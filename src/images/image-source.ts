/** Images that a network can be run on, in a fixed order, made or read when they are asked for. */
export interface ImageSource {
  readonly count: number;
  /** What they are, in words: `48 random images`. */
  readonly words: string;
  /**
   * Returns images `from` to `from + count - 1` at a resolution, [count, resolution, resolution, channels] row-major,
   * the same numbers every time.
   * @param channels of the network: random images have any number, image files 1 (grey) or 3. @default 3
   */
  read(from: number, count: number, resolution: number, channels?: number): Promise<Float32Array>;
}

/** Images of which some are still to be chosen. */
export interface ImageCollection {
  /** How many there are; Infinity for random ones. */
  readonly available: number;
  /** Files of the folder that are not read, in words: `3 .gif, 1 .txt`. */
  readonly leftOut?: string | undefined;
  /** Returns `count` of them, chosen by the seed. @throws RangeError if there are fewer */
  select(count: number): Promise<ImageSource>;
}
