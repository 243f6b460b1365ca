import { gradientColumn } from './gradient';
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

/** Fills a plane with the values read of one image of x. Of each position `bytes` are read from `column` on. */
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
    line = planeRow(wide, border);
  let at = <usize>(image * high * wide) * row + column;
  let target = firstPixel(plane, wide, border);
  for (let r = 0; r < high; r++) {
    for (let k: usize = 0; k < bytes; k += 16) {
      if (x.which < 0) {
        const scale = v128.load(x.table + column + k),
          shift = v128.load(x.table + column + row + k);
        clipLine(x.y + at + k, row, scale, shift, f32x4.splat(x.low), f32x4.splat(x.high), wide, target + k);
      } else {
        copyLine(x.value + at + k, row, wide, target + k);
      }
    }
    target += line;
    at += <usize>wide * row;
  }
}

function clipLine(
  y: usize,
  row: usize,
  scale: v128,
  shift: v128,
  low: v128,
  high: v128,
  wide: i32,
  target: usize,
): void {
  for (let c = 0; c < wide; c++) {
    v128.store(target, clipped(v128.load(y), scale, shift, low, high));
    y += row;
    target += PIXEL;
  }
}

function copyLine(from: usize, row: usize, wide: i32, target: usize): void {
  for (let c = 0; c < wide; c++) {
    v128.store(target, v128.load(from));
    from += row;
    target += PIXEL;
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
  let at = <usize>(image * high * wide) * y.row + column;
  let target = firstPixel(plane, wide, border);
  for (let r = 0; r < high; r++) {
    for (let k: usize = 0; k < bytes; k += 16) gradientColumn(y, at + k, column + k, wide, target + k, PIXEL);
    target += planeRow(wide, border);
    at += <usize>wide * y.row;
  }
}
