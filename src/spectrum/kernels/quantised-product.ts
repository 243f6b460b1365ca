import { PAIR, panelAt, ROW, rowAt, TILE } from './tiles';

/**
 * The exact Gram matrix of small integers: rows are rounded to 16-bit integers (`quantiseRows`), their products summed
 * in 32 bits and, piece by piece, in doubles that hold them exactly (`quantisedAccumulate`). Four times the rate of
 * the float64 product.
 *
 * Layout of a panel: eight rows, interleaved by pairs of columns: entry (row, k) as a 16-bit integer at
 * `panel + ((k >> 1) * 8 + row) * 4 + (k & 1) * 2`. The depth is even; a missing last column is zero.
 */

/** The largest magnitude in each row (a NaN makes it NaN), stored as float32 at `largest`. */
export function largestInRows(source: usize, stride: i32, rows: i32, columns: i32, largest: usize): void {
  for (let row = 0; row < rows; row++) {
    let at = source + ((<usize>row * <usize>stride) << 2);
    let most = f32x4.splat(0);
    let k = 0;
    for (; k + 4 <= columns; k += 4) {
      most = f32x4.max(most, f32x4.abs(v128.load(at)));
      at += 16;
    }
    for (; k < columns; k++) {
      most = f32x4.max(most, f32x4.abs(v128.load32_zero(at)));
      at += 4;
    }
    store<f32>(
      largest + ((<usize>row) << 2),
      max(
        max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
        max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
      ),
    );
  }
}

/**
 * Packs round(entry * factor of its row) into panels. `factors` holds float32, zeros for the rows of the last panel
 * that do not exist (whose entries are read from row 0 and vanish).
 */
export function quantiseRows(
  source: usize,
  stride: i32,
  rows: i32,
  depth: i32,
  factors: usize,
  target: usize,
): void {
  const panelBytes: usize = (<usize>((depth + 1) >> 1)) << 5;
  for (let row = 0; row < rows; row += 8) {
    quantiseFour(source, stride, row, rows, depth, factors, target);
    quantiseFour(source, stride, row + 4, rows, depth, factors, target + 16);
    target += panelBytes;
  }
}

function quantiseFour(
  source: usize,
  stride: i32,
  row: i32,
  rows: i32,
  depth: i32,
  factors: usize,
  target: usize,
): void {
  const rowBytes: usize = (<usize>stride) << 2;
  let r0 = source + (row < rows ? <usize>row * rowBytes : 0);
  let r1 = source + (row + 1 < rows ? <usize>(row + 1) * rowBytes : 0);
  let r2 = source + (row + 2 < rows ? <usize>(row + 2) * rowBytes : 0);
  let r3 = source + (row + 3 < rows ? <usize>(row + 3) * rowBytes : 0);
  const own = factors + ((<usize>row) << 2);
  const f0 = v128.load32_splat(own),
    f1 = v128.load32_splat(own, 4);
  const f2 = v128.load32_splat(own, 8),
    f3 = v128.load32_splat(own, 12);
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    const low = i16x8.narrow_i32x4_s(rounded(v128.load(r0), f0), rounded(v128.load(r1), f1));
    const high = i16x8.narrow_i32x4_s(rounded(v128.load(r2), f2), rounded(v128.load(r3), f3));
    v128.store(target, v128.shuffle<i32>(low, high, 0, 2, 4, 6));
    v128.store(target, v128.shuffle<i32>(low, high, 1, 3, 5, 7), 32);
    r0 += 16;
    r1 += 16;
    r2 += 16;
    r3 += 16;
    target += 64;
  }
  for (; k < depth; k++) {
    const to = target + (((<usize>(k & 3)) >> 1) << 5) + ((<usize>(k & 1)) << 1);
    store<i16>(to, <i16>i32x4.extract_lane(rounded(v128.load32_zero(r0), f0), 0));
    store<i16>(to, <i16>i32x4.extract_lane(rounded(v128.load32_zero(r1), f1), 0), 4);
    store<i16>(to, <i16>i32x4.extract_lane(rounded(v128.load32_zero(r2), f2), 0), 8);
    store<i16>(to, <i16>i32x4.extract_lane(rounded(v128.load32_zero(r3), f3), 0), 12);
    if (k === depth - 1 && (k & 1) === 0) {
      for (let r: usize = 0; r < 16; r += 4) store<i16>(to + r, 0, 2);
    }
    r0 += 4;
    r1 += 4;
    r2 += 4;
    r3 += 4;
  }
}

