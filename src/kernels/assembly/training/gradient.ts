import { plusProductF32 } from '../multiply-add';
import { View } from './view';

/**
 * The gradient of y from that of f(scale y + shift): scale f' gradient + slope y + constant. The last two terms come
 * through the batch's mean and variance.
 */
export function gradientPositions(v: View, from: i32, positions: i32, target: usize): void {
  const row = v.row,
    table = v.table,
    skipped = <usize>from * row;
  let y = v.y + skipped,
    gradient = v.gradient + skipped,
    kept = v.slope + skipped;
  const low = f32x4.splat(v.low),
    high = f32x4.splat(v.high),
    clips = v.which < 0;
  for (let p = 0; p < positions; p++) {
    if (clips) {
      for (let k: usize = 0; k < row; k += 16) {
        const value = v128.load(y + k),
          scale = v128.load(table + k);
        const through = between(value, scale, v128.load(table + row + k), low, high, v128.load(gradient + k));
        v128.store(target + k, ofSum(value, scale, through, table + k, row));
      }
    } else {
      for (let k: usize = 0; k < row; k += 16) {
        const through = f32x4.mul(v128.load(kept + k), v128.load(gradient + k));
        v128.store(target + k, ofSum(v128.load(y + k), v128.load(table + k), through, table + k, row));
      }
      kept += row;
    }
    y += row;
    gradient += row;
    target += row;
  }
}

// @inline
function ofSum(y: v128, scale: v128, through: v128, table: usize, row: usize): v128 {
  const constant = v128.load(table + 2 * row),
    slope = v128.load(table + 3 * row);
  return plusProductF32(plusProductF32(constant, slope, y), scale, through);
}

/**
 * The same for four channels of positions that follow each other. The channels lie at `at` in the first position, and
 * at `column` in a row of the table. Those of the next position are written `step` bytes further.
 */
export function gradientColumn(
  v: View,
  at: usize,
  column: usize,
  positions: i32,
  target: usize,
  step: usize,
): void {
  const row = v.row,
    table = v.table + column,
    scale = v128.load(table),
    shift = v128.load(table + row),
    constant = v128.load(table + 2 * row),
    slope = v128.load(table + 3 * row);
  let y = v.y + at,
    gradient = v.gradient + at;
  if (v.which < 0) {
    const low = f32x4.splat(v.low),
      high = f32x4.splat(v.high);
    for (let p = 0; p < positions; p++) {
      const value = v128.load(y);
      const through = between(value, scale, shift, low, high, v128.load(gradient));
      v128.store(target, plusProductF32(plusProductF32(constant, slope, value), scale, through));
      y += row;
      gradient += row;
      target += step;
    }
  } else {
    let kept = v.slope + at;
    for (let p = 0; p < positions; p++) {
      const through = f32x4.mul(v128.load(kept), v128.load(gradient));
      v128.store(target, plusProductF32(plusProductF32(constant, slope, v128.load(y)), scale, through));
      y += row;
      kept += row;
      gradient += row;
      target += step;
    }
  }
}

/** The gradient where scale y + shift lies between low and high, else 0. */
// @inline
function between(y: v128, scale: v128, shift: v128, low: v128, high: v128, gradient: v128): v128 {
  const z = plusProductF32(shift, y, scale);
  return v128.and(v128.and(f32x4.gt(z, low), f32x4.lt(z, high)), gradient);
}

/** Positions whose float32 sums are added up before they go to float64. */
const SUMMED: i32 = 128;

/**
 * Adds the sums of f' gradient and of f' gradient (y - mean) over these positions. They are of `bytes` of the channels.
 */
export function sumGradients(v: View, from: i32, positions: i32, column: usize, bytes: usize): void {
  const row = v.row;
  for (let p = 0; p < positions; p += SUMMED) {
    const some = min(SUMMED, positions - p);
    const at = <usize>(from + p) * row;
    for (let k = column; k < column + bytes; k += 16) {
      if (v.which < 0) sumClipped(v, at + k, k, some);
      else sumSloped(v, at + k, k, some);
    }
  }
}

function sumClipped(v: View, at: usize, k: usize, positions: i32): void {
  const row = v.row,
    low = f32x4.splat(v.low),
    high = f32x4.splat(v.high),
    scale = v128.load(v.table + k),
    shift = v128.load(v.table + row + k),
    mean = v128.load(v.table + 4 * row + k);
  let y = v.y + at,
    gradient = v.gradient + at;
  let sum = f32x4.splat(0),
    product = sum;
  for (let p = 0; p < positions; p++) {
    const value = v128.load(y);
    const through = between(value, scale, shift, low, high, v128.load(gradient));
    sum = f32x4.add(sum, through);
    product = plusProductF32(product, through, f32x4.sub(value, mean));
    y += row;
    gradient += row;
  }
  addToSums(v.gradientSums + 2 * k, sum);
  addToSums(v.gradientSums + 2 * (row + k), product);
}

function sumSloped(v: View, at: usize, k: usize, positions: i32): void {
  const row = v.row,
    mean = v128.load(v.table + 4 * row + k);
  let y = v.y + at,
    gradient = v.gradient + at,
    slope = v.slope + at;
  let sum = f32x4.splat(0),
    product = sum;
  for (let p = 0; p < positions; p++) {
    const through = f32x4.mul(v128.load(slope), v128.load(gradient));
    sum = f32x4.add(sum, through);
    product = plusProductF32(product, through, f32x4.sub(v128.load(y), mean));
    y += row;
    gradient += row;
    slope += row;
  }
  addToSums(v.gradientSums + 2 * k, sum);
  addToSums(v.gradientSums + 2 * (row + k), product);
}

/** Adds the sums of y - first and of its square over these positions, for `bytes` of the channels. */
export function sumPositions(v: View, from: i32, positions: i32, column: usize, bytes: usize): void {
  const row = v.row;
  for (let p = 0; p < positions; p += SUMMED) {
    const some = min(SUMMED, positions - p);
    let start = v.y + <usize>(from + p) * row + column;
    for (let k = column; k < column + bytes; k += 16) {
      const first = v128.load(v.first + k);
      let sum = f32x4.splat(0),
        square = sum,
        y = start;
      for (let i = 0; i < some; i++) {
        const value = f32x4.sub(v128.load(y), first);
        sum = f32x4.add(sum, value);
        square = plusProductF32(square, value, value);
        y += row;
      }
      addToSums(v.sums + 2 * k, sum);
      addToSums(v.sums + 2 * (row + k), square);
      start += 16;
    }
  }
}

// @inline
function addToSums(sums: usize, v: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(v)));
  const upper = f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 0));
  v128.store(sums, f64x2.add(v128.load(sums, 16), upper), 16);
}
