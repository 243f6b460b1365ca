import { activateVectors } from './activation-slopes';
import { gradientVectors } from './gradient';
import { clipped } from './read';
import { View } from './view';

/**
 * Planes: up to 32 channels of one image with a border of zeros. A pixel takes `PIXEL` bytes, the pixels of a line follow
 * each other, lines are `planeRow` bytes apart.
 */

/** Bytes of a pixel in a plane: 32 channels. */
export const PIXEL: usize = 128;

/** What a kernel may read past a plane: some pixels. */
const SPARE: usize = 8 * PIXEL;

// @inline
export function planeRow(wide: i32, border: i32): usize {
  return <usize>(wide + 2 * border) * PIXEL;
}

// @inline
export function planeBytes(high: i32, wide: i32, border: i32): usize {
  return <usize>(high + 2 * border) * planeRow(wide, border) + SPARE;
}

/** Where the first pixel lies that is not of the border. */
// @inline
export function firstPixel(plane: usize, wide: i32, border: i32): usize {
  return plane + <usize>border * (planeRow(wide, border) + PIXEL);
}

/** Zeros above, below and to the sides of an image. */
function clearBorder(plane: usize, high: i32, wide: i32, border: i32): void {
  const row = planeRow(wide, border);
  const side = <usize>border * PIXEL,
    edge = <usize>border * row;
  memory.fill(plane, 0, edge + side);
  // the right side of a line and the left side of the next lie side by side
  let at = plane + edge + row - side;
  for (let r = 0; r < high - 1; r++) {
    memory.fill(at, 0, 2 * side);
    at += row;
  }
  memory.fill(at, 0, side + edge + SPARE);
}

/** Fills a plane with what is read of one image of x, `bytes` of each position from `column` on. */
export function fillPixels(
  x: View,
  image: i32,
  column: usize,
  bytes: usize,
  high: i32,
  wide: i32,
  border: i32,
  plane: usize,
): void {
  if (border > 0) clearBorder(plane, high, wide, border);
  const row = x.row,
    between = planeRow(wide, border) - <usize>wide * PIXEL;
  let at = <usize>(image * high * wide) * row + column;
  let target = firstPixel(plane, wide, border);
  const scale = x.table + column,
    shift = scale + row,
    low = f32x4.splat(x.low),
    high4 = f32x4.splat(x.high),
    fresh = x.fresh !== 0;
  for (let r = 0; r < high; r++) {
    for (let c = 0; c < wide; c++) {
      if (x.which < 0) {
        const y = x.y + at;
        for (let k: usize = 0; k < bytes; k += 16) {
          const value = clipped(v128.load(y + k), v128.load(scale + k), v128.load(shift + k), low, high4);
          v128.store(target + k, value);
        }
      } else {
        const value = x.value + at;
        if (fresh) activateVectors(x.which, x.y + at, scale, row, bytes, value, x.slope + at);
        for (let k: usize = 0; k < bytes; k += 16) v128.store(target + k, v128.load(value + k));
      }
      target += PIXEL;
      at += row;
    }
    target += between;
  }
}

/** Fills a plane with the gradient of one image of y. */
export function fillGradients(
  y: View,
  image: i32,
  column: usize,
  bytes: usize,
  high: i32,
  wide: i32,
  border: i32,
  plane: usize,
): void {
  if (border > 0) clearBorder(plane, high, wide, border);
  const between = planeRow(wide, border) - <usize>wide * PIXEL;
  let at = <usize>(image * high * wide) * y.row;
  let target = firstPixel(plane, wide, border);
  for (let r = 0; r < high; r++) {
    for (let c = 0; c < wide; c++) {
      gradientVectors(y, at, column, bytes, target);
      target += PIXEL;
      at += y.row;
    }
    target += between;
  }
}
