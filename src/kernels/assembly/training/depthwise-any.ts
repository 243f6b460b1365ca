import { plusProductF32 } from '../multiply-add';
import { PIXEL } from './depthwise-plane';

/**
 * Windows of any size and stride for four channels, four pixels of a line at a time. As in `depthwise-three.ts`, weights
 * and written pixels lie `step` bytes apart.
 */

/** A line of outputs; `line` is where the first window begins. */
export function forwardLine(
  line: usize,
  row: usize,
  stride: i32,
  kernel: i32,
  weights: usize,
  step: usize,
  wide: i32,
  target: usize,
): void {
  const apart = <usize>stride * PIXEL;
  for (let c = 0; c < wide; c += 4) {
    let a = f32x4.splat(0),
      b0 = a,
      b1 = a,
      b2 = a;
    let weight = weights;
    for (let ky = 0; ky < kernel; ky++) {
      let x = line + <usize>ky * row;
      for (let kx = 0; kx < kernel; kx++) {
        const w = v128.load(weight);
        a = plusProductF32(a, v128.load(x), w);
        b0 = plusProductF32(b0, v128.load(x + apart), w);
        b1 = plusProductF32(b1, v128.load(x + 2 * apart), w);
        b2 = plusProductF32(b2, v128.load(x + 3 * apart), w);
        weight += step;
        x += PIXEL;
      }
    }
    putFour(target, step, wide - c, a, b0, b1, b2);
    target += 4 * step;
    line += 4 * apart;
  }
}

/**
 * The gradient of line `r` of the pixels. A pixel has met the outputs (r + padding - ky) / stride, where that is a whole
 * number; pixels that are `stride` apart have met neighbouring outputs through the same weights.
 *
 * @param first the first output's gradient in its plane
 */
export function gradientLine(
  first: usize,
  row: usize,
  r: i32,
  wide: i32,
  kernel: i32,
  stride: i32,
  weights: usize,
  step: usize,
  target: usize,
): void {
  const padding = (kernel - 1) >> 1;
  for (let q = 0; q < min(stride, wide); q++) {
    const count = (wide - q + stride - 1) / stride;
    for (let j = 0; j < count; j += 4) {
      let a = f32x4.splat(0),
        b0 = a,
        b1 = a,
        b2 = a;
      for (let ky = (r + padding) % stride; ky < kernel; ky += stride) {
        const line = first + ((r + padding - ky) / stride) * <i32>row;
        for (let kx = (q + padding) % stride; kx < kernel; kx += stride) {
          const w = v128.load(weights + <usize>(ky * kernel + kx) * step);
          const g = line + ((q + padding - kx) / stride + j) * <i32>PIXEL;
          a = plusProductF32(a, v128.load(g), w);
          b0 = plusProductF32(b0, v128.load(g + PIXEL), w);
          b1 = plusProductF32(b1, v128.load(g + 2 * PIXEL), w);
          b2 = plusProductF32(b2, v128.load(g + 3 * PIXEL), w);
        }
      }
      putFour(target + <usize>(q + j * stride) * step, <usize>stride * step, count - j, a, b0, b1, b2);
    }
  }
}

/** The first `count` of four pixels. */
// @inline
function putFour(target: usize, apart: usize, count: i32, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(target, a);
  if (count > 1) v128.store(target + apart, b);
  if (count > 2) v128.store(target + 2 * apart, c);
  if (count > 3) v128.store(target + 3 * apart, d);
}

/** Adds the gradient of the filter over an image, four of its columns at a time. */
export function weightLines(
  read: usize,
  readRow: usize,
  gradient: usize,
  gradientRow: usize,
  high: i32,
  wide: i32,
  kernel: i32,
  stride: i32,
  sums: usize,
  step: usize,
): void {
  for (let ky = 0; ky < kernel; ky++) {
    for (let kx = 0; kx < kernel; kx += 4) {
      let a = f32x4.splat(0),
        b = a,
        c = a,
        d = a;
      for (let r = 0; r < high; r++) {
        let x = read + <usize>(r * stride + ky) * readRow + <usize>kx * PIXEL,
          g = gradient + <usize>r * gradientRow;
        for (let i = 0; i < wide; i++) {
          const v = v128.load(g);
          a = plusProductF32(a, v, v128.load(x));
          b = plusProductF32(b, v, v128.load(x + PIXEL));
          c = plusProductF32(c, v, v128.load(x + 2 * PIXEL));
          d = plusProductF32(d, v, v128.load(x + 3 * PIXEL));
          x += <usize>stride * PIXEL;
          g += PIXEL;
        }
      }
      const at = sums + <usize>(ky * kernel + kx) * step,
        left = kernel - kx;
      addOne(at, a);
      if (left > 1) addOne(at + step, b);
      if (left > 2) addOne(at + 2 * step, c);
      if (left > 3) addOne(at + 3 * step, d);
    }
  }
}

// @inline
function addOne(at: usize, sum: v128): void {
  v128.store(at, f32x4.add(v128.load(at), sum));
}
