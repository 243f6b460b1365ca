import { activatePositions, clipped } from './read';
import { View } from './view';

/**
 * Panels for `multiply`: of the left side six rows interleaved along the depth, of the right side eight columns.
 */

/** Bytes of one step along the depth. */
export const LEFT: usize = 24;
export const RIGHT: usize = 32;

/** Panels of row-major weights, depth x columns: columns that do not exist are zero. */
export function packWeights(weights: usize, depth: i32, columns: i32, target: usize): void {
  const step: usize = (<usize>columns) << 2,
    whole = columns & ~7;
  for (let o = 0; o < whole; o += 8) {
    let from = weights + ((<usize>o) << 2);
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(from));
      v128.store(target, v128.load(from, 16), 16);
      from += step;
      target += RIGHT;
    }
  }
  pack(weights + ((<usize>whole) << 2), depth, columns - whole, step, 4, target);
}

/** Panels of the transposed weights: the depth runs along their columns. */
export function packTransposed(weights: usize, rows: i32, columns: i32, target: usize): void {
  pack(weights, columns, rows, 4, (<usize>columns) << 2, target);
}

function pack(weights: usize, depth: i32, columns: i32, step: usize, across: usize, target: usize): void {
  for (let o = 0; o < columns; o += 8) {
    for (let k = 0; k < depth; k++) {
      const from = weights + <usize>k * step + <usize>o * across;
      for (let i = 0; i < 8; i++) {
        store<f32>(target, o + i < columns ? load<f32>(from + <usize>i * across) : 0);
        target += 4;
      }
    }
  }
}

/** Left panels of what is read of these positions; the depth of a panel is the padded number of channels. */
export function packRead(x: View, from: i32, positions: i32, target: usize): void {
  if (x.which >= 0) {
    activatePositions(x, from, positions);
    packRows(x.value + <usize>from * x.row, positions, x.row, target);
    return;
  }
  const row = x.row,
    scale = x.table,
    shift = x.table + row,
    low = f32x4.splat(x.low),
    high = f32x4.splat(x.high),
    start = x.y + <usize>from * row;
  for (let p = 0; p < positions; p += 6) {
    const r0 = start + <usize>p * row;
    const r1 = p + 1 < positions ? r0 + row : start;
    const r2 = p + 2 < positions ? r0 + 2 * row : start;
    const r3 = p + 3 < positions ? r0 + 3 * row : start;
    const r4 = p + 4 < positions ? r0 + 4 * row : start;
    const r5 = p + 5 < positions ? r0 + 5 * row : start;
    for (let k: usize = 0; k < row; k += 16) {
      const s = v128.load(scale + k),
        t = v128.load(shift + k);
      interleave(
        clipped(v128.load(r0 + k), s, t, low, high),
        clipped(v128.load(r1 + k), s, t, low, high),
        clipped(v128.load(r2 + k), s, t, low, high),
        clipped(v128.load(r3 + k), s, t, low, high),
        clipped(v128.load(r4 + k), s, t, low, high),
        clipped(v128.load(r5 + k), s, t, low, high),
        target,
      );
      target += 4 * LEFT;
    }
  }
}

/** Left panels of rows as they are; rows that do not exist repeat the first. */
export function packRows(start: usize, rows: i32, row: usize, target: usize): void {
  for (let p = 0; p < rows; p += 6) {
    const r0 = start + <usize>p * row;
    const r1 = p + 1 < rows ? r0 + row : start;
    const r2 = p + 2 < rows ? r0 + 2 * row : start;
    const r3 = p + 3 < rows ? r0 + 3 * row : start;
    const r4 = p + 4 < rows ? r0 + 4 * row : start;
    const r5 = p + 5 < rows ? r0 + 5 * row : start;
    for (let k: usize = 0; k < row; k += 16) {
      interleave(
        v128.load(r0 + k),
        v128.load(r1 + k),
        v128.load(r2 + k),
        v128.load(r3 + k),
        v128.load(r4 + k),
        v128.load(r5 + k),
        target,
      );
      target += 4 * LEFT;
    }
  }
}

/** Four steps along the depth of six rows. */
// @inline
function interleave(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, target: usize): void {
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5),
    cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5),
    ef = v128.shuffle<i32>(e, f, 0, 4, 1, 5);
  const AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7),
    CD = v128.shuffle<i32>(c, d, 2, 6, 3, 7),
    EF = v128.shuffle<i32>(e, f, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store64_lane(target, ef, 0, 16);
  v128.store(target, v128.shuffle<i64>(ab, cd, 1, 3), 24);
  v128.store64_lane(target, ef, 1, 40);
  v128.store(target, v128.shuffle<i64>(AB, CD, 0, 2), 48);
  v128.store64_lane(target, EF, 0, 64);
  v128.store(target, v128.shuffle<i64>(AB, CD, 1, 3), 72);
  v128.store64_lane(target, EF, 1, 88);
}

/** Left panels of the transposed: six columns, the depth runs along the rows. Up to five floats behind a row are read. */
export function packSixColumns(start: usize, rows: i32, row: usize, columns: i32, target: usize): void {
  for (let c = 0; c < columns; c += 6) {
    let from = start + ((<usize>c) << 2);
    for (let r = 0; r < rows; r++) {
      v128.store(target, v128.load(from));
      store<i64>(target, load<i64>(from, 16), 16);
      target += LEFT;
      from += row;
    }
  }
}

/** Right panels: eight columns, the depth runs along the rows. */
export function packEightColumns(start: usize, rows: i32, row: usize, target: usize): void {
  for (let c: usize = 0; c < row; c += RIGHT) {
    let from = start + c;
    for (let r = 0; r < rows; r++) {
      v128.store(target, v128.load(from));
      v128.store(target, v128.load(from, 16), 16);
      target += RIGHT;
      from += row;
    }
  }
}
