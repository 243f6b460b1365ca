import type { Vector } from './vector.js';
/** Adds a bias to each channel, in place, and returns the features. */
export function addBias(x: Vector, bias: Vector): Vector {
  for (let i = 0; i < x.length; i++) x[i]! += bias[i % bias.length]!;
  return x;
}

/** Returns the gradient of a bias: the sum over the positions of each channel. */
export function biasGradient(dy: Vector, channels: number): Vector {
  const sum = new Float64Array(channels);
  for (let i = 0; i < dy.length; i++) sum[i % channels]! += dy[i]!;
  return sum;
}
