/** Images that a network can be run on, in a fixed order, made or read when they are asked for. */
export interface ImageSource {
  readonly count: number;
  /** What they are, in words: `48 random images`. */
  readonly words: string;
  /**
   * Returns images `from` to `from + count - 1` at a resolution, [count, resolution, resolution, channels] row-major,
   * the same numbers every time.
   */
  read(from: number, count: number, resolution: number): Promise<Float32Array>;
}

/** Images of which some are still to be chosen. */
export interface ImageCollection {
  /** How many there are; Infinity for random ones. */
  readonly available: number;
  /** Returns so many of them, chosen by the seed. @throws RangeError where there are not so many */
  select(count: number): Promise<ImageSource>;
}
