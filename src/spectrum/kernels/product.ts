import { plusProduct } from './multiply-add';

/**
 * C += P Qᵀ on and below the diagonal, over packed panels, in float64. With P = Q it is the symmetric rank-k
 * product that makes a Gram matrix; with P = -Q D it is the update of a symmetric factorisation.
 *
 * Layout. A panel holds four rows of P, interleaved: element (row, k) of panel p lies at
 * `left + ((p * depth + k) * 4 + row) * 8`. C is row-major with `stride` doubles a row; tiles of four by four are
 * written, and its rows are padded to a multiple of four, so no tile has a ragged edge.
 */

/** Panels of the left side worked through before the right side moves on: 32 panels x 256 deep are 256 KiB. */
const BLOCK_PANELS: i32 = 32;

export function productAccumulate(
  left: usize,
  right: usize,
  panels: i32,
  depth: i32,
  c: usize,
  stride: i32,
): void {
  const panelBytes: usize = (<usize>depth) << 5;
  const rowBytes: usize = (<usize>stride) << 3;
  for (let top = 0; top < panels; top += BLOCK_PANELS) {
    const bottom = min(top + BLOCK_PANELS, panels);
    for (let j = 0; j < bottom; j++) {
      const q = right + <usize>j * panelBytes;
      for (let i = max(top, j); i < bottom; i++) {
        addTile(
          left + <usize>i * panelBytes,
          q,
          depth,
          c + ((<usize>i) << 2) * rowBytes + ((<usize>j) << 5),
          rowBytes,
        );
      }
    }
  }
}

/** c[0..3][0..3] += left · rightᵀ. Eight accumulators of two doubles: rows by pairs of columns. */
function addTile(left: usize, right: usize, depth: i32, c: usize, rowBytes: usize): void {
  let c00 = f64x2.splat(0),
    c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0),
    c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0),
    c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0),
    c31 = f64x2.splat(0);
  const end = left + ((<usize>depth) << 5);
  while (left < end) {
    const b0 = v128.load(right),
      b1 = v128.load(right, 16);
    let a = v128.load64_splat(left);
    c00 = plusProduct(c00, a, b0);
    c01 = plusProduct(c01, a, b1);
    a = v128.load64_splat(left, 8);
    c10 = plusProduct(c10, a, b0);
    c11 = plusProduct(c11, a, b1);
    a = v128.load64_splat(left, 16);
    c20 = plusProduct(c20, a, b0);
    c21 = plusProduct(c21, a, b1);
    a = v128.load64_splat(left, 24);
    c30 = plusProduct(c30, a, b0);
    c31 = plusProduct(c31, a, b1);
    left += 32;
    right += 32;
  }
  addRow(c, c00, c01);
  c += rowBytes;
  addRow(c, c10, c11);
  c += rowBytes;
  addRow(c, c20, c21);
  c += rowBytes;
  addRow(c, c30, c31);
}

function addRow(c: usize, low: v128, high: v128): void {
  v128.store(c, f64x2.add(v128.load(c), low));
  v128.store(c, f64x2.add(v128.load(c, 16), high), 16);
}
