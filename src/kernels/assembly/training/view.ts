/**
 * Features as a layer leaves them, before normalization and activation. A view says how they are read: f(scale y +
 * shift), channel by channel. Nothing is normalized in memory: every reader applies this as it reads.
 *
 * Layout. Features are positions by channels, float32, the positions of all images one after the other; a position takes
 * `row` bytes, channels padded with zeros to a multiple of eight. Behind the last position lie six more, which kernels may overwrite.
 * The table has five such rows: scale, shift, and what the gradient takes (`gradientOf`): constant, slope, mean.
 */
@unmanaged
export class View {
  y: usize;
  row: usize;
  table: usize;
  channels: i32;
  /** The place of f among the activation definitions, or -1 where f clips to `low` and `high`. */
  which: i32;
  low: f32;
  high: f32;
  /** f and f' of every entry, where f is no clip; the first reader writes them. */
  value: usize;
  slope: usize;
  /** 1 until the first reader of this step has written value and slope. */
  fresh: i32;
  /**
   * A row of y, then two rows of float64. The row is subtracted before squares are summed; the two are the sums of y -
   * first and of its square.
   */
  first: usize;
  sums: usize;
  /** Two rows of float64: the sums of f' times the gradient, and of the same times y - mean. */
  gradientSums: usize;
  /** The gradient of f(scale y + shift); rows as those of y. */
  gradient: usize;
}

/** Positions worked through at once: they and their panels stay in the second-level cache. */
const POSITIONS: i32 = 144;
/** Floats of such a chunk; layers of more channels take fewer positions, a multiple of six. */
const CHUNK: i32 = 65536;

export function positionsAtOnce(depth: i32): i32 {
  return max(24, min(POSITIONS, (CHUNK / depth / 6) * 6));
}
