import { plusProduct } from '../multiply-add';
import { panelAt, TILE } from './tiles';

/**
 * C += P Qᵀ on and below the diagonal, over packed panels, in float64. With P = -Q D it updates a symmetric
 * factorisation; with P = Q it is a Gram matrix (`symmetricProduct`).
 *
 * Layout. A panel holds four rows of P, interleaved: element (row, k) of panel p lies at `left + ((p * depth + k) * 4 +
 * row) * 8`. C lies in tiles (tiles.ts). P and Q begin with the rows of its panel `first`; earlier panels stay
 * untouched. Whole tiles are written, also on the diagonal.
 */

/** Panels of the right side multiplied with the whole left side at a time. 32 panels, 256 deep, are 256 KiB. */
export const BLOCK_PANELS: i32 = 32;

export function productAccumulate(
  left: usize,
  right: usize,
  first: i32,
  panels: i32,
  depth: i32,
  c: usize,
): void {
  const panelBytes: usize = (<usize>depth) << 5;
  for (let from = first; from < panels; from += BLOCK_PANELS) {
    const block = right + <usize>(from - first) * panelBytes;
    let p = left + <usize>(from - first) * panelBytes;
    for (let i = from; i < panels; i++) {
      const to = min(from + BLOCK_PANELS, i + 1);
      let q = block;
      let tile = panelAt(c, i) + <usize>from * TILE;
      for (let j = from; j < to; j++) {
        addTile(p, q, depth, tile);
        q += panelBytes;
        tile += TILE;
      }
      p += panelBytes;
    }
  }
}

/** c += left · rightᵀ, four by four. Eight accumulators of two doubles: rows by pairs of columns. */
export function addTile(left: usize, right: usize, depth: i32, c: usize): void {
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
  v128.store(c, f64x2.add(v128.load(c), c00));
  v128.store(c, f64x2.add(v128.load(c, 16), c10), 16);
  v128.store(c, f64x2.add(v128.load(c, 32), c20), 32);
  v128.store(c, f64x2.add(v128.load(c, 48), c30), 48);
  v128.store(c, f64x2.add(v128.load(c, 64), c01), 64);
  v128.store(c, f64x2.add(v128.load(c, 80), c11), 80);
  v128.store(c, f64x2.add(v128.load(c, 96), c21), 96);
  v128.store(c, f64x2.add(v128.load(c, 112), c31), 112);
}