function rounded(x: v128, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, factor)));
}

/** C += P Pᵀ; `pairs` is half the depth. C lies in tiles (tiles.ts), two panels of it to a panel of P. */
export function quantisedAccumulate(packed: usize, panels: i32, pairs: i32, c: usize): void {
  const panelBytes: usize = (<usize>pairs) << 5;
  for (let i = 0; i < panels; i++) {
    const left = packed + <usize>i * panelBytes;
    const upper = panelAt(c, 2 * i),
      lower = panelAt(c, 2 * i + 1);
    for (let j = 0; j <= i; j++) {
      const right = packed + <usize>j * panelBytes;
      const tile = <usize>(2 * j) * TILE;
      // the first four rows end with the first tile on the diagonal
      addTiles(left, right, pairs, upper + tile, j < i);
      addTiles(left + 16, right, pairs, lower + tile, true);
    }
  }
}

/** Four rows by eight columns, or by the first four of them. */
function addTiles(left: usize, right: usize, pairs: i32, c: usize, both: bool): void {
  let c00 = i32x4.splat(0),
    c01 = i32x4.splat(0);
  let c10 = i32x4.splat(0),
    c11 = i32x4.splat(0);
  let c20 = i32x4.splat(0),
    c21 = i32x4.splat(0);
  let c30 = i32x4.splat(0),
    c31 = i32x4.splat(0);
  const end = right + ((<usize>pairs) << 5);
  while (right < end) {
    const b0 = v128.load(right),
      b1 = v128.load(right, 16);
    let a = v128.load32_splat(left);
    c00 = i32x4.add(c00, i32x4.dot_i16x8_s(a, b0));
    c01 = i32x4.add(c01, i32x4.dot_i16x8_s(a, b1));
    a = v128.load32_splat(left, 4);
    c10 = i32x4.add(c10, i32x4.dot_i16x8_s(a, b0));
    c11 = i32x4.add(c11, i32x4.dot_i16x8_s(a, b1));
    a = v128.load32_splat(left, 8);
    c20 = i32x4.add(c20, i32x4.dot_i16x8_s(a, b0));
    c21 = i32x4.add(c21, i32x4.dot_i16x8_s(a, b1));
    a = v128.load32_splat(left, 12);
    c30 = i32x4.add(c30, i32x4.dot_i16x8_s(a, b0));
    c31 = i32x4.add(c31, i32x4.dot_i16x8_s(a, b1));
    left += 32;
    right += 32;
  }
  addTile(c, c00, c10, c20, c30);
  if (both) addTile(c + TILE, c01, c11, c21, c31);
}

/** Adds four rows of four integers to a tile. */
function addTile(c: usize, row0: v128, row1: v128, row2: v128, row3: v128): void {
  addRow(c, row0);
  addRow(c + ROW, row1);
  addRow(c + 2 * ROW, row2);
  addRow(c + 3 * ROW, row3);
}

function addRow(c: usize, row: v128): void {
  v128.store(c, f64x2.add(v128.load(c), f64x2.convert_low_i32x4_s(row)));
  v128.store(c, f64x2.add(v128.load(c, PAIR), f64x2.convert_low_i32x4_s(upper(row))), PAIR);
}

function upper(x: v128): v128 {
  return v128.shuffle<i64>(x, x, 1, 1);
}

/** c[i][j] *= scales[i] * scales[j]. */
export function scaleSymmetric(c: usize, panels: i32, scales: usize): void {
  for (let i = 0; i < panels << 2; i++) {
    const own = v128.load64_splat(scales + ((<usize>i) << 3));
    const end = scales + ((<usize>i) << 3);
    let at = rowAt(c, i);
    for (let other = scales; other <= end; other += 16) {
      v128.store(at, f64x2.mul(f64x2.mul(v128.load(at), own), v128.load(other)));
      at += PAIR;
    }
  }
}
