import { plusProductF32 } from '../multiply-add';
// written by the build: the statements of `src/activations`
import { activateVectors } from './activation-slopes';
import { View } from './view';

/** f(scale y + shift) for an f that clips. */
// @inline
export function clipped(y: v128, scale: v128, shift: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(high, f32x4.pmax(low, plusProductF32(shift, y, scale)));
}

/** Writes value and slope of these positions where they are still missing. */
export function activatePositions(x: View, from: i32, positions: i32): void {
  if (x.which < 0 || !x.fresh) return;
  const skipped = <usize>from * x.row;
  let y = x.y + skipped,
    value = x.value + skipped,
    slope = x.slope + skipped;
  for (let p = 0; p < positions; p++) {
    activateVectors(x.which, y, x.table, x.row, x.row, value, slope);
    y += x.row;
    value += x.row;
    slope += x.row;
  }
}

/** Writes what is read of these positions, `bytes` of each (a multiple of 16, from the first channel on). */
export function readPositions(
  x: View,
  from: i32,
  positions: i32,
  bytes: usize,
  target: usize,
  targetRow: usize,
): void {
  const row = x.row,
    skipped = <usize>from * row;
  if (x.which >= 0) {
    activatePositions(x, from, positions);
    let value = x.value + skipped;
    for (let p = 0; p < positions; p++) {
      for (let k: usize = 0; k < bytes; k += 16) v128.store(target + k, v128.load(value + k));
      value += row;
      target += targetRow;
    }
    return;
  }
  const low = f32x4.splat(x.low),
    high = f32x4.splat(x.high),
    scale = x.table,
    shift = x.table + row;
  let y = x.y + skipped;
  for (let p = 0; p < positions; p++) {
    for (let k: usize = 0; k < bytes; k += 16) {
      v128.store(
        target + k,
        clipped(v128.load(y + k), v128.load(scale + k), v128.load(shift + k), low, high),
      );
    }
    y += row;
    target += targetRow;
  }
}
