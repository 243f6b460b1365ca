import { plusProductF32 } from '../multiply-add';
import { PIXEL } from './depthwise-plane';

/**
 * Windows of 3 x 3 for four channels. Pixels of a plane are `PIXEL` bytes apart, its lines `row`; weights lie `step`
 * bytes apart, as do the pixels that are written.
 */

/** A line of outputs, stride 1; `line` is the plane's line above, at the pixel to the left. */
// @inline
function slide(
  line: usize,
  row: usize,
  w0: v128,
  w1: v128,
  w2: v128,
  w3: v128,
  w4: v128,
  w5: v128,
  w6: v128,
  w7: v128,
  w8: v128,
  wide: i32,
  target: usize,
  step: usize,
): void {
  // a, b and c: sums of this output and of the next two, of the pixels so far
  let x = v128.load(line);
  let a = f32x4.mul(x, w0);
  x = v128.load(line + row);
  a = plusProductF32(a, x, w3);
  x = v128.load(line + 2 * row);
  a = plusProductF32(a, x, w6);
  line += PIXEL;
  x = v128.load(line);
  a = plusProductF32(a, x, w1);
  let b = f32x4.mul(x, w0);
  x = v128.load(line + row);
  a = plusProductF32(a, x, w4);
  b = plusProductF32(b, x, w3);
  x = v128.load(line + 2 * row);
  a = plusProductF32(a, x, w7);
  b = plusProductF32(b, x, w6);
  for (let i = 0; i < wide; i++) {
    line += PIXEL;
    x = v128.load(line);
    a = plusProductF32(a, x, w2);
    b = plusProductF32(b, x, w1);
    let c = f32x4.mul(x, w0);
    x = v128.load(line + row);
    a = plusProductF32(a, x, w5);
    b = plusProductF32(b, x, w4);
    c = plusProductF32(c, x, w3);
    x = v128.load(line + 2 * row);
    a = plusProductF32(a, x, w8);
    b = plusProductF32(b, x, w7);
    c = plusProductF32(c, x, w6);
    v128.store(target, a);
    target += step;
    a = b;
    b = c;
  }
}

// @inline
function weight(weights: usize, step: usize, i: usize): v128 {
  return v128.load(weights + i * step);
}

export function forwardThree(
  line: usize,
  row: usize,
  weights: usize,
  step: usize,
  wide: i32,
  target: usize,
): void {
  slide(
    line,
    row,
    weight(weights, step, 0),
    weight(weights, step, 1),
    weight(weights, step, 2),
    weight(weights, step, 3),
    weight(weights, step, 4),
    weight(weights, step, 5),
    weight(weights, step, 6),
    weight(weights, step, 7),
    weight(weights, step, 8),
    wide,
    target,
    step,
  );
}

/** The gradient of a line of pixels: the same with the filter turned round. */
export function gradientThree(
  line: usize,
  row: usize,
  weights: usize,
  step: usize,
  wide: i32,
  target: usize,
): void {
  slide(
    line,
    row,
    weight(weights, step, 8),
    weight(weights, step, 7),
    weight(weights, step, 6),
    weight(weights, step, 5),
    weight(weights, step, 4),
    weight(weights, step, 3),
    weight(weights, step, 2),
    weight(weights, step, 1),
    weight(weights, step, 0),
    wide,
    target,
    step,
  );
}

/** A line of outputs, stride 2. */
export function forwardThreeByTwo(
  line: usize,
  row: usize,
  weights: usize,
  step: usize,
  wide: i32,
  target: usize,
): void {
  const w0 = weight(weights, step, 0),
    w1 = weight(weights, step, 1),
    w2 = weight(weights, step, 2),
    w3 = weight(weights, step, 3),
    w4 = weight(weights, step, 4),
    w5 = weight(weights, step, 5),
    w6 = weight(weights, step, 6),
    w7 = weight(weights, step, 7),
    w8 = weight(weights, step, 8);
  for (let i = 0; i < wide; i++) {
    let a = f32x4.mul(v128.load(line), w0),
      b = f32x4.mul(v128.load(line + row), w3);
    a = plusProductF32(a, v128.load(line + PIXEL), w1);
    b = plusProductF32(b, v128.load(line + row + PIXEL), w4);
    a = plusProductF32(a, v128.load(line + 2 * PIXEL), w2);
    b = plusProductF32(b, v128.load(line + row + 2 * PIXEL), w5);
    a = plusProductF32(a, v128.load(line + 2 * row), w6);
    b = plusProductF32(b, v128.load(line + 2 * row + PIXEL), w7);
    a = plusProductF32(a, v128.load(line + 2 * row + 2 * PIXEL), w8);
    v128.store(target, f32x4.add(a, b));
    target += step;
    line += 2 * PIXEL;
  }
}

/**
 * The gradient of two lines of pixels, for stride 2. Output (r, c) lies over pixel (2 r, 2 c). Of each two by two
 * pixels one has met one output, two have met two, and one has met four. No zeros are put between the outputs.
 *
 * @param line the outputs' line r, below which is another or zeros, as to the right of each
 * @param below whether there is the second line
 */
