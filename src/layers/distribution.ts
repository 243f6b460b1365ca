import type { Notation } from '../fields.js';
import { fillNormal, fillUniform } from '../random/distributions.js';
import type { Stream } from '../random/stream.js';

/** A distribution of independent or of jointly drawn numbers, parsed from a notation such as `normal:0.1`. */
export interface Distribution<Shape = void> extends Notation {
  /** Whether the numbers depend on each other. Then a part of them cannot be drawn without the rest. */
  readonly joint: boolean;
  /** Fills an array from a stream and returns it. */
  fill(stream: Stream, out: Float32Array, shape: Shape): Float32Array;
  /** Returns the mean of one number. */
  mean(shape: Shape): number;
  /** Returns the variance of one number. */
  variance(shape: Shape): number;
}

/** Returns N(0, sd²). */
export function normalOf<Shape>(
  notation: Notation,
  sd: (shape: Shape) => number,
  variance = (shape: Shape) => sd(shape) ** 2,
): Distribution<Shape> {
  return {
    ...notation,
    ...{ joint: false, variance, mean: () => 0 },
    fill: (stream, out, shape) => fillNormal(stream, out, sd(shape)),
  };
}

/** Returns the uniform distribution on (-bound, bound). */
export function uniformOf<Shape>(
  notation: Notation,
  bound: (shape: Shape) => number,
  variance = (shape: Shape) => bound(shape) ** 2 / 3,
): Distribution<Shape> {
  return {
    ...notation,
    ...{ joint: false, variance, mean: () => 0 },
    fill: (stream, out, shape) => fillUniform(stream, out, -bound(shape), bound(shape)),
  };
}
