import { plusProductF32 } from '../multiply-add';
import { gradientPositions } from './gradient';
import { readPositions } from './read';
import { View } from './view';

/** y = f(x) times f(gate), where f normalizes and activates; the gate has one position per image. `work` holds two positions. */
export function scaleForward(x: View, gate: View, images: i32, positions: i32, y: usize, work: usize): void {
  const row = x.row,
    factor = work + row;
  for (let image = 0; image < images; image++) {
    readPositions(gate, image, 1, row, factor, row);
    for (let p = image * positions; p < (image + 1) * positions; p++) {
      readPositions(x, p, 1, row, work, row);
      for (let k: usize = 0; k < row; k += 16)
        v128.store(y + k, f32x4.mul(v128.load(work + k), v128.load(factor + k)));
      y += row;
    }
  }
}

/** The gradients of what was read of x and of the gate. `work` holds three positions. */
export function scaleBackward(x: View, gate: View, images: i32, positions: i32, y: View, work: usize): void {
  const row = x.row,
    factor = work + row,
    gradient = factor + row;
  let target = x.gradient,
    sum = gate.gradient;
  for (let image = 0; image < images; image++) {
    readPositions(gate, image, 1, row, factor, row);
    memory.fill(sum, 0, row);
    for (let p = image * positions; p < (image + 1) * positions; p++) {
      gradientPositions(y, p, 1, gradient);
      readPositions(x, p, 1, row, work, row);
      for (let k: usize = 0; k < row; k += 16) {
        const g = v128.load(gradient + k);
        v128.store(target + k, f32x4.mul(g, v128.load(factor + k)));
        v128.store(sum + k, plusProductF32(v128.load(sum + k), g, v128.load(work + k)));
      }
      target += row;
    }
    sum += row;
  }
}