export function gradientThreeByTwo(
  line: usize,
  row: usize,
  weights: usize,
  step: usize,
  wide: i32,
  below: bool,
  target: usize,
): void {
  const w0 = weight(weights, step, 0),
    w1 = weight(weights, step, 1),
    w2 = weight(weights, step, 2),
    w3 = weight(weights, step, 3),
    w4 = weight(weights, step, 4),
    w5 = weight(weights, step, 5),
    w6 = weight(weights, step, 6),
    w7 = weight(weights, step, 7),
    w8 = weight(weights, step, 8);
  const next = target + <usize>wide * step;
  let here = v128.load(line),
    under = v128.load(line + row);
  for (let c = 0; c < wide; c += 2) {
    line += PIXEL;
    const right = v128.load(line),
      across = v128.load(line + row);
    const at = <usize>c * step,
      both = c + 1 < wide;
    v128.store(target + at, f32x4.mul(here, w4));
    if (both) v128.store(target + at + step, plusProductF32(f32x4.mul(here, w5), right, w3));
    if (below) {
      v128.store(next + at, plusProductF32(f32x4.mul(here, w7), under, w1));
      if (both) {
        const above = plusProductF32(f32x4.mul(here, w8), right, w6);
        v128.store(next + at + step, plusProductF32(plusProductF32(above, under, w2), across, w0));
      }
    }
    here = right;
    under = across;
  }
}

/**
 * Adds the gradient of the filter over an image, for stride 1. `gradient` is that of the first pixel, with zeros to its
 * sides.
 */
export function weightsThree(
  read: usize,
  readRow: usize,
  gradient: usize,
  gradientRow: usize,
  high: i32,
  wide: i32,
  sums: usize,
  step: usize,
): void {
  let q0 = f32x4.splat(0),
    q1 = q0,
    q2 = q0,
    q3 = q0,
    q4 = q0,
    q5 = q0,
    q6 = q0,
    q7 = q0,
    q8 = q0;
  for (let r = 0; r < high; r++) {
    let x = read,
      g = gradient;
    // a pixel meets the outputs to its left, over it and to its right; those beyond the line are zeros
    let left = f32x4.splat(0),
      over = left,
      right = v128.load(g);
    for (let c = 0; c < wide + 2; c++) {
      let v = v128.load(x);
      q0 = plusProductF32(q0, v, right);
      q1 = plusProductF32(q1, v, over);
      q2 = plusProductF32(q2, v, left);
      v = v128.load(x + readRow);
      q3 = plusProductF32(q3, v, right);
      q4 = plusProductF32(q4, v, over);
      q5 = plusProductF32(q5, v, left);
      v = v128.load(x + 2 * readRow);
      q6 = plusProductF32(q6, v, right);
      q7 = plusProductF32(q7, v, over);
      q8 = plusProductF32(q8, v, left);
      left = over;
      over = right;
      g += PIXEL;
      right = v128.load(g);
      x += PIXEL;
    }
    read += readRow;
    gradient += gradientRow;
  }
  addNine(sums, step, q0, q1, q2, q3, q4, q5, q6, q7, q8);
}

/** The same, stride 2. */
export function weightsThreeByTwo(
  read: usize,
  readRow: usize,
  gradient: usize,
  gradientRow: usize,
  high: i32,
  wide: i32,
  sums: usize,
  step: usize,
): void {
  let q0 = f32x4.splat(0),
    q1 = q0,
    q2 = q0,
    q3 = q0,
    q4 = q0,
    q5 = q0,
    q6 = q0,
    q7 = q0,
    q8 = q0;
  for (let r = 0; r < high; r++) {
    let x = read,
      g = gradient;
    for (let c = 0; c < wide; c++) {
      const v = v128.load(g);
      q0 = plusProductF32(q0, v, v128.load(x));
      q1 = plusProductF32(q1, v, v128.load(x + PIXEL));
      q2 = plusProductF32(q2, v, v128.load(x + 2 * PIXEL));
      q3 = plusProductF32(q3, v, v128.load(x + readRow));
      q4 = plusProductF32(q4, v, v128.load(x + readRow + PIXEL));
      q5 = plusProductF32(q5, v, v128.load(x + readRow + 2 * PIXEL));
      q6 = plusProductF32(q6, v, v128.load(x + 2 * readRow));
      q7 = plusProductF32(q7, v, v128.load(x + 2 * readRow + PIXEL));
      q8 = plusProductF32(q8, v, v128.load(x + 2 * readRow + 2 * PIXEL));
      x += 2 * PIXEL;
      g += PIXEL;
    }
    read += 2 * readRow;
    gradient += gradientRow;
  }
  addNine(sums, step, q0, q1, q2, q3, q4, q5, q6, q7, q8);
}

// @inline
function addNine(
  sums: usize,
  step: usize,
  q0: v128,
  q1: v128,
  q2: v128,
  q3: v128,
  q4: v128,
  q5: v128,
  q6: v128,
  q7: v128,
  q8: v128,
): void {
  addOne(sums, q0);
  addOne(sums + step, q1);
  addOne(sums + 2 * step, q2);
  addOne(sums + 3 * step, q3);
  addOne(sums + 4 * step, q4);
  addOne(sums + 5 * step, q5);
  addOne(sums + 6 * step, q6);
  addOne(sums + 7 * step, q7);
  addOne(sums + 8 * step, q8);
}

// @inline
function addOne(at: usize, q: v128): void {
  v128.store(at, f32x4.add(v128.load(at), q));
}
