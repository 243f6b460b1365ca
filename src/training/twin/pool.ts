import type { Vector } from './vector.js';
/** Returns the mean over the positions of each image: [images, positions, channels] to [images, channels]. */
export function pool(x: Vector, images: number, channels: number): Vector {
  const positions = x.length / (images * channels);
  const y = new Float64Array(images * channels);
  for (let i = 0; i < x.length; i++) {
    const image = Math.floor(i / (positions * channels));
    y[image * channels + (i % channels)]! += x[i]! / positions;
  }
  return y;
}

/** Returns the gradient of the pooled input: every position has an equal share. */
export function poolGradient(dy: Vector, positions: number, channels: number): Vector {
  const dx = new Float64Array(dy.length * positions);
  for (let i = 0; i < dx.length; i++) {
    const image = Math.floor(i / (positions * channels));
    dx[i] = dy[image * channels + (i % channels)]! / positions;
  }
  return dx;
}
