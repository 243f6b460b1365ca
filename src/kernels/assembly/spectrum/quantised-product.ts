import { PAIR, panelAt, ROW, rowAt, TILE } from './tiles';

/**
 * The exact Gram matrix of small integers (quantise.ts), at four times the rate of the float64 product. Products are
 * summed in 32 bits within a piece and in doubles, exactly, across pieces.
 */

/** C += P Pᵀ; `pairs` is half the depth. C lies in tiles (tiles.ts); two of its panels correspond to one panel of P. */
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
