import { sumGradients } from './gradient';
import { readPositions } from './read';
import { View } from './view';

/**
 * Writes the mean of x, as its view reads it, over the positions of each image: one row per image. `work` holds one
 * position.
 */
export function poolForward(x: View, images: i32, positions: i32, y: usize, work: usize): void {
  const row = x.row,
    share = f32x4.splat(1 / <f32>positions);
  for (let image = 0; image < images; image++) {
    memory.fill(y, 0, row);
    for (let p = 0; p < positions; p++) {
      readPositions(x, image * positions + p, 1, row, work, row);
      for (let k: usize = 0; k < row; k += 16)
        v128.store(y + k, f32x4.add(v128.load(y + k), v128.load(work + k)));
    }
    for (let k: usize = 0; k < row; k += 16) v128.store(y + k, f32x4.mul(v128.load(y + k), share));
    y += row;
  }
}

/** Writes the gradient of what was read of x, or adds to it. With `measured` its sums are taken. */
export function poolBackward(
  y: View,
  images: i32,
  positions: i32,
  x: View,
  added: bool,
  measured: bool,
): void {
  const row = x.row,
    share = f32x4.splat(1 / <f32>positions);
  let gradient = y.gradient,
    target = x.gradient;
  for (let image = 0; image < images; image++) {
    for (let p = 0; p < positions; p++) {
      for (let k: usize = 0; k < row; k += 16) {
        const part = f32x4.mul(v128.load(gradient + k), share);
        v128.store(target + k, added ? f32x4.add(v128.load(target + k), part) : part);
      }
      target += row;
    }
    if (measured) sumGradients(x, image * positions, positions, 0, row);
    gradient += row;
  }
}
