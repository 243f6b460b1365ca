import type { Vector } from './vector.js';
/** Returns features [images, positions, channels] times the weight of each image and channel. */
export function scale(x: Vector, weights: Vector, channels: number): Vector {
  const perImage = (x.length / weights.length) * channels;
  return x.map((value, i) => value * weights[Math.floor(i / perImage) * channels + (i % channels)]!);
}

/** Returns the gradients of the scaled features and of the weights. */
export function scaleGradient(
  dy: Vector,
  x: Vector,
  weights: Vector,
  channels: number,
): { dx: Vector; dWeights: Vector } {
  const perImage = (x.length / weights.length) * channels;
  const dWeights = new Float64Array(weights.length);
  for (let i = 0; i < x.length; i++) {
    dWeights[Math.floor(i / perImage) * channels + (i % channels)]! += dy[i]! * x[i]!;
  }
  return { dx: scale(dy, weights, channels), dWeights };
}
